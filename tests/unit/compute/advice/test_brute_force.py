"""The advisor against plain Python: the same rules, one window, one hour and one target at a time."""

import itertools
import math
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sresnap.compute.advice.advise import advise
from sresnap.compute.advice.alarms import Burning, alarms, limits
from sresnap.compute.slo.alerts import alerts
from sresnap.compute.slo.budget import remaining_ratio
from sresnap.compute.slo.burn import burn_rate
from sresnap.compute.slo.events import SloData, over_period
from sresnap.compute.slo.status import LEAST_COVERAGE, is_low_traffic, is_plausible
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.service import Basis
from sresnap.model.windows import DAY, HOUR, CalendarWindow
from tests.unit.compute.advice.pasts import ZONE, random_past, slo

ZONE_INFO = ZoneInfo(ZONE)


def targets(seed, count):
    chance = random.Random(seed)
    return [0.9, 0.99, 0.999, 0.9999, *(round(1 - 10 ** -chance.uniform(1, 4), 6) for _ in range(count - 4))]


def midnights(past):
    day = datetime.fromtimestamp(past.start, ZONE_INFO).replace(hour=0, minute=0, second=0, tzinfo=None)
    while (moment := int((day := day + timedelta(days=1)).replace(tzinfo=ZONE_INFO).timestamp())) <= past.end:
        yield moment


def totals(past, end, window):
    """Of the window at the end of each day, its period and what `over_period` says of it."""
    left_out = {past.start + index * HOUR: int(cut) for index, cut in enumerate(end.left_out.tolist()) if cut}
    data = SloData(past.end, {}, None, end.hours, None, left_out)
    for midnight in midnights(past):
        period = window.period(midnight)
        if period.start >= past.start:
            hours = data.hours.slice(data.hours.index(period.start), data.hours.index(midnight))
            cut = {hour: seconds for hour, seconds in left_out.items() if hour < midnight}
            good, total = (math.fsum(each[~np.isnan(each)].tolist()) for each in (hours.good, hours.total))
            found = over_period(SloData(midnight, {}, None, hours, None, cut), period)
            yield period, None if found.events is None else EventCount(good, total), found.coverage


def verdict(past, events, coverage, target):
    if events is None or coverage < LEAST_COVERAGE or not is_plausible(events) or events.total <= 0:
        return None
    if is_low_traffic(events, target, in_events=past.slo.basis is Basis.EVENTS):
        return None
    return remaining_ratio(events, target)


def brute(past, ends, window, target):
    """(met, missed, open, frozen days, days judged)."""
    met = missed = is_open = spent = days = 0
    for (period, *low), (_, *high) in zip(*ends, strict=True):
        left = [verdict(past, *low, target), verdict(past, *high, target)]
        known = [each for each in left if each is not None]
        spent += any(each <= 0 for each in known)
        days += bool(known)
        if isinstance(window, CalendarWindow) and period.end != period.resets_at:
            continue
        outcomes = {None if each is None else each >= 0 for each in left}
        met += outcomes == {True}
        missed += outcomes == {False}
        is_open += len(outcomes) == 2
    return met, missed, is_open, spent, days


@pytest.mark.parametrize(("seed", "days", "count"), [(0, 364, 4), (1, 124, 6), (2, 124, 6), (3, 124, 6), (7, 124, 6)])
def test_targets_over_5_windows_equal_brute_force(seed, days, count):
    """`python -m tests.benchmarks.advice` does it with 20 SLOs and 200 targets."""
    compare(random_past(seed, days), targets(seed, count))


def compare(past, asked):
    """Hold the advisor's numbers of some targets against brute force."""
    advice = advise(past, (), asked)
    assert len(past.windows) == 5
    for window in past.windows:
        ends = [list(totals(past, end, window)) for end in (past.low, past.high)]
        expected = [brute(past, ends, window, target) for target in asked] if advice.past(window.name).is_enough else []
        found = [(r.met, r.missed, r.open, r.frozen_days, r.days) for r in advice.of(window.name)]
        assert found == expected
    assert advice.of("28d")
    assert bool(advice.of("90d")) is (past.end - past.start >= 360 * DAY)


def at_hour(past, end, index, pairs, window, target):
    """Which severities fire at the end of an hour, by the report's own rule."""
    at = past.start + (index + 1) * HOUR
    lengths = {length for pair in pairs for length in (pair.long_seconds, pair.short_seconds)}
    counts = {}
    for length in lengths:
        hours = end.hours if length >= DAY else end.raw
        counts[length] = hours.slice(max(0, index + 1 - -(-length // HOUR)), index + 1).sum()
    in_events = past.slo.basis is Basis.EVENTS
    known = {length: count for length, count in counts.items() if count is not None}
    inside = {length: past.exclusions.within(at - max(length, HOUR), at) for length in lengths}
    found = alerts(
        pairs,
        {length: burn_rate(count, target) for length, count in counts.items()},
        window.period(at).length_seconds,
        bad={length: count.bad for length, count in known.items()} if in_events else None,
        total={length: count.total for length, count in known.items()} if in_events else None,
        maintenance={length: "reason" for length, some in inside.items() if some},
    )
    return {alert.severity for alert in found if alert.firing}


@pytest.mark.parametrize(
    ("seed", "days", "traffic", "target", "window", "basis"),
    [
        (1, 40, 2, 0.95, 1, Basis.EVENTS),
        (2, 20, 40, 0.99, 1, Basis.EVENTS),
        (3, 20, 1_000, 0.999, 4, Basis.EVENTS),
        (4, 20, 1e6, 0.9995, 0, Basis.EVENTS),
        (5, 40, 3, 0.9, 0, Basis.EVENTS),
        (6, 20, 60, 0.99, 1, Basis.SLICES),
    ],
)
def test_pages_and_tickets_equal_the_reports_rule_at_each_hour(seed, days, traffic, target, window, basis):
    past = random_past(seed, days, traffic, slo(basis=basis))
    chosen, pairs = past.windows[window], burn_pairs()
    burning = [Burning.of(past, end, pairs) for end in (past.low, past.high)]
    count = len(past.low.hours)
    lengths = np.array([chosen.period(past.start + (i + 1) * HOUR).length_seconds for i in range(count)])
    found = alarms(*burning, limits(pairs, lengths), target)
    fires = [at_hour(past, past.low, index, pairs, chosen, target) for index in range(count)]
    for severity, number in zip(("page", "ticket"), found, strict=True):
        runs = [is_firing for is_firing, _ in itertools.groupby(severity in some for some in fires) if is_firing]
        assert (severity, number.counted) == (severity, len(runs))
        assert number.most >= number.counted
    assert any(number.counted for number in found)
