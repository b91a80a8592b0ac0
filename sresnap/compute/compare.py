"""What is different between any two reports: budgets spent, statuses, configuration, queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sresnap.model.archive import Comparison, Moved, Setting
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import HIDDEN, Snapshot


def compare(before: Snapshot, after: Snapshot, title: str) -> Comparison:
    """Both reports; the budget spent between them is the difference of what was left."""
    old, new = _slos(before), _slos(after)
    return Comparison(
        title=title,
        before=before.id,
        after=after.id,
        before_at=before.at,
        after_at=after.at,
        status_before=before.status,
        status=after.status,
        slos=tuple(_moved(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])),
        config=_settings(_config(before), _config(after)),
        queries=_promql(before, after),
    )


def _slos(snapshot: Snapshot) -> dict[tuple[str, str], SloReport]:
    return {(service.name, slo.name): slo for service in snapshot.services for slo in service.slos}


def _moved(key: tuple[str, str], old: SloReport | None, new: SloReport | None) -> Moved:
    left_before = None if old is None else old.budget.remaining_ratio
    left = None if new is None else new.budget.remaining_ratio
    spent = None if left_before is None or left is None else left_before - left
    shown = new or old
    assert shown is not None
    return Moved(
        service=key[0],
        slo=key[1],
        window=shown.window,
        status_before=None if old is None else old.status,
        status=None if new is None else new.status,
        remaining_before=left_before,
        remaining=left,
        spent_ratio=spent,
        spent_seconds=_spent_seconds(old, new),
    )


def _spent_seconds(old: SloReport | None, new: SloReport | None) -> float | None:
    before = None if old is None else old.budget.remaining_seconds
    after = None if new is None else new.budget.remaining_seconds
    return None if before is None or after is None else before - after


def _config(snapshot: Snapshot) -> dict[str, str]:
    """What a report tells of its configuration."""
    site = snapshot.site
    found = {
        "title": site.title,
        "timezone": site.timezone,
        "schedule": f"{site.schedule_seconds} s",
        "window": site.window,
        "provider": site.provider,
        "default_service": site.default_service,
        "composite": snapshot.composite.method,
        "source": " ".join(part for part in (snapshot.source.kind, snapshot.source.version) if part),
    }
    for service in snapshot.services:
        found[service.name] = f"weight {service.weight:g}"
        for slo in service.slos:
            threshold = "" if slo.threshold_seconds is None else f", under {slo.threshold_seconds:g} s"
            found[f"{service.name} {slo.name}"] = f"{slo.objective:g} over {slo.window}, {slo.kind}{threshold}"
    for group in snapshot.groups:
        found[f"group {group.name}"] = group.composite.method
    return found


def _promql(before: Snapshot, after: Snapshot) -> tuple[Setting, ...]:
    """Queries that are not the same, without their times.

    The running hour's differ always, as its length does, and are those of the hour but for that. Which windows are
    asked for depends on what the history lacks: only a series that one report does not know at all is new or gone.
    """
    if any(query.promql == HIDDEN for report in (before, after) for query in report.queries):
        return (Setting("left out by publish.hide", HIDDEN, HIDDEN),)
    old, new = _sent(before), _sent(after)
    known_before, known_after = ({query.signal for query in report.queries} for report in (before, after))
    both = tuple(found for found in _settings(old, new) if found.before is not None and found.after is not None)
    return both + tuple(
        Setting(signal, _first(before, signal), _first(after, signal)) for signal in sorted(known_before ^ known_after)
    )


def _sent(snapshot: Snapshot) -> dict[str, str]:
    """By what is asked, and for whom."""
    found = {}
    for query in snapshot.queries:
        whom = "" if query.services is None else f" · {', '.join(query.services)}"
        if query.purpose != "running_hour":
            found[f"{query.signal} · {query.purpose} · {query.window}{whom}"] = query.promql
    return found


def _first(snapshot: Snapshot, signal: str) -> str | None:
    return next((query.promql for query in snapshot.queries if query.signal == signal), None)


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Setting, ...]:
    names: Iterable[str] = dict.fromkeys([*after, *before])
    return tuple(
        Setting(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )
