"""What the samples of a counter prove and leave open, case by case: value before → value after, and what is counted.

Scrapes come each minute. The window is (600, 4200]; the target is scraped all along unless a case says otherwise.
"""

from itertools import pairwise

import numpy as np
import pytest

from sresnap.compute.counting import START_TIME, Processes, ProcessSamples, count
from sresnap.model.raw import Bounds, RawSeries

START, END = 600, 4200
TARGET = ("shop", "a:80")
ALL = range(0, 4201, 60)
EU = {"zone": "eu"}


def series(points, **labels):
    times, values = np.array(sorted(points.items()), dtype=float).T
    return RawSeries({"job": "shop", "instance": "a:80", **labels}, times, values)


def steady(per_scrape=300, since=5_000_000, times=ALL, **labels):
    return series({time: since + time // 60 * per_scrape for time in times}, **labels)


def up(times=ALL, started=None):
    start_time = None if started is None else series({time: started(time) for time in times})
    return Processes({TARGET: ProcessSamples(series(dict.fromkeys(times, 1)), start_time)})


def errors(values, times=ALL):
    """A series by pairs (from which time on, value)."""
    points = {}
    for time in times:
        value = [value for since, value in values if since <= time][-1:]
        if value and value[0] is not None:
            points[time] = value[0]
    return series(points, code="500")


def counted(one, around=(), processes=None):
    return count([one], around, up() if processes is None else processes).within(START, END)


def test_a_counter_that_only_rises_counts_its_rise():
    assert counted(steady()) == Bounds(18_000, 18_000)


def test_a_rise_belongs_to_the_window_of_its_later_sample():
    assert counted(errors([(0, 7), (600, 9), (660, 12)])) == Bounds(3, 3)


@pytest.mark.parametrize(("rises", "high"), [([(0, 500), (1200, 510), (1800, 4)], 10), ([(0, 500), (1800, 40)], 40)])
def test_a_fall_is_a_restart_and_what_was_lost_is_at_most_the_busiest_interval(rises, high):
    found = counted(errors(rises))
    lost_nothing = sum(after - before for (_, before), (_, after) in pairwise(rises) if after >= before)
    assert found == Bounds(lost_nothing + rises[-1][1], lost_nothing + max(high, rises[-1][1]))


def test_what_was_lost_while_a_series_was_away_is_at_most_what_the_whole_span_held():
    """One error in half an hour is the most that was seen: 30 minutes after one another have lost two, and not 30."""
    found = counted(errors([(0, 5), (600, 6), (1800, None), (3540, 1)]))
    assert found == Bounds(1, 2)


@pytest.mark.parametrize(("started", "high"), [(lambda time: -9000 if time <= 1740 else 1770, 0), (None, 2)])
def test_after_a_restart_whose_time_is_known_nothing_is_lost(started, high):
    rare = errors([(0, 5), (600, 6), (1800, None), (3540, 1)])
    assert count([rare], [], up(started=started)).within(2400, 3000) == Bounds(0, high)


def test_more_samples_may_widen_the_bounds_where_a_restart_may_hide():
    """The errors are away for half an hour after a restart. The successes rise from 1 again, so each of their steps
    may hide another one: five steps have a bound of their own, where half as many samples have two."""

    def high(step):
        times = range(0, 4201, step)
        rare = errors([(0, 5), (600, 6), (1800, None), (3540, 1)], times)
        busy = series({time: (5_000 + time) // 60 if time <= 1740 else 1 + (time - 1740) // 60 for time in times})
        return count([busy], [rare], up(times)).within(1920, 2160).high

    assert high(60) > high(120) > 4


def test_a_restart_right_after_a_scrape_lost_nothing():
    process = up(started=lambda time: -9000 if time <= 1800 else 1800)
    restarted = series({time: 5_000 + time if time <= 1800 else (time - 1800) * 5 for time in ALL})
    assert counted(restarted, processes=process) == Bounds(1200 + 12_000, 1200 + 12_000)


def test_a_restart_that_the_value_hides_shows_in_the_start_time():
    process = up(started=lambda time: -9000 if time <= 1800 else 1830)
    found = counted(errors([(0, 3), (1860, 5)]), processes=process)
    assert (found.low, found.high) == (5, 5 + 2)


def test_an_expired_series_that_returns_is_compared_with_its_last_value():
    expiring = errors([(0, 7), (420, None), (1200, 8), (1500, None), (3600, 9), (3900, None)])
    assert counted(expiring, [steady(code="200")]) == Bounds(2, 2)


def test_an_expired_series_that_is_absent_at_both_ends_counts():
    assert counted(errors([(0, 7), (120, None), (1200, 8), (1500, None)]), [steady(code="200")]) == Bounds(1, 1)


def test_a_label_that_is_added_to_a_running_target_changes_no_count():
    before = [steady(times=range(0, 1801, 60), code=code) for code in ("200", "500")]
    after = [steady(times=range(1860, 4201, 60), code=code, cluster="eu") for code in ("200", "500")]
    assert count([*before, *after], (), up()).within(START, END) == Bounds(36_000, 36_000)


def test_another_target_with_the_same_labels_is_not_a_birth():
    second = steady(per_scrape=200, since=2_000_000, times=range(1860, 4201, 60), cluster="eu")
    found = count([steady(cluster="us"), second], (), up()).within(START, END)
    assert found.low == 18_000 + 39 * 200
    assert found.high == found.low + 5 * 200


def test_the_first_error_of_a_running_target_counts():
    assert counted(errors([(0, None), (1800, 1)]), [steady(code="200")]) == Bounds(1, 1)


def test_the_first_errors_of_an_outage_count():
    outage = series({time: (time - 1740) for time in range(1800, 4201, 60)}, code="500")
    assert counted(outage, [steady(code="200")]) == Bounds(2460, 2460)


def test_a_first_value_that_its_growth_does_not_explain_is_in_the_bound_only():
    assert counted(errors([(0, None), (1800, 37)]), [steady(code="200")]) == Bounds(0, 37)


def test_a_storm_of_errors_may_be_many_times_the_traffic_of_its_target():
    # Clients that retry: 3,000 errors in the minute before 1800, beside 100 requests a minute.
    assert counted(errors([(0, None), (1800, 3000)]), [steady(per_scrape=100, code="200")]) == Bounds(0, 3000)


def test_the_first_errors_are_possible_where_no_traffic_of_their_target_is_known():
    outage = errors([(0, None), (1800, 3000)])
    assert counted(outage) == Bounds(0, 3000)
    several = [series(dict.fromkeys(range(1800, 4201, 60), 40), reason=name) for name in "abc"]
    assert count(several, (), up()).within(START, END) == Bounds(0, 120)


@pytest.mark.parametrize(
    "others", [(), (steady(per_scrape=100, since=-5950, times=range(3600, 4201, 60), code="200"),)]
)
def test_what_a_new_process_counted_at_its_start_is_possible_however_slowly_it_grows_later(others):
    # A new pod without a start time: 500 errors before its first scrape, then one more in ten minutes.
    times = range(3600, 4201, 60)
    running = series(dict.fromkeys(ALL, 7), instance="b:1", code="500")
    found = counted(errors([(3600, 500), (4200, 501)], times), (running, *others), up(times))
    assert found == Bounds(1, 501)


def test_what_the_first_targets_of_all_counted_before_was_not_seen():
    # Prometheus keeps nothing older, and nothing shows when the process started.
    times = range(3600, 4201, 60)
    traffic = steady(per_scrape=100, since=200_000, times=times, code="200")
    found = counted(errors([(3600, 32_191), (4200, 32_192)], times), [traffic], up(times))
    assert found == Bounds(1, 1 + 1), "one more may have come right before the first scrape"


def test_what_a_process_counted_that_began_right_before_the_window_is_possible():
    times = range(660, 4201, 60)
    assert counted(errors([(660, 500)], times), processes=up(times, lambda _: 590)) == Bounds(0, 500)


def test_old_errors_of_another_cluster_are_known_by_the_traffic_that_comes_with_them():
    later = range(1860, 4201, 60)
    old = series(dict.fromkeys(later, 9301), code="500", cluster="eu")
    traffic = [steady(code="200", cluster="us"), steady(since=2_000_000, times=later, code="200", cluster="eu")]
    found = count([old], traffic, up()).within(START, END)
    assert found == Bounds(0, 1200), "twice what both count in a minute"


def test_a_storm_while_another_cluster_appears_is_not_an_old_count():
    later = range(1860, 4201, 60)
    storm = series(dict.fromkeys(later, 9301), code="500", cluster="us")
    traffic = [steady(code="200", cluster="us"), steady(since=2_000_000, times=later, code="200", cluster="eu")]
    assert count([storm], traffic, up()).within(START, END) == Bounds(0, 9301)


def test_an_expired_series_may_have_restarted_before_it_is_back_where_nothing_shows_its_process():
    expiring = errors([(0, 10), (1200, None), (3600, 12)])
    assert counted(expiring) == Bounds(2, 12)
    assert counted(expiring, [steady(code="200")]) == Bounds(2, 2), "another series of the process did not fall"


def test_a_value_that_continues_as_expected_hides_no_restart():
    expiring = errors([(0, 4000), (1200, None), (3600, 4002)])
    assert counted(expiring) == Bounds(2, 2)


def test_a_restart_that_another_series_shows_may_have_brought_a_storm():
    traffic = series({time: 500_000 + time if time < 1800 else time - 1790 for time in ALL}, code="200")
    found = counted(errors([(0, 5), (1800, 7)]), [traffic])
    assert found == Bounds(2, 7 + 2), "all seven since the restart, and as many lost as any other interval held"


def test_few_errors_of_a_target_whose_labels_change_are_not_counted_again():
    before, after = range(0, 1801, 60), range(1860, 4201, 60)
    old, new = (series(dict.fromkeys(times, 42), code="500", **zone) for times, zone in ((before, {}), (after, EU)))
    traffic = [steady(since=9000, times=before, code="200"), steady(since=9000, times=after, code="200", **EU)]
    seen = [series(dict.fromkeys(times, 1), __name__="up", **zone) for times, zone in ((before, {}), (after, EU))]
    assert count([old, new], traffic, Processes.of(seen)).within(START, END) == Bounds()


def test_a_fall_that_a_storm_follows_may_have_lost_what_an_interval_held():
    assert counted(errors([(0, 500), (1200, 510), (1800, 40)])) == Bounds(50, 60)


@pytest.mark.parametrize(("start", "low", "high"), [(1830, 1050, 1050), (-9000, 0, 0), (None, 0, 1050)])
def test_the_first_value_of_a_new_target_counts_if_its_process_is_new(start, low, high):
    times = range(1860, 4201, 60)
    process = up(times, None if start is None else lambda _: start)
    running = series(dict.fromkeys(ALL, 7), instance="b:1")
    assert counted(series(dict.fromkeys(times, 1050)), (running,), process) == Bounds(low, high)


def test_a_long_lived_target_that_is_scraped_for_the_first_time_is_bounded_by_its_growth():
    times = range(1860, 4201, 60)
    assert count([steady(times=times)], (), up(times)).within(START, END) == Bounds(39 * 300, 39 * 300 + 5 * 300)


def test_a_gap_hides_no_restart_of_a_counter_that_is_too_high():
    with_gap = steady(times=[time for time in ALL if not 1800 <= time < 2700])
    assert counted(with_gap, processes=up([time for time in ALL if not 1800 <= time < 2700])) == Bounds(18_000, 18_000)


def test_a_gap_may_hide_a_restart_of_a_young_counter():
    times = [time for time in ALL if not 1800 <= time < 2700 and time >= 1500]
    young = series({time: time - 1500 if time < 2700 else time - 2000 for time in times})
    assert count([young], (), up(times)).within(1740, 2700) == Bounds(460, 960)


def test_a_series_that_expired_may_be_back_under_another_label():
    old = errors([(0, 7), (420, None)])
    new = series({time: 8 + time // 1800 * 30 for time in range(1200, 4201, 60)}, code="500", cluster="eu")
    found = count([old, new], [steady(code="200")], up()).within(START, 1200)
    assert found == Bounds(1, 8)


def test_a_window_that_ends_before_a_restarted_counter_is_back_is_bounded():
    growing = {time: time // 60 * 5 for time in ALL if time < 4140} | {4260: 3}
    found = count([series(growing, code="500")], [steady(code="200")], up()).within(START, 4140)
    assert found == Bounds(58 * 5, 59 * 5)


@pytest.mark.parametrize("process", [up(), up(started=lambda time: 0 if time <= 1200 else 1230)])
def test_a_restart_before_the_first_error_may_have_lost_what_an_interval_held(process):
    # The successes fall after 1200. The first error is shown at 3000, and four more come with the next scrape.
    successes = series({time: 5_000_000 + time if time <= 1200 else time for time in ALL}, code="200")
    found = count([errors([(3000, 1), (3060, 5)])], [successes], process)
    assert found.within(START, END) == Bounds(5, 5 + 4)
    assert found.within(START, 1260) == Bounds(0, 4), "the report of that minute has no error yet"
    assert found.within(1260, END) == Bounds(5, 5), "the restart was before the window"


def test_a_series_with_one_sample_has_a_finite_bound_where_scrapes_are_missing_after_it():
    times = [time for time in ALL if not 1860 < time < 2400]
    found = counted(errors([(0, None), (1800, 1), (1860, None)], times), [steady(times=times, code="200")], up(times))
    # The process may have restarted after the sample. Nine minutes are missing, and two more show nothing of it.
    assert found == Bounds(1, 1 + 11)
    alone = counted(errors([(0, None), (1800, 1), (1860, None)], times), processes=up(times))
    assert alone == Bounds(0, 1), "without other counters nothing shows that the target was not another one"


def test_nothing_is_counted_where_there_is_nothing():
    empty = RawSeries({}, np.array([]), np.array([]))
    assert count([empty], (), Processes()).within(START, END) == Bounds()
    assert count([], (), Processes()).within(START, END) == Bounds()


def test_targets_of_two_clusters_with_the_same_names_are_separated_by_their_up():
    # Another cluster's target, counting since long ago, while this one restarts: the start time is not the other's.
    here = [series({time: time if time <= 1800 else time - 1800 for time in ALL}, cluster="here")]
    there = [steady(cluster="there")]
    seen = [series(dict.fromkeys(ALL, 1), __name__="up", cluster=name) for name in ("here", "there")]
    started = series({time: -9000 if time <= 1800 else 1800 for time in ALL}, __name__=START_TIME, cluster="here")
    found = count([*here, *there], (), Processes.of([*seen, started])).within(START, END)
    assert found == Bounds(1200 + 2400 + 18_000, 1200 + 2400 + 18_000)


def test_a_target_whose_labels_change_is_one_target():
    before, after = range(0, 1801, 60), range(1860, 4201, 60)
    seen = [series(dict.fromkeys(before, 1), __name__="up"), series(dict.fromkeys(after, 1), __name__="up", zone="eu")]
    (target,) = Processes.of(seen).samples.values()
    assert len(target.up.times) == len(ALL)


def test_start_times_that_contradict_each_other_say_nothing():
    both = [series(dict.fromkeys(ALL, start), __name__=START_TIME, pid=str(start)) for start in (-9000, 1800)]
    seen = series(dict.fromkeys(ALL, 1), __name__="up")
    assert Processes.of([seen, *both]).samples[TARGET].start_time is None


def test_a_target_that_was_scraped_once_has_counts():
    once = errors([(3600, 4), (3660, None)], [3600])
    assert counted(once, processes=up([3600])) == Bounds(0, 4)


@pytest.mark.parametrize(("tail", "lost"), [(60, 5), (600, 0)])
def test_a_series_that_ends_while_it_grows_may_have_restarted(tail, lost):
    # It gains five a minute until 1800, or until it has been quiet for ten minutes, as before it expires.
    growing = series({time: min(time, 1800) // 12 for time in range(0, 1800 + tail, 60)}, code="500")
    found = count([growing], (), up()).within(START, END)
    assert (found.low, found.high) == (100, 100 + 2 * lost)
    beside = count([growing], [steady(code="200")], up()).within(START, END)
    assert beside == Bounds(100, 100), "another series of the process did not fall"
