"""Whose series is whose: the series of an answer → the services that a query was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sresnap.model.query import Failure, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sresnap.model.query import Query, Run
    from sresnap.model.series import Answer, Series


def assign(query: Query, answer: Answer, run: Run) -> Result:
    """The answer by service.

    Grouped: by the value of the label `by`; services with the same value share a series, and series that nobody asked
    for are ignored. Ungrouped: the one series is for all members. No series is an answer too; several for one service
    are ambiguous: picking one would be making a number up.
    """
    by = query.template.by
    unsure = frozenset(query.grid.times()) if answer.warnings else None
    values: dict[str, Series] = {}
    failures: dict[str, Failure] = {}
    if by is not None and answer.series and not any(by in series.labels for series in answer.series):
        return all_failed(query, _ungrouped(by), (run,))
    found = _by_value(answer.series, by)
    for member in query.members:
        mine = found.get("" if by is None else member.labels.get(by, ""), [])
        if len(mine) == 1:
            values[member.service] = mine[0]
        elif mine:
            failures[member.service] = ambiguous(mine, by)
    sure = frozenset(query.grid.times()) if failures else frozenset()
    doubts = dict.fromkeys(failures, sure)
    if unsure is not None:
        doubts = {member.service: unsure for member in query.members}
    return Result(query, values, failures, (run,), doubts)


def all_failed(query: Query, failure: Failure, runs: tuple[Run, ...]) -> Result:
    """Nothing for any member, and none of the times can be trusted to be empty."""
    times = frozenset(query.grid.times())
    services = [member.service for member in query.members]
    return Result(query, {}, dict.fromkeys(services, failure), runs, dict.fromkeys(services, times))


def _by_value(series: Iterable[Series], by: str | None) -> dict[str, list[Series]]:
    found: dict[str, list[Series]] = {}
    for each in series:
        value = "" if by is None else each.labels.get(by)
        if value is not None:
            found.setdefault(value, []).append(each)
    return found


def ambiguous(series: Sequence[Series], by: str | None) -> Failure:
    """The failure of a service with several series; names the labels in which they differ."""
    names = sorted({name for each in series for name in each.labels})
    differing = [name for name in names if len({each.labels.get(name) for each in series}) > 1]
    whose = "" if by is None else f' for {by}="{series[0].labels[by]}"'
    how = "sum(…)" if by is None else f"sum by ({by}) (…)"
    said = f"{len(series)} series came{whose} where one is needed; they differ in {', '.join(differing) or 'nothing'}"
    return Failure("ambiguous", f"{said}: aggregate them, for example with {how}")


def _ungrouped(by: str) -> Failure:
    said = f"the query is grouped by {by}, but no series of the answer has that label"
    return Failure("bad_answer", f"{said}: keep it, for example with sum by ({by}) (…)")
