"""What is different between any two reports: budgets spent, statuses, configuration, queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sresnap.model.archive import Comparison, Moved, Setting
from sresnap.model.snapshot import SloReport, Snapshot
from sresnap.model.windows import parse_time


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
        queries=_settings(_promql(before), _promql(after)),
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
        spent_seconds=None if spent is None else spent * (1 - shown.objective) * _seconds(shown),
    )


def _seconds(slo: SloReport) -> float:
    """Of its window, from the numbers in the report."""
    window = slo.windows[slo.window]
    return parse_time(window.end) - parse_time(window.start)


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


def _promql(snapshot: Snapshot) -> dict[str, str]:
    """By what is asked: the queries without their times, which differ always."""
    return {f"{query.signal} · {query.purpose} · {query.window}": query.promql for query in snapshot.queries}


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Setting, ...]:
    names: Iterable[str] = dict.fromkeys([*after, *before])
    return tuple(
        Setting(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )
