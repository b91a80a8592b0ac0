"""Two Prometheus servers scrape one target: their series differ only in a replica label, and count once."""

import numpy as np
import pytest

from sresnap.compute.counting import Processes, count
from sresnap.compute.counting.copies import copied_targets, union
from sresnap.model.raw import Bounds, RawSeries

LABELS = ("prometheus_replica", "replica")
START, END = 600, 4200
DEATH = 2000


def events(time, since=0):
    """Five events a minute, evenly."""
    return np.floor(time / 12) - np.floor(since / 12)


def copy(replica, offset, value=events, times=None, **labels):
    scraped = np.arange(offset, END + 1, 60) if times is None else times
    shared = {"job": "shop", "instance": "a:80", "code": "500"}
    return RawSeries(shared | {"replica": replica} | labels, scraped.astype(float), value(scraped.astype(float)))


def restarting(time):
    """It begins at 900, restarts at 2000, and is down for ten seconds."""
    return np.where(time <= DEATH, events(time) + 900, events(time, DEATH + 10))


def counted(*series, labels=LABELS):
    return count(series, (), Processes(), replica_labels=labels).within(START, END)


def test_copies_count_once_from_the_last_scrape_of_either_to_the_last_scrape_of_either():
    # The last scrapes before the edges are at 590 (b) and 4190 (b): 349 − 49 = 300.
    assert counted(copy("a", 17), copy("b", 50)) == Bounds(300, 300)


def test_without_their_label_they_would_count_twice():
    assert counted(copy("a", 17), copy("b", 50), labels=()).low == 600


def test_a_copy_that_misses_an_hour_changes_no_count():
    times = np.array([t for t in range(50, END, 60) if not 900 <= t < 3300])
    assert counted(copy("a", 17), copy("b", 50, times=times)) == Bounds(300, 300)


@pytest.mark.parametrize("second", [0, 1])
def test_where_one_copy_is_missing_the_other_shows_the_restart(second):
    offsets = [(17, "a"), (50, "b")]
    whole = copy(offsets[second][1], offsets[second][0], restarting)
    part = np.array([t for t in range(offsets[1 - second][0], END, 60) if not 1500 <= t < 2700])
    found = counted(whole, copy(offsets[1 - second][1], 0, restarting, part))
    truth = events(4190) - events(590)  # ten seconds without events cost none: 2000 to 2010 holds 2004 only
    assert found.low <= truth <= found.high
    assert found.high - found.low <= 6


def test_a_gap_of_one_copy_may_hide_a_restart_that_the_other_shows():
    # At the first sample after the gap the new process has counted more than the old one had before it.
    def restarted_early(time):
        return np.where(time <= 1000, events(time), events(time, 1010))

    seen = np.array([t for t in range(17, END, 60) if not 990 <= t < 3300])
    found = counted(copy("a", 0, restarted_early, seen), copy("b", 50, restarted_early))
    # b shows 82 at 950 and 3 at 1070: the restart lost at most the ten events of two minutes, less the three.
    assert found == Bounds(297, 304)


def test_a_restart_that_both_show_is_one_restart():
    found = counted(copy("a", 17, restarting), copy("b", 50, restarting))
    # a saw the 166th event at 1997, and the restart at 2017: the rest counts from the 167th on.
    assert found.low == (166 - 49) + (349 - 167)
    assert found.low + 1 <= found.high <= found.low + 3


def test_scrapes_at_the_same_second_whose_values_are_out_of_order_do_not_restart():
    late = copy("b", 17.004, lambda time: events(time) - (time > 3000))
    assert counted(copy("a", 17), late) == Bounds(events(4157) - events(557), events(4157) - events(557))


def test_a_label_that_means_something_else_stays_apart():
    shard = copy("b", 50, lambda time: events(time) * 3 + 70_000)
    assert counted(copy("a", 17), shard) == Bounds(300 + 900, 300 + 900)


def test_a_label_that_is_not_named_stays_apart():
    assert counted(copy("a", 17), copy("b", 50), labels=("prometheus_replica",)).low == 600


def test_errors_that_never_happen_are_judged_by_the_traffic_beside_them():
    def none(time):
        return time * 0 + 7

    errors = [copy("a", 17, none), copy("b", 50, none)]
    traffic = [copy("a", 17, code="200"), copy("b", 50, lambda time: events(time) * 3 + 9000, code="200")]
    assert not copied_targets([*errors, *traffic], LABELS)


def test_a_target_is_scraped_whenever_one_of_its_copies_is():
    first = RawSeries({"__name__": "up", "instance": "a", "replica": "a"}, np.array([0.0, 60]), np.array([1.0, 0]))
    second = RawSeries({"__name__": "up", "instance": "a", "replica": "b"}, np.array([30.0]), np.array([1.0]))
    (joined,) = union([first, second], LABELS)
    assert (joined.times.tolist(), joined.values.tolist()) == ([0, 30, 60], [1, 1, 0])
    assert [times.tolist() for times in joined.copies] == [[0, 60], [30]]
    assert union([first], LABELS) == [first]


def test_a_target_whose_copies_were_never_scraped_together_is_left_to_its_labels():
    first = copy("a", 0, times=np.arange(0, 1800, 60))
    second = copy("b", 0, times=np.arange(1800, END + 1, 60))
    assert not copied_targets([first, second], LABELS)
    assert counted(first, second) == Bounds(300, 300), "one continues the other under a changed label"
