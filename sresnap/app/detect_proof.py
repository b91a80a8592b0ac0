"""Takes out of a detected configuration what `check --online` would find fault with, and says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sresnap.app.findings import Finding, State
from sresnap.discovery.config_text import Entry
from sresnap.discovery.panels import PANELS


def proven(entries: Iterable[Entry], findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """The entries without what has no data: panels are switched off, and so is an objective of latency.

    A service whose availability cannot be judged becomes a comment with the reason.
    """
    faults: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if not finding.state.is_good:
            faults[finding.service].append(finding)
    return tuple(_without(entry, faults.get(entry.named.name, ())) for entry in entries)


def _without(entry: Entry, faults: Sequence[Finding]) -> Entry:
    if not entry.is_active or not faults:
        return entry
    grave = next((one for one in faults if "availability" in one.slos), None)
    if grave is not None:
        return replace(entry, lacking=f"it cannot be judged: {_said(grave)}")
    panels = {one.query for one in faults if not one.slos}
    slow = next((one for one in faults if one.slos), None)
    notes = entry.notes if slow is None else (*entry.notes, f"no latency: {_said(slow)}")
    off = tuple(key for key in PANELS if key in {*entry.off, *panels})
    return replace(entry, off=off, latency=None if slow is not None else entry.latency, notes=notes)


def _said(finding: Finding) -> str:
    reason = finding.cause or ("no data in the last hour" if finding.state is State.NO_DATA else finding.state.value)
    return f"{finding.query}: {reason}"
