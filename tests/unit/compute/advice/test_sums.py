"""Sums of runs of hours, equal to the sums of exact arithmetic."""

import math
import random

import numpy as np

from sresnap.compute.advice.sums import CountSums, Sums
from sresnap.model.hours import HourlyCounts


def test_sums_of_whole_counts_and_fractions_are_exact_where_cumulative_floats_are_not():
    chance = random.Random(4)
    values = [chance.choice([1e9, 3e8 + 0.1, 0.3, 7.0]) for _ in range(5_000)]
    starts = np.array([chance.randrange(4_900) for _ in range(300)])
    ends = starts + np.array([chance.randrange(1, 100) for _ in range(300)])
    found = Sums.of(np.array(values)).between(starts, ends)
    exact = [math.fsum(values[a:b]) for a, b in zip(starts, ends, strict=True)]
    np.testing.assert_allclose(found, exact, rtol=1e-15, atol=1e-10)


def test_counts_too_large_for_whole_numbers_are_summed_as_floats():
    found = Sums.of(np.full(100, 1e18)).between(np.array([0]), np.array([100]))
    assert found.tolist() == [1e20]


def test_an_unknown_hour_adds_nothing_and_is_counted_as_unknown():
    hours = HourlyCounts(0, np.array([9.0, np.nan, 5.0]), np.array([10.0, np.nan, 6.0]))
    found = CountSums.of(hours).between(np.array([0, 1]), np.array([3, 2]))
    assert (found.good.tolist(), found.total.tolist(), found.known.tolist()) == ([14.0, 0.0], [16.0, 0.0], [2, 0])
    assert found.bad_ratio.tolist() == [2 / 16, 0.0]
