"""Since when each series is known: a history that broke is not young again, however long the gap is.

A report reads two windows. What was known before them is noted in the newest day, and each build hands it on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sresnap.compute.service_report import ReportInput
from sresnap.documents.history import first_known_before
from sresnap.model.history import ColumnKey, History
from sresnap.model.windows import day_of


def with_known_since(out: Path, gathered: ReportInput) -> ReportInput:
    """The input with the first hour of each series of an SLO, noted in its history.

    Args:
        out: the site's folder, whose stored days are read where no build has noted the hour yet.
        gathered: the history, completed by the answers.
    """
    history = History({**gathered.earlier.history.days, **gathered.history.days})
    wanted = _known_columns(gathered, history)
    unnoted = {key: definition for key, definition in wanted.items() if not history.has_known_since(key, definition)}
    older = first_known_before(out, day_of(gathered.known_since), unnoted)
    since = {
        key: min(hour for hour in (history.first_known(key, definition), older.get(key)) if hour is not None)
        for key, definition in wanted.items()
    }
    noted = gathered.history.with_known_since(wanted, since, gathered.at)
    return replace(gathered, history=noted, ever_known=since)


def _known_columns(gathered: ReportInput, history: History) -> dict[ColumnKey, str]:
    """The series of SLOs that have any known hour, with their definitions."""
    keys = {(service.name, key) for service in gathered.services for slo in service.slos for key in slo.series}
    found = {key: gathered.definitions[key] for key in sorted(keys, key=str)}
    return {key: definition for key, definition in found.items() if history.first_known(key, definition) is not None}
