"""What Prometheus and processes say of targets beside their counters: when they were scraped, and since when they run.

A target is `job` and `instance`. Two clusters may have targets of the same names; then `up` is there twice at a time,
and its other labels say which series belong to which. An `up` that begins when another one has ended is the same
target, whose labels changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self, TypeAlias

from sresnap.model.raw import RawSeries
from sresnap.model.windows import MINUTE

TargetKey: TypeAlias = tuple[str, ...]
"""The labels job and instance, with a number where several targets have the same; all labels of a series that has no
instance, which is a target by itself."""
UP, START_TIME = "up", "process_start_time_seconds"
_LAG = 5 * MINUTE
"""A service discovery shows a target's new labels within this time of the restart that brings them."""
_Labels: TypeAlias = frozenset[tuple[str, str]]


def target_key(labels: Mapping[str, str]) -> TargetKey:
    """The target of a series, by its names only."""
    if "instance" in labels:
        return labels.get("job", ""), labels["instance"]
    return tuple(f"{name}={value}" for name, value in sorted(labels.items()))


@dataclass(frozen=True, slots=True, eq=False)
class ProcessSamples:
    """What is known of a target beside its counters."""

    up: RawSeries | None = None
    """`up`: 1 at each scrape that succeeded."""
    start_time: RawSeries | None = None
    """`process_start_time_seconds`."""
    relabelled: tuple[tuple[float, float], ...] = ()
    """Between which two times its labels changed. Its process may have restarted with them."""


@dataclass(frozen=True, slots=True, eq=False)
class Processes:
    """What is known of all targets."""

    samples: Mapping[TargetKey, ProcessSamples] = field(default_factory=dict)
    namesakes: Mapping[TargetKey, Sequence[Sequence[_Labels]]] = field(default_factory=dict)
    """By names that several targets have, the labels of each one's `up`."""

    @classmethod
    def of(cls, series: Iterable[RawSeries]) -> Self:
        """The targets of `up` and start times. Copies of a series must have been joined."""
        named: dict[str, dict[TargetKey, list[RawSeries]]] = {UP: defaultdict(list), START_TIME: defaultdict(list)}
        known = (one for one in series if len(one.times) and one.labels.get("__name__") in named)
        for one in sorted(known, key=lambda one: float(one.times[0])):
            named[one.labels["__name__"]][target_key(one.labels)].append(one)
        targets = {
            key: _apart(named[UP].get(key) or named[START_TIME][key]) for key in {*named[UP], *named[START_TIME]}
        }
        several = {key: [[_own(one) for one in each] for each in found] for key, found in targets.items() if found[1:]}
        names = cls(namesakes=several)
        by_target: dict[str, dict[TargetKey, list[RawSeries]]] = {UP: defaultdict(list), START_TIME: defaultdict(list)}
        for name, found in named.items():
            for one in (one for each in found.values() for one in each):
                by_target[name][names.key(one.labels)].append(one)
        ups, starts = by_target[UP], by_target[START_TIME]
        samples = {
            key: ProcessSamples(_one(ups.get(key, [])), _one(starts.get(key, [])), _changes(ups.get(key, [])))
            for key in {*ups, *starts}
        }
        return replace(names, samples=samples)

    def key(self, labels: Mapping[str, str]) -> TargetKey:
        """The target of a series."""
        key = target_key(labels)
        fitting = [
            (len(own), place)
            for place, each in enumerate(self.namesakes.get(key, ()))
            for own in each
            if own <= labels.items()
        ]
        return (*key, str(max(fitting)[1])) if fitting else key


def _own(series: RawSeries) -> _Labels:
    return frozenset(item for item in series.labels.items() if item[0] != "__name__")


def _apart(series: Sequence[RawSeries]) -> list[list[RawSeries]]:
    """Series in order of their first sample, by target: what follows another one is the same target."""
    found: list[list[RawSeries]] = []
    for one in series:
        ended = [each for each in found if each[-1].times[-1] < one.times[0]]
        if ended:
            max(ended, key=lambda each: len(_own(each[-1]) & _own(one))).append(one)
        else:
            found.append([one])
    return found


def _changes(series: Sequence[RawSeries]) -> tuple[tuple[float, float], ...]:
    """The spans between series that follow one another, from the restart on that may have been the reason."""
    return tuple((float(one.times[-1]) - _LAG, float(following.times[0])) for one, following in pairwise(series))


def _one(series: Sequence[RawSeries]) -> RawSeries | None:
    """Series that follow one another as one; None where they do not, because it is unknown which one is right."""
    if not series or len(_apart(series)) > 1:
        return None
    joined = series[0]
    for following in series[1:]:
        joined = replace(following.after(joined), copies=(*joined.copies, *following.copies))
    return joined
