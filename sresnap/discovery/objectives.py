"""Objectives from what was seen: the strictest of the usual ones that was met with some slack. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sresnap import format as fmt
from sresnap.model.windows import DAY, HOUR

_USUAL = (99.95, 99.9, 99.5, 99.0, 98.0, 95.0, 90.0)
"""Percent. The Google SRE workbook, chapter 2, begins with what a service does today, too."""
_LATENCY = (99.0, 95.0, 90.0)
_SLACK = 0.5
"""The share of the error budget that what was seen may have used."""
_LEAST_BUDGET = 10
"""Bad events that the budget of four weeks must allow. With fewer, a single one decides."""
_FIRST_DAY = 99.5
"""The highest objective that less than a day of data can support."""
DEFAULT = 99.0
"""Percent, where nothing was seen."""
_WINDOW = 28 * DAY
_LEAST_EVENTS = 100
"""Requests without which no latency threshold is proposed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a service did in the last days."""

    seconds: int
    """The time with data."""
    total: float | None = None
    """Events; None for a service that is judged by time, or has no data."""
    bad: float | None = None
    """The most bad events that the samples allow; None where it is unknown."""
    least: float | None = None
    """The fewest bad events."""
    up: float | None = None
    """The share of time that was good."""
    day: float | None = None
    """Events in the last 24 hours; all of them where less was seen."""
    spans: Mapping[int, float] = field(default_factory=dict, compare=False, repr=False)
    """By the end of each hour with data, its events; also of the part of the running hour."""

    @property
    def errors(self) -> float | None:
        """The highest share of bad events that the samples allow."""
        return None if not self.total or self.bad is None else self.bad / self.total

    @property
    def least_errors(self) -> float | None:
        """The lowest share."""
        return None if not self.total or self.least is None else self.least / self.total


@dataclass(frozen=True, slots=True)
class Proposal:
    """An objective, and why."""

    percent: float
    reason: str
    threshold: str | None = None
    """Of a latency objective, as sresnap.yaml has it: `250ms`."""


def availability(seen: Seen) -> Proposal:
    """The objective for events or time.

    Of a million requests in seven days, 400 failed: 0.04 %. Half of what 99.95 allows is 0.025 %, which is less;
    half of what 99.9 allows is 0.05 %, which is more. So 99.9 is proposed. It is never below 90.
    """
    share = seen.errors if seen.up is None else 1 - seen.up
    if share is None:
        return Proposal(DEFAULT, "nothing was seen yet, so this is a guess")
    time = since(seen.seconds)
    what = f"{fmt.plain(fmt.percent(1 - share, 2))} was good in {time}"
    if share >= 1:
        return Proposal(DEFAULT, f"nothing was good in {time}: is that true? This is a guess, not what was seen")
    met = [one for one in _USUAL if share <= _slack(one)]
    if not met:
        least = _USUAL[-1]
        if (1 - share) * 100 < least:
            what += f", which is less than {least:g} %. An objective that allows so many failures promises nothing"
        return Proposal(least, f"{what}: is that what users should get?")
    if seen.seconds < DAY:
        met = [one for one in met if one <= _FIRST_DAY]
        what += ", which is not a day yet"
    if seen.up is None:
        enough = [one for one in met if _budget(seen, one) >= _LEAST_BUDGET]
        if not enough:
            few = [one for one in met if one <= DEFAULT]
            return Proposal(max(few), f"{what}; so few requests that one failure weighs much")
        if max(enough) < max(met):
            what += "; a stricter one would allow fewer than ten failures in 28 days"
        met = enough
    return Proposal(max(met), what)


def unseen(seen: Seen, days: int) -> str | None:
    """Why there is nothing to propose an objective from; None where there is something.

    Args:
        seen: what the service did.
        days: how many were asked for.
    """
    if not seen.seconds:
        return f"data in 0 of the last {days * DAY // HOUR} hours, so it cannot be judged"
    if seen.total == 0:
        return f"its counter did not move in {since(seen.seconds)} with data, so it cannot be judged"
    if seen.up is None and seen.errors is None:
        return "its errors could not be counted"
    return None


def latency(buckets: Mapping[float, float], written: Mapping[float, str], seen: Seen) -> Proposal | str:
    """The objective for latency, or why there is none.

    Args:
        buckets: by upper bound in seconds, the events of the last day under it. The infinite one has all.
        written: each bound as sresnap.yaml has it.
        seen: what the service did.
    """
    untimed = _untimed(buckets.get(math.inf, 0.0), seen)
    every = buckets.get(math.inf, 0.0) + untimed
    seconds = min(seen.seconds, DAY)
    if every < _LEAST_EVENTS:
        return "too few requests in the last day to propose a latency"
    finite = sorted(bound for bound in buckets if bound < math.inf)
    for percent in _LATENCY:
        for bound in finite:
            if 1 - buckets[bound] / every <= _slack(percent):
                share = fmt.plain(fmt.percent(buckets[bound] / every, 2))
                reason = f"{share} took at most {written[bound]} in {since(seconds)}; buckets: {_some(finite, written)}"
                return Proposal(percent, reason, written[bound])
    if not finite:
        return "the histogram has only the bucket +Inf: switch its buckets on"
    if untimed and buckets[finite[-1]] / (every - untimed) >= 1 - _slack(_LATENCY[-1]):
        return "no latency: failures are not fast under any threshold, and too many failed"
    return f"fewer than 95 % were faster than the highest bucket, {written[finite[-1]]}: add higher buckets"


def _untimed(timed: float, seen: Seen) -> float:
    """The failed events of the last day that the histogram lacks: Celery's has only tasks that succeeded.

    Of 123 tasks 13 failed, and the histogram has 110: it lacks 13, which are not fast. If it had all 123, it would lack
    none. It never lacks more than failed: another difference is one of counting.
    """
    day = seen.day or 0.0
    return min(max(0.0, day - timed), (seen.errors or 0.0) * day)


def _slack(percent: float) -> float:
    """The share of bad events up to which an objective counts as met. In binary, 0.025 % is not half of 0.05 %."""
    return (100 - percent) / 100 * _SLACK + 1e-12


def _budget(seen: Seen, percent: float) -> float:
    """The bad events that four weeks of the same traffic allow."""
    return (seen.total or 0.0) / max(seen.seconds, HOUR) * _WINDOW * (1 - percent / 100)


def _some(bounds: list[float], written: Mapping[float, str]) -> str:
    most = 8
    texts = [written[bound] for bound in bounds]
    return ", ".join(texts if len(texts) <= most else [*texts[: most - 1], "…", texts[-1]])


def since(seconds: int) -> str:
    """A time with data, in words."""
    if seconds >= 2 * DAY:
        return f"{round(seconds / DAY)} days"
    hours = max(1, round(seconds / HOUR))
    return f"{hours} hours" if hours > 1 else "an hour or less"
