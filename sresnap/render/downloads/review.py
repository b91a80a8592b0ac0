"""A closed period as a file for spreadsheets: unrounded, with what it was restated as."""

from __future__ import annotations

import csv
import io

from sresnap.documents.layout import REVIEW_TABLE
from sresnap.model.review import PeriodResult
from sresnap.model.windows import iso
from sresnap.render.downloads.statements import harmless
from sresnap.sentences.closed import Material, restated_last

_RESULT = ("outcome", "good", "total", "bad_least", "bad_most", "sli", "remaining_ratio", "worst_remaining_ratio")
_COLUMNS = ("period", "service", "slo", "objective", "basis", *_RESULT, "coverage", "met_of_last", "judged_of_last",
            "restated_at", *(f"restated_{name}" for name in _RESULT))  # fmt: skip


def review_table(material: Material) -> tuple[str, bytes]:
    """A row for each objective. Missing values are empty, never 0."""
    restated = restated_last(material.restatements)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    review = material.review
    for service in review.services:
        for slo in service.slos:
            again = restated.get((service.name, slo.name))
            writer.writerow(
                harmless(cell)
                for cell in (
                    review.period, service.name, slo.name, slo.objective, slo.basis, *_cells(slo.result),
                    slo.result.coverage, slo.met, slo.judged,
                    *((None,) * (len(_RESULT) + 1) if again is None else (iso(again[0].at), *_cells(again[1].now))),
                )
            )  # fmt: skip
    return REVIEW_TABLE.path(review.period), out.getvalue().encode()


def _cells(result: PeriodResult) -> tuple[str | float | None, ...]:
    least, most = result.bad_bounds or (None, None)
    return (
        result.outcome.value,
        result.good,
        result.total,
        least,
        most,
        result.sli,
        result.remaining_ratio,
        result.worst_remaining_ratio,
    )
