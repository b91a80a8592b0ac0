"""The stored hours of a period, from the days that a build has read and from those before them in the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sresnap.compute.service_report import ReportInput
from sresnap.documents import manifest
from sresnap.documents.history import load_earlier
from sresnap.documents.layout import HISTORY_DAY
from sresnap.model.history import ColumnKey, History, HistoryDay, Span
from sresnap.model.periods import NamedPeriod
from sresnap.model.review import CorrectedTime
from sresnap.model.windows import DAY, day_of, floor


@dataclass(frozen=True, slots=True)
class Known:
    """What a build, or a look at the folder, knows of the history."""

    ever_known: Mapping[ColumnKey, int]
    """By (service, series): start of the first hour that was ever known."""
    days: Mapping[str, HistoryDay] = field(default_factory=dict)
    """Those that were read already."""
    doubted: Container[ColumnKey] = frozenset()
    """Series whose zeros are not known to be zero."""
    undercounted: Container[ColumnKey] = frozenset()
    """Series whose query misses errors that it could find."""

    @classmethod
    def of(cls, gathered: ReportInput) -> Known:
        """What a build knows, with the answers that it got."""
        days = {**gathered.earlier.history.days, **gathered.history.days}
        return cls(gathered.ever_known, days, gathered.answers.doubts, gathered.undercounted)


def missing_day(out: Path, period: NamedPeriod) -> str | None:
    """A published day of a period's history that the folder lacks; None where it has all."""
    published = manifest.of_folder(out)
    names = () if published is None else map(HISTORY_DAY.path, days_of(period))
    return next((n for n in names if published and n in published.files and not (out / n).is_file()), None)


def days_of(period: NamedPeriod) -> list[str]:
    """The UTC days that a period touches."""
    return [day_of(midnight) for midnight in range(floor(period.start, DAY), period.end, DAY)]


def history_of(out: Path, period: NamedPeriod, known: Known) -> History:
    """The days of a period. Those that were not read yet are the earlier ones."""
    wanted = days_of(period)
    first = next((place for place, day in enumerate(wanted) if day in known.days), len(wanted))
    stored = load_earlier(out, Span(period.start, floor(period.start, DAY) + first * DAY))
    return History({**stored.days, **{day: known.days[day] for day in wanted if day in known.days}})


def fingerprint(corrections: Sequence[CorrectedTime]) -> str:
    """Changes with the times that corrections leave out, and not with their reasons."""
    times = sorted(repr((one.start, one.end, one.services)) for one in corrections)
    return hashlib.sha256("\n".join(times).encode()).hexdigest()
