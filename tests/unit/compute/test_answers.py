"""Answers and what they mean: in units, by service, with failed queries apart from absent series."""

from dataclasses import replace

from sresnap.compute.answers import Answers, merge_answers
from sresnap.model.history import History, Span
from sresnap.model.query import Failure, Member, Purpose, Query, QueryTemplate, Result, Run
from sresnap.model.series import Grid, Series
from sresnap.model.series_key import SeriesKey

HOUR = 3600
API, WEB = Member("api", {}), Member("web", {})


def query(key, purpose=Purpose.SLI, grid=None, divisor=1.0, members=(API, WEB), promql="x"):
    template = QueryTemplate(key, promql, ("service",), "test")
    return Query(template, members, {}, grid or Grid.instant(0), purpose, SeriesKey.parse(key), "1h", divisor)


def value(result, service, key):
    return Answers.of([result]).value(service, Purpose.SLI, SeriesKey.parse(key), "1h")


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


def test_a_partial_answer_and_nan_do_not_count_as_no_errors():
    partial = Result(query("bad"), {}, {}, (), {"api": frozenset({0})})
    assert value(partial, "api", "bad") is None
    assert value(instant("bad", {"api": None}), "api", "bad") is None


HOURS = Span(0, 3 * HOUR)
TOTAL, BAD = SeriesKey("total"), SeriesKey("bad")
DEFINITIONS = {(service, key): "d" for service in ("api", "web") for key in (TOTAL, BAD)}
TOTALS = {(service, BAD): TOTAL for service in ("api", "web")}
BUSY = {"api": (100.0, 100.0, 100.0), "web": (5.0, 5.0, 5.0)}


def hourly(key, values, *, failures=None, unsure=None, **asking):
    asked = query(key, Purpose.HOURLY, Grid(HOUR, HOUR, 3), **asking)
    series = {name: Series({}, asked.grid, numbers) for name, numbers in values.items()}
    return Result(asked, series, failures or {}, (), unsure or {})


def merged(*results, history=None, seal_until=3 * HOUR):
    return merge_answers(history or History(), results, DEFINITIONS, TOTALS, seal_until)


def kept(history, service, key):
    return history.values((service, SeriesKey(key)), "d", HOURS)


def unsealed(history, service, key):
    return history.unsealed((service, SeriesKey(key)), "d", HOURS)


def test_an_hour_is_named_by_its_start_and_asked_for_at_its_end():
    history = merged(hourly("total", {"api": (1.0, None, 3.0)}))
    assert kept(history, "api", "total") == (1.0, None, 3.0)


def test_hours_without_bad_events_are_zero_where_there_was_traffic():
    history = merged(hourly("total", {"api": (9.0, None, 9.0)}), hourly("bad", {"api": (1.0, None, None)}))
    assert kept(history, "api", "bad") == (1.0, None, 0.0)


def test_an_answer_that_is_not_one_number_is_not_zero():
    # Of two clusters' errors, or of NaN, the first two hours are unknown; in the third there is no series.
    result = hourly("bad", {"api": (None, None, None)})
    void = replace(result.values["api"], void=frozenset({HOUR, 2 * HOUR}))
    history = merged(hourly("total", BUSY), replace(result, values={"api": void}))
    assert kept(history, "api", "bad") == (None, None, 0.0)
    assert kept(history, "web", "bad") == (0.0, 0.0, 0.0)


def test_a_failed_query_says_nothing_about_its_hours():
    everything = {"api": frozenset({HOUR, 2 * HOUR, 3 * HOUR})}
    failed = hourly("bad", {"web": (0.0, 0.0, 0.0)}, failures={"api": Failure("timeout", "")}, unsure=everything)
    history = merged(hourly("total", BUSY), failed)
    assert kept(history, "api", "bad") == (None, None, None)
    assert unsealed(history, "api", "bad") == (HOURS,)
    assert unsealed(history, "web", "bad") == ()


def test_an_assumed_zero_never_replaces_a_known_count():
    history = merged(hourly("total", BUSY), hourly("bad", {"api": (7.0, 9.0, 0.0)}), seal_until=0)
    again = merged(hourly("total", BUSY), hourly("bad", {}), history=history)
    assert kept(again, "api", "bad") == (7.0, 9.0, 0.0)


def test_the_wrong_server_seals_nothing():
    history = merged(hourly("total", {}), hourly("bad", {}))
    assert unsealed(history, "api", "total") == unsealed(history, "api", "bad") == (HOURS,)
    right = merged(hourly("total", BUSY), hourly("bad", {"api": (1.0, 1.0, 1.0)}), history=history)
    assert kept(right, "api", "total") == (100.0, 100.0, 100.0)
    assert kept(right, "web", "bad") == (0.0, 0.0, 0.0)


def test_a_service_that_is_gone_among_others_that_live_is_not_asked_for_again():
    history = merged(hourly("total", {"api": (1.0, 1.0, 1.0)}), hourly("bad", {}))
    assert unsealed(history, "web", "total") == ()
    assert unsealed(history, "web", "bad") == ()


def test_a_source_that_answers_nothing_seals_nothing_though_another_source_answers():
    """Of a mixed file: both have a `total`, each with a query of its own."""
    mine = {"members": (WEB,), "promql": "y"}
    lively = [hourly(key, {"api": (1.0, 1.0, 1.0)}, members=(API,)) for key in ("total", "bad")]
    history = merged(*lively, hourly("total", {}, **mine), hourly("bad", {}, **mine))
    assert unsealed(history, "web", "total") == unsealed(history, "web", "bad") == (HOURS,)
    assert unsealed(history, "api", "total") == ()
    right = merged(hourly("total", {"web": BUSY["web"]}, **mine), hourly("bad", {}, **mine), history=history)
    assert kept(right, "web", "bad") == (0.0, 0.0, 0.0)
    assert unsealed(right, "web", "total") == unsealed(right, "web", "bad") == ()


def test_bad_events_wait_for_a_total_that_failed():
    everything = {name: frozenset({HOUR, 2 * HOUR, 3 * HOUR}) for name in ("api", "web")}
    failed = hourly("total", {}, failures=dict.fromkeys(everything, Failure("timeout", "")), unsure=everything)
    other = hourly("request_rate", {"api": (1.0, 1.0, 1.0)})
    definitions = DEFINITIONS | {(name, SeriesKey("request_rate")): "d" for name in everything}
    history = merge_answers(History(), [failed, other, hourly("bad", {})], definitions, TOTALS, 3 * HOUR)
    assert unsealed(history, "api", "bad") == (HOURS,)
    again = merged(hourly("total", BUSY), hourly("bad", {}), history=history)
    assert kept(again, "api", "bad") == (0.0, 0.0, 0.0)


def sealed_after(result, *, at, noted_until=None):
    """How many hours are sealed by one answer of a report at `at`."""
    history = merge_answers(History(), [result], DEFINITIONS, TOTALS, at - 3 * HOUR, noted_until)
    return sum(history.is_sealed(("api", TOTAL), "d", hour) for hour in range(0, 24 * HOUR, HOUR))


def test_a_warning_leaves_hours_open_for_ever_and_an_info_for_a_day():
    grid = Grid.spanning(HOUR, 24 * HOUR, HOUR)
    plain = Result(
        query("total", Purpose.HOURLY, grid),
        {"api": Series({}, grid, (5.0,) * 24), "web": Series({}, grid, (5.0,) * 24)},
    )
    run = Run("x", grid, 2, 0.1, infos=("metric might not be a counter",))
    noted = replace(plain, runs=(run,))
    warned = replace(plain, unsure={"api": frozenset(grid.times())})
    at = 36 * HOUR
    assert sealed_after(plain, at=at, noted_until=at - 24 * HOUR) == 24
    assert sealed_after(noted, at=at, noted_until=at - 24 * HOUR) == 12, "those that ended a day ago"
    assert sealed_after(warned, at=at, noted_until=at - 24 * HOUR) == 0
    assert sealed_after(warned, at=100 * at, noted_until=99 * at) == 0


def test_hours_of_a_partial_answer_are_shown_and_replaced_by_the_whole_one():
    # Row 7: of 23 bad events a store that is back had 22.
    grid = Grid.spanning(HOUR, 3 * HOUR, HOUR)
    asked = query("total", Purpose.HOURLY, grid)
    partial = Result(asked, {"api": Series({}, grid, (0.0, 0.0, 1.0))}, unsure={"api": frozenset(grid.times())})
    whole = Result(asked, {"api": Series({}, grid, (9.0, 9.0, 5.0))})
    history = merged(partial, seal_until=9 * HOUR)
    assert history.values(("api", TOTAL), "d", HOURS) == (0.0, 0.0, 1.0)
    assert history.unsealed(("api", TOTAL), "d", HOURS) == (HOURS,), "asked again"
    history = merged(whole, history=history, seal_until=9 * HOUR)
    assert history.values(("api", TOTAL), "d", HOURS) == (9.0, 9.0, 5.0)
    assert history.unsealed(("api", TOTAL), "d", HOURS) == ()
