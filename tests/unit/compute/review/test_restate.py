"""What a closed period comes to now: which hours changed, and by which rules it is judged again."""

from dataclasses import replace

import pytest

from sresnap.compute.review.close import Closed, Past, close
from sresnap.compute.review.counts import Stored
from sresnap.compute.review.restate import changed_hours, changed_results, results_now, stated, touched_hours
from sresnap.model.history import Column, History, HistoryDay
from sresnap.model.periods import period_named
from sresnap.model.review import Gap, Outcome
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Service, Slo
from sresnap.model.windows import DAY, HOUR, day_of

WEEK = period_named("2026-W44", "UTC")
TOTAL, BAD = SeriesKey("total"), SeriesKey("bad")
DEFINITIONS = {("api", TOTAL): "x", ("api", BAD): "x"}
SLO = Slo("availability", 0.99, Basis.EVENTS, TOTAL, None, BAD)


def history(bad=0.0, high=None):
    """A week of 100 events an hour; in the fourth hour of each day the samples leave up to `high` bad ones open."""
    columns = {("api", key): Column("x", 24, (value,) * 24) for key, value in ((TOTAL, 100.0), (BAD, bad))}
    if high is not None:
        columns["api", BAD] = replace(columns["api", BAD], high={3: high})
    return History({day_of(midnight): HistoryDay(columns) for midnight in range(WEEK.start, WEEK.end, DAY)})


def stored(of=None, doubted=()):
    return Stored(WEEK, history() if of is None else of, DEFINITIONS, (), doubted=frozenset(doubted))


def closed(content, slo=SLO):
    return close(Closed("t", "UTC", 0, [Service("api", "api", {}, (slo,))], content, Past()))


def now(review, content):
    return results_now(review, content, stated(review, ()))["api", slo_name(review)]


def slo_name(review):
    return review.services[0].slos[0].name


def test_an_hour_changed_too_where_only_what_the_samples_leave_open_did():
    fourth_hours = [WEEK.start + day * DAY + 3 * HOUR for day in range(7)]
    assert touched_hours(history(), history(high=2.0)) == set(fourth_hours)
    assert touched_hours(history(high=2.0), history(high=2.0)) == set()
    found = changed_hours(history(high=1.0), history(high=2.0), DEFINITIONS, WEEK)
    assert found == tuple(Gap(hour, hour + HOUR) for hour in fourth_hours)


def test_a_doubt_that_arose_since_restates_nothing_and_one_that_was_there_stays():
    doubted = stored(doubted=[("api", BAD)])
    assert now(closed(stored()), doubted).outcome is Outcome.MET
    before = closed(doubted)
    assert before.services[0].slos[0].result.outcome is Outcome.NO_DATA
    assert now(before, doubted).outcome is Outcome.NO_DATA


@pytest.mark.parametrize(
    "slo",
    [
        replace(SLO, objective=0.95),
        replace(SLO, name="latency", threshold_seconds=0.3),
    ],
)
def test_a_period_is_judged_again_as_it_was_judged_first(slo):
    review = closed(stored(history(bad=2.0)), slo)
    assert changed_results(stated(review, ()), results_now(review, stored(history(bad=2.0)), stated(review, ()))) == ()
    assert now(review, stored(history(bad=9.0))).outcome is Outcome.MISSED
