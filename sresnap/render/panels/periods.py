"""Lists of closed periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.documents.layout import REVIEW_PAGE, relative
from sresnap.model.periods import PeriodUnit
from sresnap.model.review import Outcome
from sresnap.model.review_index import ReviewEntry
from sresnap.render.views import Link


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A closed period."""

    link: Link
    met: str
    missed: str
    rest: str
    """Without a verdict."""
    coverage: str
    restated: str


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of one unit, newest first."""

    unit: str
    rows: tuple[PeriodRow, ...]


def periods(unit: PeriodUnit, entries: Sequence[ReviewEntry], page: str) -> Periods:
    """The closed periods of one unit, as restated last."""
    return Periods(unit.value, tuple(_row(entry, page) for entry in reversed(entries)))


def _row(entry: ReviewEntry, page: str) -> PeriodRow:
    counts: Mapping[Outcome, int] = entry.outcomes
    met, missed = counts.get(Outcome.MET, 0), counts.get(Outcome.MISSED, 0)
    times = len(entry.restatements)
    return PeriodRow(
        link=Link(relative(REVIEW_PAGE.path(entry.period), page), fmt.period_name(entry.period)),
        met=fmt.number(met),
        missed=fmt.number(missed),
        rest=fmt.number(sum(counts.values()) - met - missed),
        coverage=fmt.percent_floor(entry.coverage),
        restated={0: "", 1: "once"}.get(times, f"{fmt.number(times)} times"),
    )
