"""Every window of every objective as a file for spreadsheets: unrounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from sresnap.documents.codec import to_json
from sresnap.documents.downloads import ObjectiveRow
from sresnap.documents.layout import OBJECTIVES, SERVICE_OBJECTIVES
from sresnap.model.people import People
from sresnap.model.snapshot import ServiceReport
from sresnap.model.windows import iso
from sresnap.render.downloads.statements import harmless

_COLUMNS = tuple(field.name for field in fields(ObjectiveRow))
_TIMES = frozenset({"start", "end", "provisional_until"})


def objective_paths(service: ServiceReport | None = None) -> tuple[str, str]:
    """Site-relative paths of the CSV and the JSON of one service, or of all."""
    if service is None:
        return OBJECTIVES.path("csv"), OBJECTIVES.path("json")
    return SERVICE_OBJECTIVES.path(service.slug, "csv"), SERVICE_OBJECTIVES.path(service.slug, "json")


def objective_files(services: Iterable[ServiceReport], only: ServiceReport | None = None) -> Mapping[str, bytes]:
    """A row for each window; the budget is in the row of the SLO's own. Missing values are empty or null, never 0.

    Args:
        services: every service of the report.
        only: the service to write files for; None: one pair of files for all.
    """
    table, data = objective_paths(only)
    services = services if only is None else [only]
    rows = tuple(row for service in services for row in _rows(service))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([harmless(cell) for cell in _cells(row)] for row in rows)
    text = to_json(tuple[ObjectiveRow, ...], rows, indent=1) + "\n"
    return {table: out.getvalue().encode(), data: text.encode()}


def _cells(row: ObjectiveRow) -> Iterator[str | float | None]:
    for name in _COLUMNS:
        value = getattr(row, name)
        if name == "tags":  # no tag has a blank
            yield " ".join(value)
        else:
            yield iso(value) if value is not None and name in _TIMES else value


def _rows(service: ServiceReport) -> Iterator[ObjectiveRow]:
    people = service.people or People()
    for slo in service.slos:
        for name, window in slo.windows.items():
            yield ObjectiveRow(
                service=service.name,
                slo=slo.name,
                objective=slo.objective,
                kind=slo.kind,
                status=slo.status,
                window=name,
                start=window.start,
                end=window.end,
                good=window.good,
                total=window.total,
                sli=window.sli,
                burn_rate=window.burn_rate,
                coverage=window.coverage,
                budget_remaining=slo.budget.remaining_ratio if name == slo.window else None,
                now=slo.now.state.value,
                provisional_until=None if slo.provisional is None else slo.provisional.whole_at,
                team=people.team,
                owner=people.owner,
                tags=people.tags,
            )
