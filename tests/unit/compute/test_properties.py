"""Properties of `evaluate_slo` that hold for any counts."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData, over_period
from sresnap.compute.slo.forecast import LONG_PACE, SHORT_PACE, mean_hour
from sresnap.compute.slo.traffic import traffic_by_hour
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import DAY, HOUR, SHORT_WINDOWS, CalendarUnit, CalendarWindow, Period, Window, parse_time
from tests.examples import FEW
from tests.hours import hours_until

AT = parse_time("2026-11-22T21:00:00Z")
MONDAY = parse_time("2026-11-16T00:00:00Z")
WEEK = Slo(
    "availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"), window=Window(7 * DAY)
)
MONTH = replace(WEEK, window=CalendarWindow(CalendarUnit.MONTH, "UTC"))
OBJECTIVES = [0.5, 0.9, 0.93, 0.95, 0.985, 0.99, 0.995, 0.999, 0.9995, 0.9999]
ZERO = EventCount(0, 0)

COUNT = st.tuples(st.integers(0, 1000), st.integers(0, 50)).map(lambda pair: EventCount(pair[0], sum(pair)))
# A pattern of some hours again and again fills a week, and is found faster than 168 hours by themselves.
HOURS = st.lists(st.one_of(st.none(), COUNT), min_size=1, max_size=40).map(lambda found: (found * 168)[:168])
SEEN = HOURS.filter(lambda hours: any(hour is not None for hour in hours))
MINUTES = st.integers(0, 59)


def data(hours, *, at=AT, running=None, short=ZERO):
    first = at - at % HOUR - len(hours) * HOUR
    return SloData(at, {w.seconds: short for w in SHORT_WINDOWS}, running, HourlyCounts.of(first, hours), (True,) * 72)


def times(count, factor):
    return None if count is None else EventCount(count.good * factor, count.total * factor)


def left(report):
    return report.budget.remaining_ratio


@FEW
@given(SEEN, COUNT, COUNT, MINUTES, st.sampled_from([2, 3, 7, 10, 1000]))
def test_scaling_all_counts_changes_no_ratio(hours, running, short, minutes, factor):
    at = AT + minutes * 60
    running = running if minutes else None
    one = evaluate_slo(WEEK, data(hours, at=at, running=running, short=short), burn_pairs())
    scaled = [times(hour, factor) for hour in hours]
    many = evaluate_slo(
        WEEK, data(scaled, at=at, running=times(running, factor), short=times(short, factor)), burn_pairs()
    )
    assert left(many) == pytest.approx(left(one), rel=1e-9, abs=1e-9)
    assert many.budget.remaining_seconds == pytest.approx(one.budget.remaining_seconds, rel=1e-9, abs=1e-6)
    for name, window in one.windows.items():
        for ratio in ("sli", "burn_rate", "coverage"):
            assert getattr(many.windows[name], ratio) == pytest.approx(getattr(window, ratio), rel=1e-9, abs=1e-12)
    # What is a count of events is that many times as much.
    assert many.budget.remaining_events == pytest.approx(one.budget.remaining_events * factor, rel=1e-9, abs=1e-6)
    # What few events do not say, more may: then 6h replace the day that replaced them.
    paces = {pace.pace: pace for pace in many.forecast.paces}
    assert {pace.pace for pace in one.forecast.paces} - {"1d"} <= set(paces)
    for small in one.forecast.paces:
        if small.pace in paces:
            end = paces[small.pace].end_remaining_ratio
            assert end == pytest.approx(small.end_remaining_ratio, rel=1e-6, abs=1e-6)
    assert [e.budget_share for e in many.statement.episodes] == pytest.approx(
        [e.budget_share for e in one.statement.episodes], rel=1e-9
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@FEW
@given(st.lists(st.integers(0, 2000), min_size=1, max_size=40), MINUTES)
def test_a_burn_of_one_throughout_leaves_exactly_nothing(objective, bads, minutes):
    # As whole numbers: 1 bad of 200 at 99.5 %, 7 of 100 at 93 %, and multiples of them.
    budget = 1 - Fraction(str(objective))
    bad, total = budget.numerator, budget.denominator
    hours = [EventCount(times * (total - bad), times * total) for times in [*bads, 1] * 168][:168]
    at = AT + minutes * 60
    running = EventCount(total - bad, total) if minutes else None
    report = evaluate_slo(replace(WEEK, objective=objective), data(hours, at=at, running=running), burn_pairs())
    assert report.windows["7d"].burn_rate == 1
    assert (left(report), report.budget.remaining_seconds, report.budget.remaining_events) == (0, 0, 0)
    assert report.statement.budget_share == 1


@given(HOURS, COUNT, MINUTES, st.data())
def test_counts_add_over_a_split_of_the_window(hours, running, minutes, draw):
    at = AT + minutes * 60
    cut = AT - draw.draw(st.integers(1, 167)) * HOUR
    start = AT - 168 * HOUR
    measured = data(hours, at=at, running=running if minutes else None)
    index = (cut - start) // HOUR
    whole = over_period(measured, Period("x", start, at, at - start))
    early = over_period(data(hours[:index], at=cut), Period("x", start, cut, cut - start))
    late = over_period(measured, Period("x", cut, at, at - cut))
    # Counts are whole numbers, so that they add up to the event.
    parts = [part.events for part in (early, late) if part.events is not None]
    assert whole.events == (sum(parts, ZERO) if parts else None)
    seen = sum(part.coverage * (part.end - part.start) for part in (early, late))
    assert whole.coverage * (at - start) == pytest.approx(seen)


@FEW
@given(SEEN, st.integers(0, 167), st.integers(1, 1000), st.sampled_from([WEEK, MONTH]))
def test_more_bad_events_never_raise_the_budget(hours, index, more, slo):
    # The same traffic with more bad events. A month's hours begin on its first day.
    period = slo.window.period(AT)
    hours = (hours * 4)[: (AT - period.start) // HOUR]
    count = hours[index]
    assume(count is not None and count.good > 0)
    worse = [*hours]
    worse[index] = EventCount(max(0, count.good - more), count.total)
    before, after = (evaluate_slo(slo, data(found), burn_pairs()) for found in (hours, worse))
    assert left(after) < left(before)
    assert after.budget.remaining_seconds < before.budget.remaining_seconds
    assert after.budget.remaining_events < before.budget.remaining_events
    assert after.windows[period.name].burn_rate > before.windows[period.name].burn_rate
    assert after.statement.bad > before.statement.bad


def arrived(hours, running, expected, at, then):
    """What will have been counted at a later moment if in each hour comes what is expected of it.

    These are whole hours, and the running one, which continues: at 21:34, 26 minutes of it are still to come.
    """
    now, last = at - at % HOUR, then - then % HOUR
    rest = [(running or ZERO) + times(expected(now), 1 - (at - now) / HOUR)] if at > now else []
    whole = [expected(hour) for hour in range(now + len(rest) * HOUR, last, HOUR)]
    return [*hours, *rest, *whole], times(expected(last), (then - last) / HOUR) if then > last else None


@pytest.mark.parametrize("slo", [WEEK, MONTH], ids=["rolling", "calendar"])
@FEW
@given(SEEN, COUNT, MINUTES, st.booleans())
@example([EventCount(95, 100)] * 168, EventCount(0, 50), 34, False)
def test_the_forecasts_end_is_the_evaluation_when_the_assumed_traffic_arrives(slo, hours, running, minutes, is_short):
    # A rolling window is looked ahead for as many hours as it has whole ones, a calendar window up to its reset.
    at = AT + minutes * 60
    hours = (hours * 4)[:672]
    running = running if minutes else None
    measured = data(hours, at=at, running=running)
    pace = SHORT_PACE if is_short else LONG_PACE
    mean = mean_hour(hours_until(at, hours), pace, running, at)
    assume(mean is not None)
    report = evaluate_slo(slo, measured, burn_pairs())
    foreseen = next((found for found in report.forecast.paces if found.pace == pace.name), None)
    assume(foreseen is not None)  # a pace without traffic, beside one with some
    period = slo.window.period(at)
    every = HourlyCounts.of_report(report.hours)
    if report.calendar is not None:
        every = HourlyCounts.of_report(report.earlier).followed_by(every)
    traffic = traffic_by_hour(every)

    def expected(hour):
        total = traffic[(hour - MONDAY) // HOUR % 168]
        if np.isnan(total):
            total = mean.arriving.total
        return EventCount(total * (mean.good / mean.total if mean.total else 1), total)

    end = period.resets_at or at + len(report.hours.total) * HOUR
    days = {at + (day + 1) * DAY: ratio for day, ratio in enumerate(foreseen.daily_remaining_ratios)}
    for moment, ratio in {**days, end: foreseen.end_remaining_ratio}.items():
        later, rest = arrived(hours, running, expected, at, moment)
        then = evaluate_slo(slo, data(later, at=moment, running=rest), burn_pairs())
        # Of next to nothing a ratio is at the mercy of the last bit.
        if (then.windows[report.window].total or 0) > 1:
            assert left(then) == pytest.approx(ratio, rel=1e-6, abs=1e-6)
