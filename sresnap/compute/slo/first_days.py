"""The first days of a history: what is judged until a window is whole.

A history that begins within the window says nothing about the time before. What was seen is judged against the budget
of the whole window: the hours to come are part of it. Source: the definition of the error budget, 1 − objective of the
window's events (Google SRE workbook, chapter 2), with as many events an hour in the rest of the window as were seen.
"""

from __future__ import annotations

import numpy as np

from sresnap.compute.slo.budget import error_budget
from sresnap.model.hours import Floats, HourlyCounts
from sresnap.model.slo import Provisional
from sresnap.model.windows import HOUR, Period


def known_since(hours: HourlyCounts, ever: int | None = None) -> int | None:
    """Start of the first hour that is known; None where none is.

    Args:
        hours: back to two windows.
        ever: start of the first hour that was ever known, where it is before these.
    """
    known = np.flatnonzero(hours.known)
    if not known.size:
        return None
    first = hours.start + int(known[0]) * HOUR
    return first if ever is None else min(first, ever)


def provisional_of(since: int | None, period: Period) -> Provisional | None:
    """How much of a window has been seen, where the history begins within it; None for a whole window.

    Nothing was ever known before the first hour: so the history is young there. A later hour without data is a gap,
    however long, and gaps are judged by their coverage.

    Args:
        since: start of the first hour that was ever known.
        period: the window's span.
    """
    if since is None or since <= period.start:
        return None
    whole_at = since + period.length_seconds if period.resets_at is None else period.resets_at
    return Provisional(since, period.end - since, period.budget_seconds, whole_at)


def seen_ahead(provisional: Provisional | None, period: Period, steps: int) -> Floats:
    """The share of the window that will have been seen after one hour, two hours, …: 1 once it is whole."""
    if provisional is None:
        return np.ones(steps)
    ends = period.end + np.arange(1, steps + 1) * HOUR
    if period.resets_at is None:
        return np.minimum((ends - provisional.since) / period.length_seconds, 1.0)
    ends = np.minimum(ends, period.resets_at)
    seen: Floats = (ends - provisional.since) / (ends - period.start)
    return seen


def remaining_over_time(
    hours: HourlyCounts, first: int, since: int, window_hours: int | None, objective: float
) -> Floats:
    """The budget left at the end of each hour, of the window that ended then; NaN where nothing of it is known.

    It is what the report of that moment says: 1 − (1 − SLI) / (1 − objective), times the share of the window that had
    been seen while the history was young. A rolling window of two hours at 0.9 with 10, 0, 20 bad of 100 each: 1 −
    (10 / 100) / 0.1 × 1/2 = 0.5 after the first hour, 1 − (10 / 200) / 0.1 = 0.5 after the second, then 0.

    Args:
        hours: all hours that are known, up to one window before `first`.
        first: position of the first hour to show.
        since: start of the first hour that is known.
        window_hours: of a rolling window; None for a calendar window, which begins at `first`.
        objective: ratio in (0, 1).
    """
    ends = np.arange(first, len(hours)) + 1
    starts = np.full(ends.shape, first) if window_hours is None else ends - window_hours
    inside = np.maximum(starts, 0)
    good, total, known = (
        _between(values, inside, ends)
        for values in (np.nan_to_num(hours.good), np.nan_to_num(hours.total), hours.known.astype(np.float64))
    )
    begins = np.maximum(hours.index(since), starts)
    seen = (ends - begins) / (ends - starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = 1 - (total - good) / total / error_budget(objective) * seen
    found: Floats = np.where(known == 0, np.nan, np.where(total <= 0, 1.0, left))
    return found


def _between(values: Floats, starts: np.typing.NDArray[np.int64], ends: np.typing.NDArray[np.int64]) -> Floats:
    """The sum of values from each start to its end, not included."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    found: Floats = sums[ends] - sums[starts]
    return found
