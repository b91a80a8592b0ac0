"""Worked examples from the SRE workbook's formulas, and properties that hold for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.slo.alerts import alerts, left_out, threshold
from sresnap.compute.slo.budget import budget, remaining_ratio
from sresnap.compute.slo.burn import burn_rate
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.windows import DAY, HOUR, parse_time

AT = parse_time("2026-11-22T21:00:00Z")
WINDOW = 28 * DAY
objectives = st.floats(0.5, 0.99999)


def test_ten_bad_of_ten_thousand_leave_four_fifths_of_a_half_percent_budget():
    # budget = 0.005; spent = 0.001 / 0.005 = 0.2
    assert remaining_ratio(EventCount(9_990, 10_000), 0.995) == pytest.approx(0.8)


def test_an_overspent_budget_is_negative():
    # The seed clamped this at 0: 223 bad of 10,000 at 99 % is 2.23 budgets, −123 % left.
    assert remaining_ratio(EventCount(9_777, 10_000), 0.99) == pytest.approx(-1.23)


def test_no_traffic_spends_nothing():
    assert remaining_ratio(EventCount(0, 0), 0.99) == 1
    assert burn_rate(EventCount(0, 0), 0.99) == 0


def test_a_budget_is_given_as_a_ratio_as_seconds_and_as_events():
    # 30 bad of 10,000 at 99.5 %: allowed 50, 20 left = 0.4; 0.4 × 0.005 × 2,419,200 s = 4,838.4 s of full outage
    found = budget(EventCount(9_970, 10_000), 0.995, WINDOW, in_events=True)
    assert found.remaining_ratio == pytest.approx(0.4)
    assert found.remaining_seconds == pytest.approx(4838.4)
    assert found.remaining_events == pytest.approx(20)


def test_seconds_of_availability_are_not_events():
    assert budget(EventCount(3599, 3600), 0.995, WINDOW, in_events=False).remaining_events is None


def test_an_unknown_count_leaves_an_unknown_budget():
    found = budget(None, 0.995, WINDOW, in_events=True)
    assert (found.remaining_ratio, found.remaining_seconds, found.remaining_events) == (None, None, None)
    assert burn_rate(None, 0.995) is None


def test_three_percent_errors_burn_a_one_percent_budget_three_times_too_fast():
    assert burn_rate(EventCount(97, 100), 0.99) == pytest.approx(3)


@pytest.mark.parametrize(("index", "expected"), [(0, 13.44), (1, 5.6), (2, 2.8), (3, 0.933333)])
def test_thresholds_come_from_the_window(index, expected):
    assert threshold(burn_pairs()[index], WINDOW) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("long", "short", "firing"),
    [(14, 14, True), (14, 13, False), (13, 14, False), (13.44, 14, False), (None, 14, None), (14, None, None),
     (None, 13, False), (None, None, None)],
)  # fmt: skip
def test_a_pair_fires_when_both_windows_exceed_and_is_unknown_when_one_is_missing(long, short, firing):
    found = alerts(burn_pairs()[:1], {HOUR: long, 300: short}, WINDOW)[0]
    assert found.firing is firing


@pytest.mark.parametrize(("days", "pairs"), [(28, ["1h", "6h", "1d", "3d"]), (7, ["1h", "6h"]), (1, [])])
def test_pairs_that_would_fire_at_a_pace_that_lasts_are_left_out(days, pairs):
    # 7 days: 0.10 × 168 h / 24 h = 0.7 for 1d; 1 day: 0.02 × 24 h / 1 h = 0.48 for 1h
    assert [alert.long for alert in alerts(burn_pairs(), {}, days * DAY)] == pairs


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (28, None),
        # 0.10 × 20 d / 3 d = 0.67.
        (20, "no ticket alert over 3d. It would fire at 0.67×, and at such a pace the budget outlasts the window"),
        # 0.02 × 24 h / 1 h = 0.48, 0.05 × 24 h / 6 h = 0.2, 0.10 × 24 h / 24 h = 0.1, 0.10 × 24 h / 72 h = 0.033.
        (
            1,
            (
                "no page alerts over 1h and 6h and no ticket alerts over 1d and 3d. They would fire at 0.48×, 0.2×, "
                "0.1× and 0.033×, and at such a pace the budget outlasts the window"
            ),
        ),
    ],
)
def test_a_short_window_names_the_alerts_that_it_lacks(days, said):
    assert left_out(burn_pairs(), days * DAY) == said


@given(objectives, st.integers(1, 10**9), st.data())
def test_more_bad_events_never_raise_the_budget(objective, total, draw):
    bad = draw.draw(st.integers(0, total))
    more = draw.draw(st.integers(bad, total))
    less_left = remaining_ratio(EventCount(total - more, total), objective)
    assert less_left <= remaining_ratio(EventCount(total - bad, total), objective)


@given(objectives, st.floats(1, 1e9))
def test_a_burn_rate_of_one_over_the_whole_window_leaves_nothing(objective, total):
    events = EventCount(total * objective, total)
    assert burn_rate(events, objective) == pytest.approx(1, rel=1e-6)
    assert remaining_ratio(events, objective) == pytest.approx(0, abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=2), st.data())
def test_counts_add_over_a_split_of_the_window(parts, draw):
    counts = [EventCount(good, good + bad) for good, bad in parts]
    cut = draw.draw(st.integers(1, len(counts) - 1))
    zero = EventCount(0, 0)
    assert sum(counts, zero) == sum(counts[:cut], zero) + sum(counts[cut:], zero)
