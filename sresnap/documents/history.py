"""The history as files: `history/YYYY/MM/YYYY-MM-DD.json`, one a day.

    {"schema": "sresnap/history/1", "day": "2026-11-22", "previous_sha256": "…",
     "services": {"api": {"total": {"query": "5c8a…", "sealed": 19, "values": [9012, …, null]}}},
     "superseded": []}

`values` are the day's 24 hours, an hour named by its start, null where nothing is known; the first `sealed` of them are
final. `query` is the hash of what was asked. `previous_sha256` is that of the file of the day before.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sresnap.documents.files import write_atomic
from sresnap.documents.layout import HISTORY_DAY, UNREADABLE_DAY
from sresnap.errors import SresnapError, UsageError
from sresnap.model.history import HOURS, Column, History, HistoryDay, Span, Superseded
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, HOUR, day_of, day_start, floor

SCHEMA = "sresnap/history/1"
_VERSION = re.compile(r"sresnap/history/([0-9]{1,9})")
_CURRENT = 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """The history of some days, and what could not be read of it."""

    history: History
    unreadable: Mapping[str, str]
    """Day → why its file cannot be read. Nothing is moved on loading; `save` sets the file aside."""
    chain: Mapping[str, str | None]
    """Day → the `previous_sha256` that its file carries."""


def load(root: Path, hours: Span) -> Loaded:
    """The days that touch `hours`, and those that follow them without a gap; reads only.

    A missing file is an empty day. The later days matter to a build of a past moment: their `previous_sha256` follows
    what it changes.

    Raises:
        UsageError: a day is of a newer sresnap: to ask for it again would replace what that one knows.
    """
    days: dict[str, HistoryDay] = {}
    unreadable: dict[str, str] = {}
    chain: dict[str, str | None] = {}
    midnight = floor(hours.start, DAY)
    while midnight < hours.end or (root / HISTORY_DAY.path(day_of(midnight))).exists():
        day = day_of(midnight)
        try:
            days[day], chain[day] = _decode((root / HISTORY_DAY.path(day)).read_bytes(), day)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, RecursionError) as error:
            if midnight >= hours.end:
                break
            unreadable[day] = str(error)
        midnight += DAY
    return Loaded(History(days), unreadable, chain)


def save(root: Path, loaded: Loaded, history: History, stamp: str) -> None:
    """Write the days that changed, oldest first; files that could not be read are renamed beside theirs before.

    A kill between two files leaves files that are each whole: the next build takes up from there.

    Args:
        root: the output folder.
        loaded: what `load` gave, to tell which days changed.
        history: what is to be kept.
        stamp: snapshot id, part of the name of a file set aside.
    """
    for day in sorted(loaded.unreadable):
        _set_aside(root, day, stamp)
    for day in sorted(history.days):
        previous = _sha256(root / HISTORY_DAY.path(day_of(day_start(day) - HOUR)))
        same = loaded.history.days.get(day) == history.days[day]
        if not same or loaded.chain.get(day) != previous:
            write_atomic(root / HISTORY_DAY.path(day), _encode(day, history.days[day], previous))


def aside_path(root: Path, day: str, stamp: str) -> Path:
    """Where a day file that cannot be read is kept: beside its place, under a name that is free."""
    stamps = itertools.chain([stamp], (f"{stamp}-{number}" for number in itertools.count(2)))
    paths = (root / UNREADABLE_DAY.path(day, text) for text in stamps)
    return next(path for path in paths if not path.exists())


def _set_aside(root: Path, day: str, stamp: str) -> None:
    """It stays under its new name until somebody has looked at it."""
    try:
        (root / HISTORY_DAY.path(day)).rename(aside_path(root, day, stamp))
    except OSError as error:
        message = f"cannot set {root / HISTORY_DAY.path(day)} aside: {error.strerror}"
        raise SresnapError(message, "the history's folders must be folders that can be written to") from error


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _encode(day: str, content: HistoryDay, previous_sha256: str | None) -> bytes:
    """One line a column: readable by eye, by jq and in a diff."""
    services: dict[str, dict[str, Column]] = {}
    for (service, series), column in content.columns.items():
        services.setdefault(service, {})[str(series)] = column
    lines = [f'{{"schema":{_json(SCHEMA)},"day":{_json(day)},"previous_sha256":{_json(previous_sha256)},"services":{{']
    for i, (service, columns) in enumerate(sorted(services.items())):
        rows = [f"  {_json(series)}:{_json(_column(column))}" for series, column in sorted(columns.items())]
        comma = "," if i + 1 < len(services) else ""
        lines += [f"{_json(service)}:{{", ",\n".join(rows), f"}}{comma}"]
    old = [{"service": s.service, "series": str(s.series), **_column(s.column)} for s in content.superseded]
    lines.append(f'}},"superseded":{_json(old)}}}')
    return ("\n".join(lines) + "\n").encode()


def _column(column: Column) -> dict[str, Any]:
    return {"query": column.definition, "sealed": column.sealed, "values": [_number(v) for v in column.values]}


def _number(value: float | None) -> float | None:
    """Whole numbers without a point: `9012`, not `9012.0`."""
    return int(value) if value is not None and value.is_integer() and abs(value) < 2**53 else value


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _decode(content: bytes, day: str) -> tuple[HistoryDay, str | None]:
    """The day and its `previous_sha256`.

    Raises:
        ValueError: it is no day file of that day; the text says what is wrong.
        UsageError: it is one of a newer sresnap.
    """
    try:
        data = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"it is no JSON: {error}") from error
    version = _VERSION.fullmatch(str(data.get("schema"))) if isinstance(data, dict) else None
    if version is not None and int(version[1]) > _CURRENT:
        message = f"the history of {day} was written by a newer sresnap ({data['schema']}); this one reads {SCHEMA}"
        raise UsageError(message, "upgrade sresnap; nothing was written")
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else type(data).__name__
        raise ValueError(f"its schema is {found!r}, not {SCHEMA!r}")
    if data.get("day") != day:
        raise ValueError(f"it is of the day {data.get('day')!r}, not {day!r}")
    try:
        columns = {
            (service, SeriesKey.parse(series)): _read_column(raw)
            for service, by_series in data["services"].items()
            for series, raw in by_series.items()
        }
        superseded = tuple(
            Superseded(o["service"], SeriesKey.parse(o["series"]), _read_column(o)) for o in data["superseded"]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not of the form of {SCHEMA}: {error!r}") from error
    return HistoryDay(columns, superseded), data.get("previous_sha256")


def _read_column(raw: dict[str, Any]) -> Column:
    query, sealed, values = raw["query"], raw["sealed"], raw["values"]
    if not isinstance(query, str) or type(sealed) is not int or not 0 <= sealed <= HOURS or len(values) != HOURS:
        raise ValueError(f"a column needs a query, 0 to {HOURS} sealed hours and {HOURS} values")
    return Column(query, sealed, tuple(_value(value) for value in values))


def _value(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number of an hour")
    return float(value)
