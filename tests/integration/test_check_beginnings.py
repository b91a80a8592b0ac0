"""What `check --online` says of data that begins within a window: the same as a build, and what follows."""

import pytest

from sresnap.app.check import check_queries
from sresnap.app.first_days import provisional_notes
from sresnap.config import loads
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.progress import Quiet
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import make_blocks, prometheus

AT = parse_time("2026-03-15T12:34:00Z")
AGES = {
    "whole": 8 * DAY,
    "six": 6 * DAY + 21 * HOUR + 40 * MINUTE,
    "three": 3 * DAY + 5 * MINUTE,
    "day": DAY + 40 * MINUTE,
    "hours": 5 * HOUR + 20 * MINUTE,
    "now": 50 * MINUTE,
}
"""How long ago the counters of each service began."""
EVERY = {"minute": MINUTE, "ten": 10 * MINUTE}
"""How often services are scraped that began four hours ago. The others are scraped every two minutes."""


def samples(service, age, step=2 * MINUTE):
    for place, time in enumerate(range(AT - age, AT + 1, step)):
        yield f'http_requests_total{{service="{service}",code="200"}} {600 * (place + 1)} {time}'


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    lines = [line for service, age in AGES.items() for line in samples(service, age)]
    lines += [line for service, step in EVERY.items() for line in samples(service, 4 * HOUR, step)]
    blocks = make_blocks("\n".join([*lines, "# EOF\n"]), tmp_path_factory.mktemp("beginnings") / "tsdb")
    # Blocks are deleted only where newer ones are beyond the retention: all of these stay.
    with prometheus(blocks, retention="20d") as address:
        yield address


def file_with(url, *services, window="7d"):
    listed = ", ".join(f"{{name: {service}, slo_target: 99}}" for service in services)
    text = f"provider: http\nprometheus: {{url: '{url}'}}\nwindow: {window}\nservices: [{listed}]\n"
    return loads(text, "sresnap.yaml", {}, cwd=None)


def test_the_check_says_the_same_of_young_data_as_the_build(url, tmp_path):
    config = file_with(url, *AGES)
    built = {
        service.name: service.slos[0].provisional for service in build_without_pages(config, tmp_path, AT).services
    }
    assert {name: None if one is None else one.seen_seconds // HOUR for name, one in built.items()} == {
        "whole": None,
        "six": 6 * 24 + 22,
        "three": 3 * 24,
        "day": 25,
        "hours": 5,
        "now": 1,
    }
    said = [note for note in check_queries(config, AT, Quiet()).notes if "provisional" in note]
    assert said == list(provisional_notes(built.values()))


def test_a_retention_shorter_than_the_window_says_what_follows(url):
    (kept,) = [
        note for note in check_queries(file_with(url, "day", window="28d"), AT, Quiet()).notes if "keeps" in note
    ]
    assert kept == (
        f"Prometheus at {url} keeps 20 d of samples, less than a window: only the site's history reaches further "
        f"back. Keep it from build to build (`build --restore`), and build at least once in 20 d"
    )
    assert not [note for note in check_queries(file_with(url, "day"), AT, Quiet()).notes if "keeps" in note]


def hints_of(config, kind="scrapes"):
    return {
        (one.service, hint.text)
        for one in check_queries(config, AT, Quiet()).findings
        for hint in one.hints
        if hint.kind == kind
    }


def test_a_range_that_is_too_short_for_how_often_its_series_are_scraped_is_named_with_the_numbers(url):
    assert hints_of(file_with(url, "minute", "hours", "ten", "now")) == {
        (
            service,
            (
                "http_requests_total is scraped about every 2 min: a range of 5m holds 2 samples "
                "(Prometheus advises 4); scrape it at least every 1 min 15 s"
            ),
        )
        for service in ("hours", "now")
    } | {
        (
            "ten",
            (
                "http_requests_total is scraped about every 10 min: about 50% of the ranges of 5m hold no sample "
                "(Prometheus advises 4); scrape it at least every 1 min 15 s"
            ),
        )
    }


def test_a_range_that_a_query_of_the_user_fixes_is_advised_longer(url):
    query = "sum(rate(http_requests_total{{service='minute'}}[1m]))"
    text = f'provider: http\nprometheus: {{url: "{url}"}}\nservices: [{{name: minute, slo_target: 99}}]\n'
    text += f'queries: {{request_rate: "{query}"}}\n'
    config = loads(text, "sresnap.yaml", {}, cwd=None)
    ((_, said),) = hints_of(config)
    assert said == (
        "http_requests_total is scraped about every 1 min: a range of 1m holds 1 sample, which is too few for any "
        "number (Prometheus advises 4); scrape it at least every 15 s, or write a range of 4m or more in the query"
    )
