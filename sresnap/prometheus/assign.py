"""Assigns the series of an answer to the services that the query was sent for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sresnap.format import some
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure, Result
from sresnap.model.series import Series
from sresnap.model.signals import EVENTS
from sresnap.printable import quotable
from sresnap.promql.names import labels_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sresnap.model.query import Query, Run
    from sresnap.model.series import Answer


_ADDED_UP = {signal.key for signal in EVENTS if signal.unit is None} | {"request_rate", "slices_total", "slices_good"}
"""Queries whose series add up."""


def assign(query: Query, answer: Answer, run: Run) -> Result:
    """The answer by service.

    A grouped query assigns series by the values of the labels `by`. Services with the same values share a series, and
    other series are ignored, such as a pair of values that no service has. An ungrouped query gives its one
    series to all members. No series is an answer too.

    Series that follow one another, such as a restarted pod's, count as one. Where several have a value at the same
    time, the service has no value: picking one makes a number up, and the sum may be wrong. Asking again would not
    change that, so those times are not `unsure`.
    """
    by = query.template.by
    values: dict[str, Series] = {}
    failures: dict[str, Failure] = {}
    found = _by_values(answer.series, by)
    if answer.series and not found:
        return all_failed(query, _ungrouped(by), (run,))
    for member in query.members:
        matching = found.get(member.values(by), [])
        if not matching:
            continue
        values[member.service], overlap = _joined_in_time(matching)
        if overlap:
            failures[member.service] = _ambiguous(matching, by, query.template.key)
    doubtful = frozenset(query.grid.times())
    unsure = {member.service: doubtful for member in query.members} if answer.warnings else {}
    return Result(query, values, failures, (run,), unsure)


def _joined_in_time(series: Sequence[Series]) -> tuple[Series, bool]:
    """Several series as one, without points at which more than one has a value; and whether there are such points."""
    if len(series) == 1:
        return series[0], False
    points = [
        [value for value in point if value is not None] for point in zip(*(s.values for s in series), strict=True)
    ]
    values = tuple(point[0] if len(point) == 1 else None for point in points)
    shared = dict(series[0].labels.items() & series[-1].labels.items())
    unclear = frozenset().union(*(s.unclear for s in series))
    several = {time for time, point in zip(series[0].grid.times(), points, strict=True) if len(point) > 1}
    void = frozenset(several).union(*(s.void for s in series))
    return Series(shared, series[0].grid, values, unclear, void=void), bool(several)


def all_failed(query: Query, failure: Failure, runs: tuple[Run, ...]) -> Result:
    """A result without values for any member. Every time is `unsure`: it may not be empty."""
    times = frozenset(query.grid.times())
    services = [member.service for member in query.members]
    return Result(query, {}, dict.fromkeys(services, failure), runs, dict.fromkeys(services, times))


def _by_values(series: Iterable[Series], by: Sequence[str]) -> dict[tuple[str, ...], list[Series]]:
    """The series that have all labels, by their values."""
    found: dict[tuple[str, ...], list[Series]] = {}
    for each in series:
        if all(name in each.labels for name in by):
            found.setdefault(tuple(each.labels[name] for name in by), []).append(each)
    return found


def _ambiguous(series: Sequence[Series], by: Sequence[str], signal: str) -> Failure:
    """The failure of a service with several series. It names the labels in which they differ, and how to make one.

    Counts and rates add up. A percentage, a latency or a level does not: 99 % of one half and 97 % of the other are not
    196 %.
    """
    names = sorted({name for each in series for name in each.labels})
    differing = [quotable(name, 100) for name in names if len({each.labels.get(name) for each in series}) > 1]
    values = ", ".join(f'{name}="{series[0].labels[name]}"' for name in by)
    whose = f" for {values}" if by else ""
    grouping = f" by ({labels_text(by)}) (…)" if by else "(…)"
    how = f"sum{grouping}" if signal in _ADDED_UP else f"avg{grouping} or max{grouping}"
    fault = f"{len(series)} series came{whose} where one is needed; they differ in {some(differing) or 'nothing'}"
    return Failure(ProblemKind.AMBIGUOUS, f"{fault}: aggregate them, for example with {how}")


def _ungrouped(by: Sequence[str]) -> Failure:
    names, labels = ", ".join(by), "that label" if len(by) == 1 else "these labels"
    fault = f"the query is grouped by {names}, but no series of the answer has {labels}"
    keep = "it" if len(by) == 1 else "them"
    return Failure(ProblemKind.BAD_ANSWER, f"{fault}: keep {keep}, for example with sum by ({labels_text(by)}) (…)")
