"""Copies of one counter: several Prometheus servers scrape one target, and their series differ in a replica label only.

Both copies count the same events, at other seconds, and each may have gaps of its own. Joined they are one counter that
is scraped twice as often. Series that only look like copies, because a label means something else, stay apart: their
values must agree wherever both were scraped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sresnap.compute.counting.processes import TargetKey, target_key
from sresnap.model.hours import Bools, Floats
from sresnap.model.raw import RawSeries

Ints: TypeAlias = NDArray[np.int64]
_JITTER = 5.0
"""A sample's value may be from this many seconds after its time, or before: the time is when its scrape began."""
_STEPS = 2.5
"""A step of more scrape intervals than this has a gap: one before, one after, and jitter."""
_AGREE = 0.95
"""The share of samples that must agree. One in twenty may not, around a restart."""
_Groups: TypeAlias = dict[tuple[TargetKey, frozenset[tuple[str, str]]], list[RawSeries]]


def copied_targets(series: Iterable[RawSeries], replica_labels: Collection[str]) -> frozenset[TargetKey]:
    """The targets whose series are copies: where several were scraped at a time, their values agree."""
    agreed: dict[TargetKey, list[Bools]] = defaultdict(list)
    for (target, _), group in _groups(series, replica_labels).items():
        agreed[target] += [_agreement(group[0], other) for other in group[1:]]
    return frozenset(
        target
        for target, each in agreed.items()
        if each and len(found := np.concatenate(each)) and float(found.mean()) >= _AGREE
    )


def once(
    series: Iterable[RawSeries], replica_labels: Collection[str], targets: Collection[TargetKey]
) -> list[RawSeries]:
    """Each counter once. Copies are joined, and have the labels that they share."""
    found = []
    for (target, labels), group in _groups(series, replica_labels).items():
        found += [_joined(dict(labels), group)] if target in targets else group
    return found


def union(gauges: Iterable[RawSeries], replica_labels: Collection[str]) -> list[RawSeries]:
    """Gauges of a target, such as `up`, with the samples of all copies."""
    return [
        group[0] if len(group) == 1 else RawSeries(dict(labels), *_in_order(group)[:2], tuple(g.times for g in group))
        for (_, labels), group in _groups(gauges, replica_labels).items()
    ]


def _groups(series: Iterable[RawSeries], replica_labels: Collection[str]) -> _Groups:
    """Series that differ in replica labels only, by their target and the labels that they share."""
    distinct = {frozenset(one.labels.items()): one for one in series if len(one.times)}
    found: _Groups = defaultdict(list)
    for one in distinct.values():
        labels = {name: value for name, value in one.labels.items() if name not in replica_labels}
        found[target_key(labels), frozenset(labels.items())].append(one)
    return found


def _agreement(one: RawSeries, other: RawSeries) -> Bools:
    """For each sample of a series that lies between two samples of another one, whether its value does, too.

    A gap between the two may hide a restart, so it shows nothing.
    """
    after = np.searchsorted(one.times, other.times + _JITTER)
    before = np.searchsorted(one.times, other.times - _JITTER, "right") - 1
    between = (before >= 0) & (after < len(one.times))
    between[between] &= one.times[after[between]] - one.times[before[between]] <= _longest_step(one.times)
    low, high = one.values[before[between]], one.values[after[between]]
    values = other.values[between]
    is_rising = low <= high  # around a restart there is nothing to compare
    return (low <= values)[is_rising] & (values <= high)[is_rising]


def _longest_step(times: Floats) -> float:
    """Seconds between the samples right before and after a time, without a gap."""
    return _STEPS * float(np.median(np.diff(times))) + 2 * _JITTER if len(times) > 1 else 0.0


def _joined(labels: dict[str, str], copies: Sequence[RawSeries]) -> RawSeries:
    """The samples of all copies as one series.

    Of two scrapes at nearly the same time the earlier one may show the later value. So the value is the highest that
    any copy has shown since the process started.
    """
    if len(copies) == 1:
        return RawSeries(labels, copies[0].times, copies[0].values, (copies[0].times,))
    times, values, owners = _in_order(copies)
    if any((np.diff(copy.values) < 0).any() for copy in copies):
        values = _highest_since_restart(values, owners)
    else:
        values = np.maximum.accumulate(values)
    is_last = np.append(np.diff(times) > 0, True)  # of samples with the same time
    return RawSeries(labels, times[is_last], values[is_last], tuple(copy.times for copy in copies))


def _in_order(copies: Sequence[RawSeries]) -> tuple[Floats, Floats, Ints]:
    """Times, values and owners of all samples, by time."""
    times = np.concatenate([copy.times for copy in copies])
    order = np.argsort(times, kind="stable")
    owners = np.repeat(np.arange(len(copies)), [len(copy.times) for copy in copies])
    return times[order], np.concatenate([copy.values for copy in copies])[order], owners[order]


def _highest_since_restart(values: Floats, owners: Ints) -> Floats:
    """A copy that falls shows a restart. The others show the same restart with their next sample."""
    latest: dict[int, tuple[int, float]] = {}
    life, highest = 0, -np.inf
    result = np.empty_like(values)
    for i, (value, owner) in enumerate(zip(values.tolist(), owners.tolist(), strict=True)):
        lived, before = latest.get(owner, (life, -np.inf))
        if lived == life and value < before:
            life, highest = life + 1, value
        highest = max(highest, value)
        latest[owner] = (life, value)
        result[i] = highest
    return result
