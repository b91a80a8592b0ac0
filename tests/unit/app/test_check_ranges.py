"""Which ranges queries read, and whether they are long enough for how often their series are scraped."""

import asyncio

import pytest

from sresnap.app.check_ranges import MOST, Reading, looked_at, readings
from sresnap.app.check_scrapes import interval_of, scrape_hints
from sresnap.config import loads
from sresnap.model.series import Answer, Grid, Series
from sresnap.plan import trial
from sresnap.prometheus.marked import ask_each, ask_numbers

X = "x_total{}"


def read_by(services, query):
    config = loads(f"services: {services}\n", "a.yaml", {}, cwd=None)
    found = [one for q in trial(config, 0) if q.series_key.role.startswith(query) for one in readings(q)]
    assert found
    return found


def test_the_shortest_window_of_a_report_decides():
    (one,) = read_by("[{name: api, slo_target: 99}]", "request_rate")
    assert one == Reading('http_requests_total{service=~"api"}', 300, True, True, False, False)
    assert {one.length_seconds for one in read_by("[{name: api, slo_target: 99}]", "total")} == {300}


def test_slices_are_as_long_as_the_file_says():
    slo = "{name: m, objective: 99.5, kind: timeslices, slice: {length: 1m, target: 95}}"
    found = read_by(f"[{{name: api, slos: [{slo}]}}]", "slices_")
    assert {(one.length_seconds, one.of_slice) for one in found} == {(60, True)}
    (hint,) = scrape_hints(found, {'http_requests_total{service=~"api"}': 30})
    assert "or set a slice of 4m or more (`slice: {length: 4m}`)" in hint.text


def test_samples_that_count_on_their_own_need_one_in_a_range():
    found = read_by("[{name: api, provider: blackbox, slo_target: 99}]", "availability")
    assert {one.compares for one in found} == {False}
    (selector,) = {one.selector for one in found}
    assert scrape_hints(found, {selector: 30 * 60 / 120}) == []
    (hint,) = scrape_hints(found, {selector: 3})
    assert "about 50% of the ranges of 5m hold no sample; scrape it at least every 5 min" in hint.text


@pytest.mark.parametrize(
    ("samples", "likely"), [(31, 60), (30, 60), (15, 120), (16, 120), (120, 15), (121, 15), (6, 300), (43, 42)]
)
def test_the_samples_of_half_an_hour_bound_the_interval(samples, likely):
    least, found = interval_of(samples)
    assert found == likely
    assert 1800 / (samples + 1) == least < likely


@pytest.mark.parametrize(("samples", "said"), [(31, False), (24, False), (23, False), (22, True), (15, True)])
def test_a_range_is_too_short_only_where_that_is_sure(samples, said):
    # A range of 5m needs a scrape each 75 s, which is 24 or 25 samples. 23 samples: 75 s or more.
    reading = Reading(X, 300, True, True, False, False)
    assert bool(scrape_hints([reading], {X: samples})) == said


def test_of_a_metric_the_shortest_range_is_named():
    some = [Reading(X, length, True, True, True, False) for length in (300, 60, 120)]
    (hint,) = scrape_hints(some, {X: 15})
    assert "of the ranges of 1m" in hint.text


def test_each_metric_is_looked_at_before_further_selectors_and_the_rest_is_counted():
    many = [Reading(f'a{{service="{place}"}}', 300, True, True, False, False) for place in range(MOST + 50)]
    selectors, unseen = looked_at([many, [Reading("b{}", 300, True, True, False, False)]])
    assert selectors[:2] == ['a{service="0"}', "b{}"]
    assert len(selectors) == MOST
    assert unseen == 51


class Server:
    """Answers each part of a request with a series for it."""

    longest_query = 300

    def __init__(self):
        self.asked = []

    async def query(self, promql, time):
        self.asked.append(promql)
        found = [part.split('"')[3] for part in promql.split(" or ")]
        series = [Series({"sresnap_place": place}, Grid.instant(time), (float(place),)) for place in found]
        return Answer(tuple(series), (), (), 0.0)


def test_small_questions_share_requests_that_are_as_long_as_the_server_takes():
    server = Server()
    queries = [f"count(metric_number_{place})" for place in range(25)]
    answers = asyncio.run(ask_each(server, queries, 0))
    assert [some[0].last for some in answers] == list(range(25))
    assert all(len(text) <= 300 for text in server.asked)
    assert len(server.asked) > 25 / 10
    server.longest_query = 64_000
    server.asked.clear()
    assert asyncio.run(ask_numbers(server, [*queries, *queries], 0)) == {q: float(at) for at, q in enumerate(queries)}
    assert len(server.asked) == 3
