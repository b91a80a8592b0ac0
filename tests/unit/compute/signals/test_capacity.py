"""When a disk is full: a straight line through the week's hours, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.signals.capacity import capacity_trend, full_at
from sresnap.model.windows import DAY, HOUR, parse_time

NOW = parse_time("2026-11-22T21:00:00Z")


def hours_on(text):
    return (text - NOW) / HOUR


def growing(hours, level=0.5, step=0.01):
    return [level + step * index for index in range(hours)]


def test_a_steady_growth_reaches_the_top_in_a_straight_line():
    # 48 hours from 0.50 to 0.97 by 0.01 an hour: 0.03 are left, 3 hours.
    assert hours_on(full_at(NOW, growing(48))) == pytest.approx(3)


def test_the_line_is_by_least_squares_and_begins_at_its_own_value():
    # 0.50 and 0.52 in turn, with 0.001 an hour on top. Over 50 hours the turns tilt the line by
    # Σ (x − 24.5) × ±0.01 / Σ (x − 24.5)² = 0.25 / 10,412.5 = 0.000024 an hour: slope 0.001024. At the last hour it is
    # 0.51 + 0.001 × 24.5 + 0.001024 × 24.5 = 0.559588: (1 − 0.559588) / 0.001024 = 430.08 hours.
    values = [0.5 + 0.001 * index + 0.02 * (index % 2) for index in range(50)]
    slope = 0.001 + 0.25 / 10_412.5
    level = 0.51 + 0.001 * 24.5 + slope * 24.5
    assert hours_on(full_at(NOW, values)) == pytest.approx((1 - level) / slope, abs=1 / HOUR)


def test_unknown_hours_are_not_zeros_and_leave_the_line_where_it_is():
    values = [value if index % 3 else None for index, value in enumerate(growing(72, step=0.006))]
    # At the last hour the line is at 0.5 + 71 × 0.006 = 0.926: 0.074 / 0.006 = 12.33 hours.
    assert hours_on(full_at(NOW, values)) == pytest.approx(0.074 / 0.006, abs=1 / HOUR)


@pytest.mark.parametrize(
    "values",
    [
        [],
        growing(47),  # of less than two days a daily rhythm would look like growth
        [*growing(47), None],
        [0.5] * 48,
        growing(48, level=0.97, step=-0.01),
        growing(60, level=0.5, step=0.01),  # the line is past the top: 0.5 + 59 × 0.01 = 1.09
        growing(48, level=0.5, step=0.00005),  # 0.49765 / 0.00005 = 9,953 hours, 415 days
    ],
    ids=["nothing", "47 hours", "47 known hours", "level", "falling", "full", "beyond a year"],
)
def test_there_is_no_date_without_enough_growth(values):
    assert full_at(NOW, values) is None


def test_a_year_is_the_farthest():
    # 0.5 at the last hour and 0.5 left: at 0.5 / 8,760 an hour in just a year, a hair slower never.
    step = 0.5 / 8760
    year = [0.5 - step * (47 - index) for index in range(48)]
    assert hours_on(full_at(NOW, [value + 1e-9 for value in year])) * HOUR == pytest.approx(365 * DAY, abs=120)
    assert full_at(NOW, [value - 1e-6 for value in year]) is None


def test_a_trend_is_a_curve_of_all_hours_and_a_line_through_the_last_week():
    # Three weeks: two of them falling, the last 168 hours growing by 0.001 from 0.7 to 0.867: 133 hours are left.
    first = NOW - 21 * DAY
    found = capacity_trend(first, [*growing(336, level=0.9, step=-0.002), *growing(168, level=0.7, step=0.001)])
    assert (found.hours.start, len(found.hours.values)) == (parse_time("2026-11-01T22:00:00Z"), 504)
    assert hours_on(found.full_at) == pytest.approx(133)


def test_a_capacity_without_data_has_no_trend():
    assert capacity_trend(NOW - DAY, [None] * 24) is None
    assert capacity_trend(NOW - DAY, [None] * 23 + [0.5]).full_at is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 1.2)), max_size=200))
def test_a_date_lies_ahead_and_within_a_year_for_any_values(values):
    found = full_at(NOW, values)
    assert found is None or 0 <= found - NOW <= 365 * DAY
