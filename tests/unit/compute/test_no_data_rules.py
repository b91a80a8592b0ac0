"""The rules about missing data, each in a table: missing is never zero."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.compute.answers import Answers, merge_answers
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData, count, over
from sresnap.config import loads
from sresnap.errors import ExitCode
from sresnap.model.events import EventCount
from sresnap.model.history import History, Span
from sresnap.model.hours import HourlyCounts
from sresnap.model.query import Failure, Member, Purpose, Query, QueryTemplate, Result
from sresnap.model.series import Grid, Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, SHORT_WINDOWS, Window, parse_time

AT = parse_time("2026-11-22T03:00:00Z")
BAD = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
GOOD = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), SeriesKey.parse("good"), None)
API = Member("api", {})


def result(key, values, *, grid=None, purpose=Purpose.SLI, failures=None, unsure=None):
    grid = grid or Grid.instant(AT)
    query = Query(QueryTemplate(key, "x", ("service",), "test"), (API,), {}, grid, purpose, SeriesKey.parse(key), "1h")
    series = {} if values is None else {"api": Series({}, grid, values)}
    return Result(query, series, failures or {}, (), unsure or {})


def instant(key, value, **more):
    return result(key, None if value == "absent" else (value,), **more)


FAILED = {"failures": {"api": Failure("timeout", "")}}
DOUBTED = {"unsure": {"api": frozenset({AT})}}


@pytest.mark.parametrize(
    ("slo", "total", "part", "found"),
    [
        # total absent: no data, even if there are others
        (BAD, instant("total", "absent"), instant("bad", 3.0), None),
        (BAD, instant("total", "absent"), instant("bad", "absent"), None),
        (GOOD, instant("total", "absent"), instant("good", 3.0), None),
        # total NaN is not 0
        (BAD, instant("total", None), instant("bad", "absent"), None),
        # total 0: no traffic, which is known
        (BAD, instant("total", 0.0), instant("bad", "absent"), EventCount(0, 0)),
        (GOOD, instant("total", 0.0), instant("good", 0.0), EventCount(0, 0)),
        # bad absent: none happened. Good absent: a wrong label, as far as is known (see below).
        (BAD, instant("total", 100.0), instant("bad", "absent"), EventCount(100, 100)),
        (GOOD, instant("total", 100.0), instant("good", "absent"), None),
        # … but not when its query failed, was NaN, or came with a warning
        (BAD, instant("total", 100.0), instant("bad", "absent", **FAILED), None),
        (BAD, instant("total", 100.0), instant("bad", None), None),
        (BAD, instant("total", 100.0), instant("bad", "absent", **DOUBTED), None),
        (BAD, instant("total", 100.0), instant("bad", 3.0), EventCount(97, 100)),
    ],
)
def test_an_instant_counts_what_its_answer_has(slo, total, part, found):
    answers = Answers.of([total, part])
    values = {key: answers.value("api", Purpose.SLI, key, "1h") for key in slo.series}
    assert count(slo, values, HOUR) == found


FULL, EMPTY, NO_ANSWER = EventCount(100, 100), EventCount(0, 0), None


def data(hours, *, short=FULL):
    first = AT - len(hours) * HOUR
    return SloData(AT, {w.seconds: short for w in SHORT_WINDOWS}, None, HourlyCounts.of(first, hours), (True,) * 72)


@pytest.mark.parametrize(
    ("hours", "coverage", "status"),
    [
        ([NO_ANSWER] * 672, 0.0, Status.NO_DATA),
        ([EMPTY] * 672, 1.0, Status.HEALTHY),
        ([FULL] * 672, 1.0, Status.HEALTHY),
        # 672 × 0.9 = 604.8: 605 hours are enough, 604 are not
        ([FULL] + [NO_ANSWER] * 67 + [FULL] * 604, 605 / 672, Status.HEALTHY),
        ([FULL] + [NO_ANSWER] * 68 + [FULL] * 603, 604 / 672, Status.INSUFFICIENT),
        # A history that begins in the window is young, not gappy: it is judged by what came since.
        ([NO_ANSWER] * 68 + [FULL] * 604, 604 / 672, Status.HEALTHY),
        ([NO_ANSWER] * 672 + [FULL] * 0, 0.0, Status.NO_DATA),
        ([NO_ANSWER] * 600 + [FULL] * 10 + [NO_ANSWER] * 10 + [FULL] * 52, 62 / 672, Status.INSUFFICIENT),
        ([FULL] * 604 + [NO_ANSWER] * 68, 604 / 672, Status.INSUFFICIENT),
    ],
)
def test_the_verdict_by_how_much_of_the_window_was_seen(hours, coverage, status):
    report = evaluate_slo(BAD, data(hours), ())
    assert report.windows["28d"].coverage == coverage
    assert report.status is status


def test_no_traffic_spends_nothing_and_is_flagged():
    report = evaluate_slo(BAD, data([EMPTY] * 672, short=EMPTY), ())
    assert report.budget.remaining_ratio == 1
    assert report.flags == ("no_traffic",)
    assert report.windows["28d"].sli is None


def test_a_partly_seen_window_is_the_sum_of_what_was_seen_and_not_scaled_up():
    total = over(data([NO_ANSWER] * 12 + [EventCount(90, 100)] * 12), Window(DAY))
    assert total.events == EventCount(12 * 90, 12 * 100)
    assert total.coverage == 0.5


GRID = Grid(AT - 2 * HOUR, HOUR, 3)
HOURS = Span(AT - 3 * HOUR, AT)
DEFINITIONS = {("api", SeriesKey("total")): "d", ("api", SeriesKey("bad")): "d"}
TOTALS = {("api", SeriesKey("bad")): SeriesKey("total")}


def hourly(key, values, unsure=()):
    return result(key, values, grid=GRID, purpose=Purpose.HOURLY, unsure={"api": frozenset(unsure)})


def test_an_hour_whose_answer_came_with_a_warning_keeps_its_value_and_is_asked_for_again():
    doubted = AT - HOUR
    total, bad = hourly("total", (9.0, 5.0, 9.0), [doubted]), hourly("bad", (1.0, 1.0, 1.0))
    history = merge_answers(History(), [total, bad], DEFINITIONS, TOTALS, AT)
    assert history.values(("api", SeriesKey("total")), "d", HOURS) == (9.0, 5.0, 9.0)
    (again,) = history.unsealed(("api", SeriesKey("total")), "d", HOURS)
    assert again.start == doubted - HOUR, "the hour that ends there, and what follows it"
    assert history.unsealed(("api", SeriesKey("bad")), "d", HOURS) == ()


@pytest.mark.parametrize(
    ("total", "bad", "kept"),
    [
        ((9.0, 9.0, 9.0), None, (0.0, 0.0, 0.0)),
        ((9.0, None, 9.0), None, (0.0, None, 0.0)),
        ((0.0, 9.0, 9.0), (None, 2.0, None), (0.0, 2.0, 0.0)),
        (None, None, (None, None, None)),
    ],
)
def test_hours_without_a_series_of_errors_are_zero_only_where_the_total_is_known(total, bad, kept):
    history = merge_answers(History(), [hourly("total", total), hourly("bad", bad)], DEFINITIONS, TOTALS, AT)
    assert history.values(("api", SeriesKey("bad")), "d", HOURS) == kept


@pytest.mark.parametrize(
    ("key", "before", "found"),
    [
        # Pods that only fail have no series of good events. The query has found some before: an outage.
        ("good", (9.0,), (0.0, 0.0, 5.0)),
        ("slices_good#good.5m.0.99", (9.0,), (0.0, 0.0, 5.0)),
        # It never has: a wrong label is the likelier cause. The hours are asked for again until it is known.
        ("good", None, (0.0, 0.0, 5.0)),
        # A histogram has all of its buckets from the start, so a missing bucket does not exist.
        ("latency_good@0.3", (9.0,), (None, None, 5.0)),
        ("slices_good#latency_good.5m.0.99@0.3", (9.0,), (None, None, 5.0)),
    ],
)
def test_hours_without_a_series_of_good_events_are_an_outage_once_there_have_been_some(key, before, found):
    definitions = {("api", SeriesKey("total")): "d", ("api", SeriesKey.parse(key)): "d"}
    totals = {("api", SeriesKey.parse(key)): SeriesKey("total")}
    history = History()
    if before is not None:
        earlier = replace(
            hourly(key, before), query=replace(hourly(key, before).query, grid=Grid.instant(AT - 3 * HOUR))
        )
        earlier = replace(earlier, values={"api": Series({}, Grid.instant(AT - 3 * HOUR), before)})
        history = merge_answers(history, [earlier], definitions, totals, AT)
    answers = [hourly("total", (9.0, 9.0, 9.0)), hourly(key, (None, None, 5.0))]
    history = merge_answers(history, answers, definitions, totals, AT)
    assert history.values(("api", SeriesKey.parse(key)), "d", HOURS) == found


def test_hours_of_a_query_for_good_events_that_never_found_any_stay_open():
    definitions, totals = (
        {("api", SeriesKey("total")): "d", ("api", SeriesKey("good")): "d"},
        {("api", SeriesKey("good")): SeriesKey("total")},
    )
    history = merge_answers(History(), [hourly("total", (9.0,) * 3), hourly("good", None)], definitions, totals, AT)
    assert history.values(("api", SeriesKey("good")), "d", HOURS) == (None, None, None)
    assert history.unsealed(("api", SeriesKey("good")), "d", HOURS) == (HOURS,)
    # An hour in which some came closes the others too: they were an outage.
    history = merge_answers(history, [hourly("good", (None, None, 4.0))], definitions, totals, AT)
    assert history.values(("api", SeriesKey("good")), "d", HOURS) == (0.0, 0.0, 4.0)
    assert history.unsealed(("api", SeriesKey("good")), "d", HOURS) == ()


def test_an_instant_without_a_series_of_good_events_is_an_outage_where_the_query_is_proven():
    answers = Answers.of([instant("total", 100.0), instant("good", "absent")])
    value = answers.value("api", Purpose.SLI, SeriesKey("good"), "1h", is_proven=True)
    assert count(GOOD, {GOOD.total: 100.0, GOOD.good: value}, HOUR) == EventCount(0, 100)
    assert (
        Answers.of([instant("good", "absent", **FAILED)]).value(
            "api", Purpose.SLI, SeriesKey("good"), "1h", is_proven=True
        )
        is None
    )
    assert answers.value("api", Purpose.SLI, SeriesKey("good"), "1h") is None


TOTAL, GOOD_QUERY, BAD_QUERY = (f"{key}: 'sum(increase({key}_total[{{window}}]))'" for key in ("total", "good", "bad"))
CUSTOM = """
provider: {provider}
services: [{{name: api, labels: {{service: api}}, slos: [{{name: availability, objective: 99{kind}}}]}}]
queries: {{{queries}}}
"""
TIMESLICES = ", kind: timeslices"


def write_config(tmp_path, provider, queries, kind=""):
    path = tmp_path / "sresnap.yaml"
    path.write_text(CUSTOM.format(provider=provider, queries=", ".join(queries), kind=kind))
    return path


@pytest.mark.parametrize(
    ("provider", "queries", "part"),
    [
        ("custom", [TOTAL, GOOD_QUERY, BAD_QUERY], "good"),
        ("custom", [TOTAL, BAD_QUERY, GOOD_QUERY], "good"),
        ("custom", [TOTAL, GOOD_QUERY], "good"),
        ("custom", [TOTAL, BAD_QUERY], "bad"),
        # The preset has bad, and the file adds a query for good events.
        ("http", [GOOD_QUERY], "good"),
        ("http", [BAD_QUERY], "bad"),
    ],
)
def test_good_events_are_preferred_because_they_miss_no_birth(tmp_path, provider, queries, part):
    path = write_config(tmp_path, provider, queries)
    ((slo,),) = (service.slos for service in loads(path.read_text(), str(path), {}, cwd=tmp_path).services)
    assert tuple(map(str, slo.series)) == ("total", part)


@pytest.mark.parametrize(
    ("queries", "kind", "hinted"),
    [
        ([TOTAL, BAD_QUERY], "", True),
        ([TOTAL, BAD_QUERY], TIMESLICES, True),
        ([TOTAL, BAD_QUERY, GOOD_QUERY], "", False),
        ([TOTAL, GOOD_QUERY], TIMESLICES, False),
        (["availability: 'avg_over_time(up[{window}]) * 100'"], "", False),
    ],
)
def test_check_says_when_only_errors_are_counted(tmp_path, queries, kind, hinted):
    path = write_config(tmp_path, "custom", queries, kind)
    result = CliRunner().invoke(cli, ["check", "--config", str(path)], standalone_mode=False)
    assert result.return_value == ExitCode.DONE
    hint = "A counter of errors that first appears with an error hides that error. Prefer `total` and `good`"
    assert (hint in result.stdout) is hinted
    assert not hinted or "1 of 1 SLOs count only errors (`bad` without `good`)" in result.stdout
