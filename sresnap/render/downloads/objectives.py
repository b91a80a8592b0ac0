"""Every window of every objective as a file for spreadsheets: unrounded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from sresnap.model.snapshot import ServiceReport
from sresnap.model.windows import iso
from sresnap.render.downloads.statements import harmless

CSV, JSON = "objectives.csv", "objectives.json"
"""Names in the folder of the page with the table."""
_COLUMNS = (
    "service", "slo", "objective", "kind", "status", "window", "start", "end", "good", "total", "sli", "burn_rate",
    "coverage", "budget_remaining",
)  # fmt: skip


def objective_files(services: Iterable[ServiceReport], folder: str = "") -> Mapping[str, bytes]:
    """A row for each window; the budget is in the row of the SLO's own. Missing values are empty or null, never 0."""
    rows = [row for service in services for row in _rows(service)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    data = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return {f"{folder}{CSV}": out.getvalue().encode(), f"{folder}{JSON}": text.encode()}


def _rows(service: ServiceReport) -> Iterator[tuple[str | float | None, ...]]:
    for slo in service.slos:
        about = (service.name, slo.name, slo.objective, slo.kind, slo.status.value)
        for name, window in slo.windows.items():
            counts = (window.good, window.total, window.sli, window.burn_rate, window.coverage)
            left = slo.budget.remaining_ratio if name == slo.window else None
            yield (*about, name, iso(window.start), iso(window.end), *counts, left)
