"""What an objective came to in a period: the rules of the outcomes, the bounds, and where the budget went."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sresnap.compute.review.close import Closed, Past, close
from sresnap.compute.review.counts import PeriodCounts, Stored
from sresnap.compute.review.objective import objective_review, worst_days
from sresnap.compute.review.result import outcome, result, same
from sresnap.compute.slo.events import Total
from sresnap.documents.reviews import decode, encode
from sresnap.model.corrections import Correction
from sresnap.model.events import EventCount
from sresnap.model.history import Column, History, HistoryDay
from sresnap.model.hours import HourlyCounts
from sresnap.model.periods import period_named
from sresnap.model.review import Gap, Outcome, PastResult
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import DAY, HOUR, day_of, floor

WEEK = period_named("2026-W44", "UTC")
SLO = Slo("a", 0.99, Basis.EVENTS, SeriesKey("total"), None, SeriesKey("bad"))
KEYS = {role: ("api", SeriesKey(role)) for role in ("total", "bad")}


def stored(bad, total=100.0, *, high=None, corrections=(), known=range(168), since=None):
    """A week's history of one service: `bad` by the hour of the week, an amount or a function."""
    days = {}
    for midnight in range(floor(WEEK.start, DAY), WEEK.end, DAY):
        first = (midnight - WEEK.start) // HOUR
        columns = {}
        for role, value in (("total", total), ("bad", bad)):
            of_hour = value if callable(value) else lambda _, value=value: value
            values = tuple(float(of_hour(first + i)) if first + i in known else None for i in range(24))
            bounds = {i: float(high(first + i)) for i in range(24)} if high and role == "bad" else {}
            columns[KEYS[role]] = Column("x", 24, values, bounds)
        days[day_of(midnight)] = HistoryDay(columns)
    ever = dict.fromkeys(KEYS.values(), WEEK.start - DAY if since is None else since)
    return Stored(WEEK, History(days), dict.fromkeys(KEYS.values(), "x"), corrections, ever_known=ever)


def found(*arguments, **options):
    return result(PeriodCounts.of(stored(*arguments, **options), "api", SLO))


def closed(history, past=None):
    service = SimpleNamespace(name="api", slug="api", slos=[SLO])
    return close(Closed("t", "UTC", 0, [service], history, past or Past()))


def reviewed(*arguments, **options):
    return objective_review(PeriodCounts.of(stored(*arguments, **options), "api", SLO), "UTC", (), None)


def test_an_sli_equal_to_its_objective_meets_it_and_leaves_nothing():
    one = found(1)  # 168 of 16,800 are bad, and 99 % allows 168
    assert (one.outcome, one.remaining_ratio, one.sli) == (Outcome.MET, 0.0, 0.99)
    assert found(lambda hour: 2 if hour == 0 else 1).outcome is Outcome.MISSED


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({"known": ()}, Outcome.NO_DATA),
        ({"known": range(151)}, Outcome.INCOMPLETE),  # 89.9 %
        ({"known": range(152)}, Outcome.MET),  # 90.5 %
        ({"total": 0.0}, Outcome.NO_TRAFFIC),
        ({"total": lambda hour: float(hour < 99)}, Outcome.LOW_TRAFFIC),  # 99 events allow 0.99 bad ones
        ({"total": lambda hour: float(hour < 100)}, Outcome.MET),
    ],
)
def test_the_first_rule_that_matches_decides(options, outcome):
    assert found(0, **options).outcome is outcome


def test_counts_that_cannot_be_give_no_verdict():
    assert found(200).outcome is Outcome.IMPLAUSIBLE


def test_what_the_samples_leave_open_is_open_only_across_the_objective():
    across = found(0, high=lambda hour: 2)
    assert (across.outcome, across.bad_bounds) == (Outcome.OPEN, (0.0, 336.0))
    assert (across.remaining_ratio, across.worst_remaining_ratio) == (1.0, pytest.approx(-1))
    assert found(0, high=lambda hour: 0.5).outcome is Outcome.MET
    assert found(2, high=lambda hour: 3).outcome is Outcome.MISSED


def test_the_least_coverage_is_enough_and_the_least_less_is_not():
    events = EventCount(990.0, 1000.0)
    assert outcome(SLO, Total(0, 1, events, 0.9), Total(0, 1, events, 0.9)) is Outcome.MET
    below = np.nextafter(0.9, 0)
    assert outcome(SLO, Total(0, 1, events, below), Total(0, 1, events, below)) is Outcome.INCOMPLETE


def test_a_query_that_misses_errors_may_prove_a_miss_and_never_that_an_objective_was_met():
    for bad, expected in ((0, Outcome.OPEN), (1, Outcome.OPEN), (2, Outcome.MISSED)):
        missing = replace(stored(bad), undercounted={KEYS["bad"]})
        assert result(PeriodCounts.of(missing, "api", SLO)).outcome is expected


def test_bounds_are_in_order_where_the_samples_prove_good_events():
    # Fewer good events are proved than possible: the end that is proved has the more bad ones.
    counts = PeriodCounts.of(stored(0, high=lambda hour: 2), "api", SLO)
    turned = result(replace(counts, proved=counts.possible, possible=counts.proved))
    assert turned.bad_bounds == (0.0, 336.0)
    assert turned.worst_remaining_ratio == turned.remaining_ratio == pytest.approx(-1)


def test_hours_that_a_replaced_query_counted_are_not_a_gap():
    def days(since):
        return {
            day: content.with_columns({key: replace(column, definition="y") for key, column in content.columns.items()})
            for day, content in stored(0).history.days.items()
            if day >= since
        }

    def review(**content):
        return closed(replace(stored(0), definitions=dict.fromkeys(KEYS.values(), "z"), **content))

    first, tuesday = day_of(WEEK.start), day_of(WEEK.start + DAY)
    found = review(history=History(days(first)))
    assert (found.gaps, found.coverage, found.count(Outcome.NO_DATA)) == ((), 0.0, 1)
    assert review(history=History(days(tuesday))).gaps == (Gap(WEEK.start, WEEK.start + DAY),)


def test_a_history_that_begins_within_the_period_says_since_when():
    late = reviewed(0, known=range(24, 168), since=WEEK.start + DAY)
    assert (late.result.outcome, late.known_since) == (Outcome.INCOMPLETE, WEEK.start + DAY)
    assert late.result.coverage == pytest.approx(6 / 7)
    assert reviewed(0).known_since is None
    assert reviewed(0, since=WEEK.start).known_since is None


def test_corrections_are_left_out_and_the_result_without_them_stands_beside():
    day = Correction("move", WEEK.start, WEEK.start + DAY)
    spoiled = reviewed(lambda hour: 50 if hour < 24 else 0, corrections=[day])
    assert (spoiled.result.outcome, spoiled.result.total, spoiled.result.coverage) == (Outcome.MET, 14_400, 1.0)
    assert spoiled.uncorrected is not None
    assert (spoiled.uncorrected.outcome, spoiled.uncorrected.total) == (Outcome.MISSED, 16_800)
    assert reviewed(0).uncorrected is None
    assert reviewed(0, corrections=[Correction("move", WEEK.end, WEEK.end + DAY)]).uncorrected is None


def test_the_last_twelve_periods_end_with_this_one():
    earlier = tuple(PastResult(f"2026-W{week}", Outcome.MET, 1.0, 1.0, 0.99) for week in range(43, 31, -1))
    last = objective_review(PeriodCounts.of(stored(2), "api", SLO), "UTC", earlier, None).last
    assert [one.period for one in last] == ["2026-W44", *(one.period for one in earlier[:11])]


def test_a_year_before_stands_with_the_objective_that_it_was_judged_by():
    now = closed(stored(0))
    slo = replace(now.services[0].slos[0], objective=0.95)
    before = replace(now, period="2025-W44", services=(replace(now.services[0], slos=(slo,)),))
    found = closed(stored(0), Past(year_before=before)).services[0].slos[0].year_before
    assert found is not None
    assert (found.period, found.objective) == ("2025-W44", 0.95)


def test_a_correction_of_a_part_of_an_hour_that_was_not_counted_changes_nothing():
    part = Correction("restart", WEEK.start + 1800, WEEK.start + 3600)
    assert reviewed(lambda hour: 50 * (hour == 0), corrections=[part]).result.bad_bounds == (50.0, 50.0)


def test_episodes_and_the_rest_add_up_to_all_bad_events():
    spent = reviewed(lambda hour: 10 + hour if hour % 24 == 12 else 0.25)
    assert [episode.start for episode in spent.episodes] == [WEEK.start + (12 + 24 * day) * HOUR for day in range(2, 7)]
    assert spent.others is not None
    assert spent.others.episodes == 2
    assert spent.others.bad + sum(episode.bad for episode in spent.episodes) == spent.result.bad_bounds[0]
    assert [(day.day, day.bad) for day in spent.worst_days] == [
        ("2026-11-01", 10 + 156 + 23 * 0.25),
        ("2026-10-31", 10 + 132 + 23 * 0.25),
        ("2026-10-30", 10 + 108 + 23 * 0.25),
    ]


def test_a_worst_day_is_a_local_day_of_23_or_25_hours():
    # Berlin's 2026-10-25 has 25 hours, from 22:00 UTC the day before.
    start = period_named("2026-W43", "Europe/Berlin").start
    hours = HourlyCounts.of_arrays(start, np.full(169, 99.0), np.full(169, 100.0))
    worst = worst_days(hours, 0.99, "Europe/Berlin")
    assert [(day.day, day.bad, day.total) for day in worst] == [
        ("2026-10-25", 25.0, 2500.0),
        ("2026-10-19", 24.0, 2400.0),
        ("2026-10-20", 24.0, 2400.0),
    ]
    assert worst[0].budget_share == pytest.approx(25 / 169)


def test_results_are_the_same_within_what_prometheus_rounds():
    assert same(found(1), found(1 + 1e-12))
    assert not same(found(1), found(1.001))


def test_a_stored_review_has_rows_without_names_and_leaves_out_what_says_nothing():
    review = closed(stored(lambda hour: 50 * (hour < 2)))
    content = encode(review)
    assert decode(content, "review.json") == review
    slo = json.loads(content)["services"][0]["slos"][0]
    unsaid = {"threshold_seconds", "slice_seconds", "slice_target", "uncorrected", "known_since", "year_before"}
    assert not unsaid & slo.keys()
    assert slo["last"] == [["2026-W44", "met", *review.services[0].slos[0].last[0][2:]]]
    assert slo["worst_days"][0][1:3] == [100.0, 2400.0]
    assert len(slo["episodes"][0]) == 6
