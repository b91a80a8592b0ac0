"""Answers and what they mean: in units, by service, with the failed told from the absent."""

from sresnap.compute.gather import Answers, hourly_answers
from sresnap.model.query import Failure, Member, Purpose, Query, QueryTemplate, Result
from sresnap.model.series import Grid, Series

HOUR = 3600
API, WEB = Member("api", {}), Member("web", {})


def query(key, purpose=Purpose.SLI, grid=None, divisor=1.0):
    template = QueryTemplate(key, "x", "service", "test")
    return Query(template, (API, WEB), {}, grid or Grid.instant(0), purpose, key, "1h", divisor)


def value(result, service, key):
    return Answers.of([result]).value(service, Purpose.SLI, key, "1h")


def instant(key, values, failures=None, divisor=1.0):
    asked = query(key, divisor=divisor)
    series = {name: Series({}, asked.grid, (number,)) for name, number in values.items()}
    return Result(asked, series, failures or {})


def test_percent_becomes_a_ratio_and_milliseconds_become_seconds():
    assert value(instant("availability", {"api": 99.5}, divisor=100.0), "api", "availability") == 0.995


def test_no_series_of_bad_events_is_zero_and_no_series_of_anything_else_is_unknown():
    assert value(instant("bad", {}), "api", "bad") == 0
    for key in ("total", "good", "latency_good@0.3", "availability"):
        assert value(instant(key, {}), "api", key) is None


def test_bad_events_whose_query_failed_are_unknown_and_not_zero():
    failed = instant("bad", {"web": 3.0}, {"api": Failure("query_failed", "422")})
    assert value(failed, "api", "bad") is None
    assert value(failed, "web", "bad") == 3


def test_a_service_that_was_not_asked_for_has_no_value():
    assert value(instant("bad", {}), "other", "bad") is None


def hourly(key, values, *, failures=None, unsure=None):
    asked = query(key, Purpose.HOURLY, Grid(HOUR, HOUR, 3))
    series = {name: Series({}, asked.grid, numbers) for name, numbers in values.items()}
    found = hourly_answers(
        [Result(asked, series, failures or {}, (), unsure or {})], {("api", key): "d", ("web", key): "d"}
    )
    return {answer.service: answer for answer in found}


def test_an_hour_is_named_by_its_start_and_asked_for_at_its_end():
    assert hourly("total", {"api": (1.0, None, 3.0)})["api"].values == {0: 1.0, HOUR: None, 2 * HOUR: 3.0}


def test_hours_without_bad_events_are_zero():
    assert hourly("bad", {"api": (1.0, None, None)})["api"].values == {0: 1.0, HOUR: 0.0, 2 * HOUR: 0.0}
    assert hourly("bad", {})["web"].values == {0: 0.0, HOUR: 0.0, 2 * HOUR: 0.0}


def test_a_failed_query_says_nothing_about_its_hours():
    assert "api" not in hourly("bad", {}, failures={"api": Failure("timeout", "")})


def test_what_came_of_a_query_that_failed_in_part_is_kept_and_the_rest_is_left_open():
    found = hourly(
        "bad",
        {"api": (5.0, None, None)},
        failures={"api": Failure("timeout", "")},
        unsure={"api": frozenset({2 * HOUR})},
    )["api"]
    assert found.values == {0: 5.0, 2 * HOUR: 0.0}
    assert found.unsure == {HOUR}
