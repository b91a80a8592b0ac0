"""Series that are one counter: a target whose labels change ends all its series, and others continue them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sresnap.compute.counting.growth import OF_VALUE, USUAL, Growth
from sresnap.compute.counting.processes import Processes, TargetKey
from sresnap.compute.counting.target import Target
from sresnap.model.hours import Floats
from sresnap.model.raw import RawSeries

FIRST_EVENT = 1.0
"""A series that a running target shows for the first time with this value was born with its first event."""
_MISSED = 1
"""How many scrapes of the target may have neither the old series nor the new one."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A counter of one target under all labels that it had."""

    series: RawSeries
    target: Target
    replaced: tuple[Chain, ...] = ()
    """Other series of the target that ended where this one began: it may replace one of them after a restart."""
    earlier: float = 0.0
    """The last value of a series under more or fewer labels that ended long before: this one may continue it."""
    known_since: float = -np.inf
    """When the first target of all was scraped for the first time: what came before was not seen."""
    growth: Growth = field(init=False)

    def __post_init__(self) -> None:
        times, target = self.series.times, self.target
        seconds, rises = np.diff(times), np.diff(self.series.values)
        clear = (rises >= 0) & ~target.is_late(times)
        for i in np.flatnonzero((rises >= 0) & ~clear):
            clear[i] = target.is_one_process(float(times[i]), float(times[i + 1]))
        seconds, rises = seconds[clear], rises[clear]
        first, before = float(times[0]), target.scrape_before(float(times[0]))
        value = float(self.series.values[0])
        if before is not None and value <= FIRST_EVENT and target.usually_counts(value, first - before):
            seconds, rises = np.append(first - before, seconds), np.append(value, rises)
        object.__setattr__(self, "growth", Growth.of(seconds, rises))

    def lost(self, until: float) -> float:
        """The most events of a replaced series between its last sample and a time."""
        known = (old.growth.most(until - float(old.times[-1])) for old in self.replaced)
        return max((most for most in known if most < np.inf), default=0.0)

    @property
    def times(self) -> Floats:
        return self.series.times

    @property
    def values(self) -> Floats:
        return self.series.values


def chains(selected: Iterable[RawSeries], known: Mapping[TargetKey, Target], processes: Processes) -> list[Chain]:
    """The counters of a selection."""
    members: dict[TargetKey, list[Chain]] = defaultdict(list)
    since = min((float(target.scrapes[0]) for target in known.values() if len(target.scrapes)), default=-np.inf)
    for series in selected:
        if len(series.times):
            key = processes.key(series.labels)
            members[key].append(Chain(series, known[key], known_since=since))
    return [chain for found in members.values() for chain in _joined(found)]


def _joined(found: list[Chain]) -> list[Chain]:
    """The chains of one target, with those that continue another one joined to it."""
    pairs = [
        (_in_common(old, new), i, j)
        for i, old in enumerate(found)
        for j, new in enumerate(found)
        if i != j and _continues(old, new)
    ]
    following: dict[int, int] = {}
    for common, i, j in sorted(pairs, key=lambda pair: -pair[0]):
        rivals = [pair for pair in pairs if pair[0] == common and (pair[1] == i) != (pair[2] == j)]
        if i not in following and j not in following.values() and not rivals:
            following[i] = j
    heads = [i for i in range(len(found)) if i not in following.values()]
    ends = [old for i, old in enumerate(found) if i not in following]
    return [_one(found, head, following, ends) for head in heads]


def _one(found: list[Chain], head: int, following: Mapping[int, int], ends: list[Chain]) -> Chain:
    parts = [found[head]]
    replaced = tuple(old for old in ends if _follows(old, parts[0]))
    earlier = max((float(old.values[-1]) for old in ends if _may_continue(old, parts[0])), default=0.0)
    while head in following:
        head = following[head]
        parts.append(found[head])
    times = np.concatenate([part.times for part in parts])
    values = np.concatenate([part.values for part in parts])
    return Chain(
        RawSeries(parts[-1].series.labels, times, values), parts[0].target, replaced, earlier, parts[0].known_since
    )


def _in_common(old: Chain, new: Chain) -> int:
    return len(old.series.labels.items() & new.series.labels.items())


def _continues(old: Chain, new: Chain) -> bool:
    """Whether a series may be another one under new labels: it begins where the other ends, and continues its value."""
    if not _follows(old, new):
        return False
    seconds = float(new.times[0] - old.times[-1])
    before = float(old.values[-1])
    rise = float(new.values[0]) - before
    known = [most for most in (old.growth.most(seconds), new.growth.most(seconds)) if most != float("inf")]
    return 0 <= rise <= max(USUAL * max(known, default=0.0), OF_VALUE * before)


def _follows(old: Chain, new: Chain) -> bool:
    start, end = float(old.times[-1]), float(new.times[0])
    return start < end and old.target.scrapes_between(start, end) <= _MISSED


def _may_continue(old: Chain, new: Chain) -> bool:
    """Whether a series that has expired may be back under more labels, or fewer."""
    labels, others = old.series.labels.items(), new.series.labels.items()
    return old.times[-1] < new.times[0] and old.values[-1] <= new.values[0] and (labels < others or labels > others)
