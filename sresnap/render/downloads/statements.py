"""Where the error budget went, as files for spreadsheets and programs: unrounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sresnap.documents.codec import to_json
from sresnap.documents.downloads import STATEMENT_SCHEMA, StatementFile, StatementWindow
from sresnap.documents.layout import STATEMENT
from sresnap.model.slo import SloReport
from sresnap.model.slug import slo_slug
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import iso
from sresnap.render.slo_text import data_unit, window_seconds

_RISKY = ("=", "+", "-", "@")
"""A spreadsheet takes a text cell that begins so for a formula (OWASP, "CSV Injection")."""
_COLUMNS = (
    "service", "slo", "window", "part", "start", "end", "ongoing", "unit", "bad", "minutes", "outage_minutes",
    "budget_share", "spent_share", "peak_burn_rate", "leaves_at", "remaining_after",
)  # fmt: skip


def statement_paths(service: ServiceReport, slo: SloReport) -> tuple[str, str]:
    """Site-relative paths of an objective's CSV and JSON."""
    name = slo_slug(slo.name)
    return STATEMENT.path(service.slug, name, "csv"), STATEMENT.path(service.slug, name, "json")


def statement_files(snapshot: Snapshot, service: ServiceReport) -> Mapping[str, bytes]:
    """The files by site-relative path. An objective without a statement has no file."""
    files = {}
    for slo in service.slos:
        table, data = statement_paths(service, slo)
        if slo.statement is not None:
            files[table] = _csv(service, slo, slo.statement)
            files[data] = _json(snapshot, service, slo, slo.statement)
    return files


def _csv(service: ServiceReport, slo: SloReport, statement: Statement) -> bytes:
    """A row for each episode and one for the background. A spreadsheet adds up the total."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    parts = [("episode", episode) for episode in statement.episodes] + [("background", statement.background)]
    for part, episode in parts:
        cells = {"service": service.name, "slo": slo.name, "window": slo.window, "part": part, "unit": data_unit(slo)}
        writer.writerow([harmless(value) for value in _row({**_episode(episode), **cells})])
    return out.getvalue().encode()


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        **asdict(episode),
        "start": iso(episode.start),
        "end": iso(episode.end),
        "leaves_at": None if episode.leaves_at is None else iso(episode.leaves_at),
    }


def _row(values: Mapping[str, Any]) -> list[Any]:
    return [values[name] for name in _COLUMNS]


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers: −0.5 is not a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(_RISKY) else cell


def _json(snapshot: Snapshot, service: ServiceReport, slo: SloReport, statement: Statement) -> bytes:
    window = slo.windows.get(slo.window)
    document = StatementFile(
        schema=STATEMENT_SCHEMA,
        report=snapshot.id,
        at=snapshot.at,
        service=service.name,
        slo=slo.name,
        objective=slo.objective,
        kind=slo.kind,
        unit=data_unit(slo),
        window=StatementWindow(
            name=slo.window,
            start=window.start if window is not None else None,
            end=window.end if window is not None else snapshot.at,
            seconds=window_seconds(slo),
        ),
        bad=statement.bad,
        total=statement.total,
        budget_share=statement.budget_share,
        remaining_ratio=slo.budget.remaining_ratio,
        episodes=statement.episodes,
        background=statement.background,
    )
    return (to_json(StatementFile, document, indent=2) + "\n").encode()
