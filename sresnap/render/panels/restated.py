"""Past numbers that differ from an earlier report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.changes import Restated, RestatedCause
from sresnap.model.series_key import SeriesKey
from sresnap.model.snapshot import Snapshot
from sresnap.render.clock import Clock
from sresnap.render.views import Panel

_MOST = 40
_CAUSES: Mapping[str, str] = {RestatedCause.LATE_DATA: "late data", RestatedCause.CORRECTION: "correction"}


@dataclass(frozen=True, slots=True)
class RestatedRow:
    """A number in the earlier report and in this one."""

    name: str
    when: str
    before: str
    after: str
    cause: str


@dataclass(frozen=True, slots=True)
class RestatedView:
    """Past numbers that differ now."""

    rows: tuple[RestatedRow, ...]
    more: str | None


def restated_panels(snapshot: Snapshot, clock: Clock, service: str | None = None) -> tuple[Panel, ...]:
    """The panel for one service or for all; empty when no number was restated."""
    found = [one for one in snapshot.restated if service is None or one.service == service]
    if not found:
        return ()
    rest = len(found) - _MOST
    view = RestatedView(
        tuple(_row(one, clock) for one in found[:_MOST]),
        f"{fmt.number(rest)} more in the report's JSON" if rest > 0 else None,
    )
    return (Panel("restated", "Past numbers restated", "restated", view),)


def _is_ratio(one: Restated) -> bool:
    """Whether the number is a share: of the budget, or of time. Otherwise it counts events."""
    if one.cause == RestatedCause.LATE_DATA:
        return SeriesKey.parse(one.what).role == "availability"
    return one.cause == RestatedCause.CORRECTION


def _row(one: Restated, clock: Clock) -> RestatedRow:
    start, end = one.start, one.end
    shown = fmt.percent if _is_ratio(one) else fmt.number
    unit = " of the budget left" if one.cause == RestatedCause.CORRECTION else ""
    cause = _CAUSES.get(one.cause, one.cause.replace("_", " "))
    return RestatedRow(
        name=f"{one.service} {one.what}",
        when=f"{clock.day_minute(start)} to {clock.day_minute(end)}",
        before="unknown" if one.before is None else shown(one.before),
        after=f"{shown(one.after)}{unit}",
        cause=f"{cause}: {one.reason}" if one.reason else cause,
    )
