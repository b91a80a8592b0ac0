"""The traffic that is expected: of each hour of the week, as it was."""

from __future__ import annotations

import numpy as np

from sresnap.model.events import MeanHour
from sresnap.model.hours import Floats, HourlyCounts
from sresnap.model.windows import DAY, HOUR, floor

_WEEK_HOURS = 7 * 24
_DAY_HOURS = 24
TRAFFIC_HOURS = 28 * 24
"""The last four weeks say what the next ones bring; last winter does not."""
_EPOCH_IS_A_THURSDAY = 3 * DAY


def traffic_by_hour(hours: HourlyCounts) -> Floats:
    """The mean total of each hour of the week, from Monday 00:00 UTC, of the last four weeks of some hours.

    An hour of the week that was never seen has the mean of its hour of the day, or else of all hours. NaN without data.
    Two Mondays with 100 and 200 events from 9 to 10: 150 on the next Monday, and on a Tuesday that was not seen.
    """
    late = hours.tail(TRAFFIC_HOURS)
    known = late.known
    slots = (_slot(late.start) + np.flatnonzero(known)) % _WEEK_HOURS
    sums = np.bincount(slots, weights=late.total[known], minlength=_WEEK_HOURS).astype(np.float64)
    seen = np.bincount(slots, minlength=_WEEK_HOURS).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_week = sums / seen
        by_day = np.tile(_days(sums) / _days(seen), _WEEK_HOURS // _DAY_HOURS)
        mean = sums.sum() / seen.sum()
    by_day = np.where(np.isnan(by_day), mean, by_day)
    return np.where(np.isnan(by_week), by_day, by_week)


def _days(by_week: Floats) -> Floats:
    """The sum of each hour of the day over the days of the week."""
    total: Floats = by_week.reshape(-1, _DAY_HOURS).sum(axis=0)
    return total


def _slot(time: int) -> int:
    """The hour of the week that holds a time."""
    return (time + _EPOCH_IS_A_THURSDAY) // HOUR % _WEEK_HOURS


def arriving(mean: MeanHour, traffic: Floats, at: int, end: int) -> HourlyCounts:
    """What comes in each hour from `at` to `end`: the expected traffic, with the error ratio of a pace.

    A pace with 2 bad of 100 and 150 events expected in an hour: 3 bad ones. At half past, an hour ahead is half of one
    hour of the week and half of the next; the last one may be cut short. A pace without traffic brings no errors, and
    where no traffic is known the pace's own is expected.
    """
    first, edges = floor(at, HOUR), _edges(at, end)
    slots = (_slot(at) + np.arange(-((first - end) // HOUR))) % _WEEK_HOURS
    expected = np.where(np.isnan(traffic), mean.arriving.total, traffic)[slots]
    so_far = np.concatenate([[0.0], np.cumsum(expected)])
    total = np.diff(np.interp((edges - first) / HOUR, np.arange(len(so_far)), so_far))
    ratio = (mean.total - mean.good) / mean.total if mean.total > 0 else 0.0
    return HourlyCounts(at, total - total * ratio, total)


def at_mean(mean: MeanHour, at: int, end: int) -> HourlyCounts:
    """The mean hour in each hour from `at` to `end`: how reports of an older version forecast."""
    length = np.diff(_edges(at, end)) / HOUR
    return HourlyCounts(at, length * mean.arriving.good, length * mean.arriving.total)


def _edges(at: int, end: int) -> Floats:
    """The moments at which an hour ahead begins or ends; the last one is the end."""
    found: Floats = np.minimum(np.arange(at, end + HOUR, HOUR), end).astype(np.float64)
    return found
