"""What changed since the previous report, worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.changes import SloChange
from sresnap.model.now import NowState, Urgency
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.clock import Moment
from sresnap.render.panels.corrections import beside, raw_budget
from sresnap.render.status_badges import BADGES
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What changed for an objective."""

    link: Link | None
    """None for an objective that was removed."""
    name: str
    before: Badge | None
    after: Badge | None
    text: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What changed since the previous report."""

    since: Moment | None
    rows: tuple[ChangeRow, ...]
    calm: str
    """Shown when nothing changed."""
    more: str | None = None


_MOST = 12


def changes(snapshot: Snapshot, links: Mapping[str, Link], charts: Charts) -> ChangesView:
    """Changes of a verdict first, what burns before all others; then of budgets, the largest first."""
    found = snapshot.changes
    if found is None:
        return ChangesView(None, (), "This is the first report. Changes show from the next one on.")
    places = {(service.name, slo.name): slo.urgency for service in snapshot.services for slo in service.slos}
    ordered = sorted(found.slos, key=lambda change: _weight(change, places.get((change.service, change.slo), _GONE)))
    raw = {(service.name, slo.name): raw_budget(slo) for service in snapshot.services for slo in service.slos}
    rows = tuple(_row(change, links, raw.get((change.service, change.slo))) for change in ordered[:_MOST])
    rest = len(ordered) - len(rows)
    more = f"and {fmt.count(rest, 'smaller change')}" if rest else None
    return ChangesView(
        charts.clock.moment(found.since),
        rows,
        "No verdict changed, and no budget moved.",
        more,
    )


_GONE: Urgency = (len(NowState) + 1, 0.0, 0, 0.0)
"""The place of an objective that was removed: the last."""


def _weight(change: SloChange, place: Urgency) -> tuple[bool, float, Urgency]:
    is_same = change.status is change.status_before and not change.burns_differently
    moved = abs((change.remaining or 0.0) - (change.remaining_before or 0.0))
    return is_same, -moved if is_same else 0.0, place


def _row(change: SloChange, links: Mapping[str, Link], raw: str | None) -> ChangeRow:
    same = change.status is change.status_before
    before = BADGES[change.status_before] if change.status_before is not None and not same else None
    after = BADGES[change.status] if change.status is not None else None
    link = links.get(change.service) if change.status is not None else None
    return ChangeRow(link, f"{change.service} {change.slo}", before, after, _text(change, raw))


def _text(change: SloChange, raw: str | None) -> str:
    """The change in words. `raw` is the budget left without corrections, where there are some."""
    if change.status_before is None:
        return "new"
    if change.status is None:
        return "removed"
    if change.burns_differently:
        return f"now {change.now}, was {change.now_before}; {_moved(change, raw)}"
    return _moved(change, raw)


def _moved(change: SloChange, raw: str | None) -> str:
    if change.remaining is None or change.remaining_before is None:
        return f"{beside(fmt.percent_signed(change.remaining), raw)} budget left"
    moved = change.remaining - change.remaining_before
    digits = 2 if abs(moved) < 0.01 else None  # noqa: PLR2004 - a small move must not round to 0
    word = "recovered" if moved > 0 else "spent"
    left = f"{beside(fmt.percent(change.remaining, digits), raw)} left"
    return f"{fmt.percent(abs(moved), digits)} of the budget {word}, {left}" if moved else f"budget unchanged, {left}"
