"""The whole history of one service, of all days in a folder: a small part of each file is read as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.documents.codec import to_json
from sresnap.documents.history import decode, without_signals
from sresnap.documents.layout import HISTORY_DAY
from sresnap.errors import DamagedFile
from sresnap.model.history import ColumnKey, History, HistoryDay, Span
from sresnap.model.windows import HOUR, day_start
from sresnap.named_files import read_stored


@dataclass(frozen=True, slots=True)
class ServiceHistory:
    """What all stored days say of a service's objectives."""

    history: History
    hours: Span | None
    """From the first known hour to the last, by the queries that are asked for; None where none is known."""
    unreadable: tuple[str, ...]
    """Days whose file cannot be read: their hours are unknown."""
    superseded: frozenset[ColumnKey]
    """Series that an earlier query has filled before them."""


def load_service(root: Path, service: str, wanted: Mapping[ColumnKey, str]) -> ServiceHistory:
    """The history of a service's series, of all days of a folder.

    Args:
        root: the site's folder.
        service: whose.
        wanted: the definitions of its series.

    Raises:
        NewerFile: a newer sresnap wrote a day.
    """
    days: dict[str, HistoryDay] = {}
    unreadable: list[str] = []
    for path in sorted((root / HISTORY_DAY.path("2000-01-01")).parents[2].glob("*/*/*.json")):
        day = HISTORY_DAY.value(path.relative_to(root).as_posix())
        if day is None:
            continue
        try:
            days[day], _ = decode(_of_service(read_stored(path), service), day)
        except (OSError, DamagedFile):
            unreadable.append(day)
    history = History(days)
    return ServiceHistory(history, _hours(history, wanted), tuple(unreadable), _superseded(days, wanted))


def _of_service(content: bytes, service: str) -> bytes:
    """A day's file with the lines of one service only. A file of another form, as by hand, stays as it is."""
    name = to_json(str, service).encode()
    head, is_of_form, rest = content.partition(b'"services":{\n')
    services, end, tail = rest.rpartition(b'},"superseded":')
    if not is_of_form or not end or (services and not services.endswith(b"}")):
        return content
    first = (b"\n" + services).find(b"\n" + name + b":{\n")
    own = b"" if first < 0 else services[first : services.find(b"\n}", first) + 2]
    return without_signals(head + is_of_form + own + end + tail)


def _hours(history: History, wanted: Mapping[ColumnKey, str]) -> Span | None:
    known = [
        day_start(day) + hour * HOUR
        for day, content in history.days.items()
        for key, definition in wanted.items()
        for hour, value in enumerate(content.column(key, definition).values)
        if value is not None
    ]
    return Span(min(known), max(known) + HOUR) if known else None


def _superseded(days: Mapping[str, HistoryDay], wanted: Mapping[ColumnKey, str]) -> frozenset[ColumnKey]:
    """The series that have known hours by another query only on some day."""
    return frozenset(
        key
        for content in days.values()
        for key, column in content.columns.items()
        if key in wanted and column.definition != wanted[key] and any(value is not None for value in column.values)
    )
