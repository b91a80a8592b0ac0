"""Groups of services, and the budget of many services in one number."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.composite import Composite, GroupReport
from sresnap.model.service import Method
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.bars import budget_bar
from sresnap.render.status_badges import verdict_badge
from sresnap.render.views import Badge, Bar, Value


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of services."""

    name: str
    badge: Badge
    budget: Value
    bar: Bar | None
    worst: Value
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The configured groups, worst first."""

    rows: tuple[GroupRow, ...]


def groups(snapshot: Snapshot) -> Groups:
    """The groups, worst first."""
    ordered = sorted(snapshot.groups, key=lambda group: group.urgency)
    return Groups(tuple(_row(group) for group in ordered))


def _row(group: GroupReport) -> GroupRow:
    whole = group.composite
    value = composite_value(whole)
    worst = Value(_worst(whole)) if whole.worst is not None else Value(fmt.NONE, "no member has enough data")
    members = fmt.some([share.service for share in whole.shares])
    notes = ((f"members: {members}",) if members else ()) + composite_notes(whole, worst=False)
    bar = budget_bar(whole.remaining_ratio, value.tone or "plain")
    return GroupRow(group.name, verdict_badge(group.now.state, group.status), value, bar, worst, notes)


def composite_value(whole: Composite) -> Value:
    """The budget left of all members together, signed."""
    ratio, raw = whole.remaining_ratio, whole.raw_remaining_ratio
    tone = "" if ratio is None or ratio > 0 else "bad"
    why = None if ratio is not None else "no service has enough data"
    return Value(fmt.percent_signed(ratio), why, tone, raw=None if raw is None else fmt.percent_signed(raw))


def composite_notes(whole: Composite, *, worst: bool = True) -> tuple[str, ...]:
    """How it is computed, its weights, its worst member, and the members without data."""
    is_pooled = whole.method == Method.POOLED
    weights = [] if is_pooled else [(share.service, share.weight) for share in whole.shares]
    is_weighted = any(weight != 1 for _, weight in weights)
    average = "weighted average" if is_weighted else "average"
    method = "sum of all events" if is_pooled else average
    lines = [f"{method} of {fmt.count(whole.with_data, 'service')}"]
    if is_weighted:
        lines.append(f"weights: {fmt.some([f'{name} {fmt.number(weight)}' for name, weight in weights])}")
    if worst and whole.worst is not None:
        lines.append(f"worst: {_worst(whole)}")
    if whole.with_data < whole.members:
        names = f": {fmt.some(whole.missing)}" if whole.missing else ""
        lines.append(
            f"{fmt.number(whole.members - whole.with_data)} of {fmt.number(whole.members)} without data{names}"
        )
    return tuple(lines)


def _worst(whole: Composite) -> str:
    left = next((share.remaining_ratio for share in whole.shares if share.service == whole.worst), None)
    raw = next((share.remaining_ratio for share in whole.raw_shares if share.service == whole.worst), None)
    if left is None:
        return str(whole.worst)
    measured = "" if raw is None or raw == left else f", raw {fmt.percent_signed(raw)}"
    return f"{whole.worst} ({fmt.percent_signed(left)} left{measured})"
