"""Differences between any two reports: budgets spent, statuses, configuration, queries.

Shares of two budgets are subtracted only where both follow the same rules: 20 % of a budget of 0.01 % says nothing
about a budget of 0.1 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sresnap.compute.fleet.restated import changed_corrections
from sresnap.model.comparison import Comparison, Setting, SloComparison
from sresnap.model.now import known_state
from sresnap.model.query import DEFAULT_SOURCE, Purpose
from sresnap.model.series_key import SeriesKey
from sresnap.model.slo import AppliedCorrection, SloReport
from sresnap.model.snapshot import HIDDEN, Snapshot
from sresnap.model.windows import iso


def compare(before: Snapshot, after: Snapshot, title: str) -> Comparison:
    """The differences. The budget spent in between is the difference of the remaining budgets, where comparable."""
    old, new = _slos(before), _slos(after)
    at = before.at
    return Comparison(
        title=title,
        before=before.id,
        after=after.id,
        before_at=before.at,
        after_at=after.at,
        status_before=before.status,
        status=after.status,
        slos=tuple(_moved(key, old.get(key), new.get(key), at) for key in dict.fromkeys([*new, *old])),
        config=(*_settings(_config(before), _config(after)), *_corrections(old, new, at)),
        queries=_promql(before, after),
        now_before=known_state(before.now),
        now=known_state(after.now),
    )


def _slos(snapshot: Snapshot) -> dict[tuple[str, str], SloReport]:
    return {(service.name, slo.name): slo for service in snapshot.services for slo in service.slos}


def _moved(key: tuple[str, str], old: SloReport | None, new: SloReport | None, at: int) -> SloComparison:
    shown = new or old
    assert shown is not None
    reason = None if old is None or new is None else _incomparable(old, new, at)
    spent = (None, None) if old is None or new is None or reason is not None else _spent(old, new)
    return SloComparison(
        service=key[0],
        slo=key[1],
        window=shown.window,
        status_before=None if old is None else old.status,
        status=None if new is None else new.status,
        remaining_before=None if old is None else old.budget.remaining_ratio,
        remaining=None if new is None else new.budget.remaining_ratio,
        spent_ratio=spent[0],
        spent_seconds=spent[1],
        reason=reason,
        now_before=None if old is None else known_state(old.now),
        now=None if new is None else known_state(new.now),
    )


def _spent(old: SloReport, new: SloReport) -> tuple[float | None, float | None]:
    """The budget spent, as a share and as seconds of full outage."""
    return (
        _difference(old.budget.remaining_ratio, new.budget.remaining_ratio),
        _difference(old.budget.remaining_seconds, new.budget.remaining_seconds),
    )


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else before - after


def _incomparable(old: SloReport, new: SloReport, at: int) -> str | None:
    """Why the two remaining budgets must not be subtracted; None when they may be."""
    was, now = _rules(old), _rules(new)
    changed = [name for name in now if was[name] != now[name]]
    if changed:
        return f"the {' and the '.join(changed)} changed, so the remaining budgets are not comparable"
    if any(changed_corrections(old, new, at)):
        return "corrections restated the past, so the remaining budgets are not comparable"
    return None


def _rules(slo: SloReport) -> dict[str, object]:
    """The rules of a budget."""
    return {
        "objective": slo.objective,
        "kind": (slo.kind, slo.basis),
        "window": slo.window,
        "threshold": slo.threshold_seconds,
        "slices": (slo.slice_seconds, slo.slice_target),
    }


def _corrections(
    old: Mapping[tuple[str, str], SloReport], new: Mapping[tuple[str, str], SloReport], at: int
) -> tuple[Setting, ...]:
    """The corrections that only one of the two reports applies, with the services that they concern.

    Reports do not list planned corrections, so a correction of the time in between is new in the later report.
    """
    added: dict[AppliedCorrection, set[str]] = {}
    taken_back: dict[AppliedCorrection, set[str]] = {}
    for key in (key for key in new if key in old):
        of_the_past, gone = changed_corrections(old[key], new[key], at)
        for found, ones in ((added, [*of_the_past, *_since(new[key], at)]), (taken_back, gone)):
            for one in ones:
                found.setdefault(one, set()).add(key[0])
    return (
        *(Setting(_name(one), None, _left_out(services, one, at)) for one, services in _ordered(added)),
        *(
            Setting(_name(one), f"left out of {_list(services)}", "counted again; past numbers were restated")
            for one, services in _ordered(taken_back)
        ),
    )


def _since(slo: SloReport, at: int) -> list[AppliedCorrection]:
    applied = () if slo.uncorrected is None else slo.uncorrected.applied
    return [one for one in applied if one.start >= at]


def _ordered(found: Mapping[AppliedCorrection, set[str]]) -> list[tuple[AppliedCorrection, set[str]]]:
    return sorted(found.items(), key=lambda item: (item[0].start, item[0].end, item[0].reason))


def _name(one: AppliedCorrection) -> str:
    return f"correction {iso(one.start)} to {iso(one.end)}, {one.reason}"


def _left_out(services: Iterable[str], one: AppliedCorrection, at: int) -> str:
    restated = "; past numbers were restated" if one.start < at else ""
    return f"left out of {_list(services)}{restated}"


def _list(services: Iterable[str]) -> str:
    return ", ".join(sorted(services))


def _config(snapshot: Snapshot) -> dict[str, str]:
    """The parts of the configuration that a report holds."""
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
        provider = "" if service.provider in (None, site.provider) else f", provider {service.provider}"
        asked = "" if service.source in (None, DEFAULT_SOURCE) else f", source {service.source}"
        found[service.name] = f"weight {service.weight:g}{provider}{asked}"
        for slo in service.slos:
            threshold = "" if slo.threshold_seconds is None else f", under {slo.threshold_seconds:g} s"
            slices = "" if slo.slice_seconds is None else f" of {slo.slice_seconds} s"
            target = "" if slo.slice_target is None else f" with {slo.slice_target:.12g} each"
            rules = f"{slo.objective:.12g} over {slo.window}, {slo.kind}{slices}{target}{threshold}"
            found[f"{service.name} {slo.name}"] = rules
    for group in snapshot.groups:
        found[f"group {group.name}"] = group.composite.method
    return found


def _promql(before: Snapshot, after: Snapshot) -> tuple[Setting, ...]:
    """Queries that differ, without their times.

    Queries of the running hour always differ in its length and are skipped, as are look-ups, which depend on the
    answers. Which windows and parts of hours are
    queried depends on what the history lacks, so only a series that one report does not know at all is new or gone.
    """
    if any(query.promql == HIDDEN for report in (before, after) for query in report.queries):
        return (Setting("left out by publish.hide", HIDDEN, HIDDEN),)
    old, new = _queries_by_subject(before), _queries_by_subject(after)
    known_before, known_after = (
        {query.signal for query in report.queries if SeriesKey.parse(query.signal).part is None}
        for report in (before, after)
    )
    both = tuple(found for found in _settings(old, new) if found.before is not None and found.after is not None)
    return both + tuple(
        Setting(signal, _first(before, signal), _first(after, signal)) for signal in sorted(known_before ^ known_after)
    )


def _queries_by_subject(snapshot: Snapshot) -> dict[str, str]:
    """PromQL by series, purpose, window and services."""
    found = {}
    for query in snapshot.queries:
        whom = "" if query.services is None else f" · {', '.join(query.services)}"
        if query.purpose not in (Purpose.RUNNING_HOUR, Purpose.LOOK_UP):
            found[f"{query.signal} · {query.purpose} · {query.window}{whom}"] = query.promql
    return found


def _first(snapshot: Snapshot, signal: str) -> str | None:
    return next((query.promql for query in snapshot.queries if query.signal == signal), None)


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Setting, ...]:
    names: Iterable[str] = dict.fromkeys([*after, *before])
    return tuple(
        Setting(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )
