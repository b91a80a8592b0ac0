"""Differences from the previous report."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.changes import Changes, SloChange
from sresnap.model.now import known_state
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot

NOTABLE = 0.001
"""To a reader, a budget that moved by less than a thousandth is unchanged."""


def changes(before: Snapshot, services: Sequence[ServiceReport]) -> Changes:
    """How each objective has changed since a report."""
    old, new = _by_name(before.services), _by_name(services)
    found = [_change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    return Changes(before.at, tuple(change for change in found if _is_notable(change)))


def _by_name(services: Sequence[ServiceReport]) -> dict[tuple[str, str], SloReport]:
    return {(service.name, slo.name): slo for service in services for slo in service.slos}


def _change(key: tuple[str, str], old: SloReport | None, new: SloReport | None) -> SloChange:
    return SloChange(
        service=key[0],
        slo=key[1],
        status_before=None if old is None else old.status,
        status=None if new is None else new.status,
        remaining_before=None if old is None else old.budget.remaining_ratio,
        remaining=None if new is None else new.budget.remaining_ratio,
        now_before=None if old is None else known_state(old.now),
        now=None if new is None else known_state(new.now),
    )


def _is_notable(change: SloChange) -> bool:
    """Whether a reader would call it a change. A budget that becomes known, or unknown, comes with another status."""
    if change.status is not change.status_before or change.burns_differently:
        return True
    if change.remaining is None or change.remaining_before is None:
        return False
    return abs(change.remaining - change.remaining_before) >= NOTABLE
