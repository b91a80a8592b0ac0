"""The counters of `make accuracy`: their truth is worked out, not measured."""

import numpy as np
import pytest

from sresnap.model.windows import DAY, HOUR
from tests.accuracy.__main__ import error
from tests.accuracy.counters import END, KINDS, START, Counter, counters, intervals


@pytest.mark.parametrize("interval", [5, 60, 120])
def test_a_steady_counter_has_its_rate_between_scrapes(interval):
    # 5 good a second over an hour between scrapes of the same beat: 18,000.
    assert Counter("steady", interval).true("200", END - HOUR, END) == 18_000


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"restarting", "collector"}])
def test_no_series_falls_unless_its_process_restarts(kind):
    series = Counter(kind, intervals(kind)[-1]).series("200")
    assert not any((np.diff(values) < 0).any() for _, _, values in series)


@pytest.mark.parametrize(("kind", "amount"), [("restarting", 18), ("collector", 26)])
def test_a_process_that_restarts_falls_each_time(kind, amount):
    ((_, _, values),) = Counter(kind, 120).series("200")
    assert int((np.diff(values) < 0).sum()) == amount


def test_a_vanished_counter_has_no_more_events_and_a_newborn_is_born_with_five():
    assert Counter("vanishing", 120).true("500", END - DAY, END) == 0
    ((_, _, values),) = Counter("newborn", 60).series("500")
    assert values[0] == 5
    assert Counter("newborn", 60).true("500", START, END) == values[-1]


def test_an_expiring_series_is_there_for_five_minutes_after_each_error():
    ((_, _, values),) = Counter("expiring", 60).series("500")
    assert len(np.unique(values)) == Counter("expiring", 60).true("500", START, END)
    assert set(np.unique(values, return_counts=True)[1]) == {5}


def test_a_second_cluster_adds_what_it_counts_since_its_first_scrape():
    alone, both = Counter("steady", 60), Counter("second cluster", 60)
    assert both.true("500", START, END) == pytest.approx(alone.true("500", START, END) * (1 + 8.94 / 29), rel=0.002)


def test_copies_show_the_same_events_at_different_seconds():
    (_, first, one), (_, second, other) = Counter("replicas", 120).series("500")
    assert not set(first.tolist()) & set(second.tolist())
    assert one[0] <= other[0] <= one[1]


def test_twenty_pods_are_there_at_any_time_of_the_deploys():
    lives = [(times[0], times[-1]) for _, times, _ in Counter("deploys", 120).series("200")]
    assert len(lives) == 4 * 29 * 20
    assert 19 <= sum(first <= END - DAY <= last for first, last in lives) <= 20


def test_every_counter_has_a_name_of_its_own():
    names = [counter.name for counter in counters()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("answer", "truth", "text"),
    [(None, 3, "no data"), (3.0, 3, "exact"), (3.03, 3, "+1 %"), (2.0, 0, "+2 events"), (0.0, 0, "exact")],
)
def test_an_error_is_signed_and_exact_only_to_the_event(answer, truth, text):
    assert error(answer, truth) == text
