"""Prometheus's functions over scraped counters, by worked examples.

tests/integration/test_demo_against_prometheus.py holds them against the real thing.
"""

import dataclasses

import numpy as np
import pytest

from sresnap.demo.answers import quantile
from sresnap.demo.model import Scrapes, services
from sresnap.demo.pattern import BOUNDS
from sresnap.demo.scraped import Counters, Samples

SAMPLES = Samples(first=17, interval=60, count=20)
STEADY = services()[0]
RESTARTING = dataclasses.replace(
    STEADY, profile=dataclasses.replace(STEADY.profile, restart_every=10_000, restart_at=200)
)
"""Its only restart in these samples is at 200 s, between those at 197 s and 257 s."""


def _counter(value, service=STEADY):
    return Counters(lambda times: np.array([[value(t) for t in times]]), service, SAMPLES)


def _at(*seconds):
    return np.array([s * 1000 for s in seconds])


def _six_a_minute(t):
    return 100 + (t - 17) // 10


def _restarted(t):
    return 100 + (t - 17) // 10 if t < 200 else (t - 200) // 10


def test_samples_begin_with_the_first_scrape_and_end_at_now():
    assert Samples.of(Scrapes(60, 17), 600, 700) == Samples(617, 60, 2)
    assert Samples.of(Scrapes(60, 17), 600, 610) == Samples(617, 60, 0)


def test_an_instant_takes_the_last_sample_of_five_minutes():
    last = 17 + 19 * 60
    values = _counter(lambda t: t).instant(_at(16, 17, 76, 77, last + 300, last + 301))[0]
    assert values.tolist()[1:5] == [17, 17, 77, last]
    assert np.isnan(values[[0, 5]]).all()


def test_increase_is_extrapolated_to_the_edges_of_the_range():
    # Samples at 17 … 257 s: 24 in 240 s; both gaps, 17 s and 43 s, are under 1.1 intervals: 24 × 300 / 240.
    window = _counter(_six_a_minute).over(_at(300), 300_000)
    assert window.size.tolist() == [5]
    assert window.increase()[0, 0] == pytest.approx(30)
    assert window.rate()[0, 0] == pytest.approx(30 / 300)


def test_increase_is_extrapolated_by_half_an_interval_over_a_gap():
    # The range begins 283 s before the first sample: 24 × (240 + 30 + 43) / 240.
    window = _counter(_six_a_minute).over(_at(300), 583_000)
    assert window.increase()[0, 0] == pytest.approx(24 * 313 / 240)


def test_increase_is_not_extrapolated_to_before_the_counter_was_zero():
    # From 2 to 26: 240 s × 2 / 24 = 20 s before the first sample it was 0, which is later than the range's start, 40 s.
    window = _counter(lambda t: 2 + (t - 17) // 10).over(_at(300), 323_000)
    assert window.increase()[0, 0] == pytest.approx(24 * (240 + 20 + 43) / 240)


def test_a_range_includes_both_ends():
    assert _counter(_six_a_minute).over(_at(257), 240_000).size.tolist() == [5]
    assert _counter(_six_a_minute).over(_at(256), 239_000).size.tolist() == [4]


def test_one_sample_has_no_slope():
    assert np.isnan(_counter(_six_a_minute).over(_at(80), 30_000).increase()).all()


def test_a_restart_adds_the_value_before_it():
    # 100, 106, 112, 118 and then 5, 11: the growth is 18 + 11 = 29 over 300 s, stretched to 17 s and 23 s beside.
    window = _counter(_restarted, RESTARTING).over(_at(340), 340_000)
    assert window.resets.tolist() == [[1]]
    assert window.lowest.tolist() == [[5]]
    assert window.increase()[0, 0] == pytest.approx(29 * 340 / 300)


def test_a_restart_counts_where_both_of_its_samples_are_in_the_range():
    counter = _counter(_restarted, RESTARTING)
    assert counter.over(_at(257), 60_000).resets.tolist() == [[1]]
    assert counter.over(_at(256), 60_000).resets.tolist() == [[0]]
    assert counter.over(_at(300), 102_000).resets.tolist() == [[0]]


def test_counted_is_the_counter_s_own_difference():
    assert _counter(_six_a_minute).counted(_at(600), 300_000).tolist() == [[30]]


def test_counted_leaves_a_restart_to_the_samples():
    counter = _counter(_restarted, RESTARTING)
    # The second restart lies between the sample before the range and the first one in it, where resets() does not look.
    assert [counter.counted(_at(500), span)[0, 0] for span in (360_000, 250_000)] == [np.inf, np.inf]


def test_counted_leaves_a_series_that_begins_in_the_range_to_the_samples():
    counter = _counter(_six_a_minute)
    assert counter.counted(_at(300), 300_000)[0, 0] == np.inf
    assert np.isnan(counter.counted(_at(-900), 300_000)[0, 0])


def test_samples_of_a_range_are_those_that_were_scraped():
    times, values = _counter(_six_a_minute).within(300_000, 120_000)
    assert len(times) == 2
    assert np.diff(values).tolist() == [[6]]


def _cumulative(*counts):
    return np.cumsum(np.array(counts, dtype=float))[:, None]


def test_a_quantile_is_interpolated_within_its_bucket():
    # All of 100 between 0.2 and 0.3: rank 99 is 99 % of the way.
    counts = [0] * 11
    counts[BOUNDS.index(0.3)] = 100
    assert quantile(0.99, _cumulative(*counts))[0] == pytest.approx(0.299)


def test_a_quantile_in_the_first_bucket_counts_from_zero():
    assert quantile(0.99, _cumulative(200, *[0] * 10))[0] == pytest.approx(0.0099)


def test_a_quantile_above_the_last_bound_is_that_bound():
    assert quantile(0.99, _cumulative(1, *[0] * 9, 99))[0] == 5.0


def test_a_quantile_without_events_is_nan():
    assert np.isnan(quantile(0.99, _cumulative(*[0] * 11))[0])
