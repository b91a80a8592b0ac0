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


def samples(service, age):
    step = 2 * MINUTE
    for place, time in enumerate(range(AT - age, AT + 1, step)):
        yield f'http_requests_total{{service="{service}",code="200"}} {600 * (place + 1)} {time}'


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    lines = [line for service, age in AGES.items() for line in samples(service, age)]
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
