"""The history as files: `history/YYYY/MM/YYYY-MM-DD.json`, one file per UTC day, one line per series.

    {"schema":"sresnap/history/1","day":"2026-11-22","previous_sha256":"…","services":{
    "api":{
      "total":{"query":"5c8a…","sealed":19,"values":[9012,…,null]}
    }},"superseded":[]}

`values` are the day's 24 hours, an hour named by its start, null where nothing is known. The first `sealed` of them are
final. `query` is the hash of the query. `previous_sha256` is the SHA-256 of the file of the day before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sresnap.documents.codec import Codec, to_json
from sresnap.documents.files import sha256, write_atomic
from sresnap.documents.layout import HISTORY_DAY, UNREADABLE_DAY
from sresnap.errors import DamagedFile, SresnapError, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.history import Column, ColumnKey, History, HistoryDay, Span, Superseded
from sresnap.model.series_key import SeriesKey
from sresnap.model.signals import CAPACITY, GOLDEN, peak_key, signal_key
from sresnap.model.stored import STORED, Day, Sha256
from sresnap.model.windows import DAY, HOUR, day_of, day_start, floor
from sresnap.named_files import read_stored

SCHEMA: Final = "sresnap/history/1"


@dataclass(frozen=True, slots=True)
class SupersededColumn:
    """A column whose query was changed since."""

    service: str
    series: str
    column: Column


@dataclass(frozen=True, slots=True)
class DayFile:
    """The whole file."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/history/1"]
    day: Day
    previous_sha256: Sha256 | None
    services: Mapping[str, Mapping[str, Column]]
    """By service and series."""
    superseded: tuple[SupersededColumn, ...]


_SIGNAL_LINES = tuple(
    f'  "{key(signal)}":'.encode() for signal in (*GOLDEN, *CAPACITY) for key in (signal_key, peak_key)
)
"""How the lines of signals begin in a day's file."""
_DEFINITION = re.compile(rb'"query":"([^"]+)"')
CODEC = Codec(SCHEMA, DayFile, "a day of the history", "delete it: its hours are queried again")


@dataclass(frozen=True, slots=True)
class LoadedHistory:
    """The history of some days, and the days that could not be read."""

    history: History
    unreadable: Mapping[str, str]
    """Day → why its file cannot be read. Loading moves nothing; `save_history` sets the file aside."""
    chain: Mapping[str, str | None]
    """Day → the `previous_sha256` in its file."""


def load_history(root: Path, hours: Span) -> LoadedHistory:
    """The days that touch `hours`, and those that follow them without a gap; reads only.

    A missing file is an empty day. A build of a past moment needs the later days: their `previous_sha256` follows its
    changes.

    Raises:
        NewerFile: a newer sresnap wrote a day: querying it again would lose what that version knows.
        UsageError: a day is a folder: set aside, the files in it would be published; or this user may not read it.
    """
    days: dict[str, HistoryDay] = {}
    unreadable: dict[str, str] = {}
    chain: dict[str, str | None] = {}
    midnight = floor(hours.start, DAY)
    while midnight < hours.end or (root / HISTORY_DAY.path(day_of(midnight))).exists():
        day = day_of(midnight)
        try:
            days[day], chain[day] = decode(read_stored(root / HISTORY_DAY.path(day)), day)
        except FileNotFoundError:
            pass
        except IsADirectoryError as error:
            raise _is_a_folder(root, day) from error
        except PermissionError as error:  # it may be whole: counted as lost, its hours would be queried again
            raise UsageError(
                f"cannot read {root / HISTORY_DAY.path(day)}: {why(error)}", what_to_do(error, read=True)
            ) from error
        except (OSError, DamagedFile) as error:
            if midnight >= hours.end:
                break
            # The reason is published, and the text of an OSError holds a path of this machine.
            unreadable[day] = why(error) if isinstance(error, OSError) else error.message
        midnight += DAY
    return LoadedHistory(History(days), unreadable, chain)


def load_earlier(root: Path, hours: Span) -> History:
    """The SLOs' series of the days that touch `hours`: days in part, which must never be saved.

    A day that cannot be read is unknown here: these days say only what a budget was. `load_history` reads those that a
    verdict needs.
    """
    days: dict[str, HistoryDay] = {}
    for midnight in range(floor(hours.start, DAY), hours.end, DAY):
        day = day_of(midnight)
        with suppress(OSError, DamagedFile):
            days[day], _ = decode(without_signals(read_stored(root / HISTORY_DAY.path(day))), day)
    return History(days)


def first_known_before(root: Path, day: str, wanted: Mapping[ColumnKey, str]) -> dict[ColumnKey, int]:
    """Since when some columns, by their definition, are known in any stored day before one.

    It reads back until a build's note says it of each column, at worst all files. The caller notes what it finds, so
    this happens once.
    """
    found: dict[ColumnKey, int] = {}
    missing = dict(wanted)
    folder = (root / HISTORY_DAY.path(day)).parents[2]
    names = sorted(path.relative_to(root).as_posix() for path in folder.glob("*/*/*.json"))
    for name in reversed(names):
        earlier = HISTORY_DAY.value(name)
        if not missing:
            break
        if earlier is None or earlier >= day:
            continue
        with suppress(OSError, DamagedFile):
            content = read_stored(root / name)
            # Most files of a large site have none of them, and to decode a file takes a hundred times longer.
            if not {match.decode() for match in _DEFINITION.findall(content)} & set(missing.values()):
                continue
            history = History({earlier: decode(without_signals(content), earlier)[0]})
            since = {key: history.first_known(key, definition) for key, definition in missing.items()}
            found |= {key: min(hour, found.get(key, hour)) for key, hour in since.items() if hour is not None}
            missing = {key: each for key, each in missing.items() if not history.has_known_since(key, each)}
    return found


def without_signals(content: bytes) -> bytes:
    """A day's file without the lines of signals, four fifths of it: reading them takes most of the time."""
    kept = b"\n".join(line for line in content.split(b"\n") if not line.startswith(_SIGNAL_LINES))
    return kept.replace(b",\n}", b"\n}")


def save_history(root: Path, loaded: LoadedHistory, history: History, stamp: str) -> None:
    """Write the days that changed, oldest first. Before that, files that could not be read are renamed.

    After a kill between two files each file is whole, and the next build continues from there.

    Args:
        root: the output folder.
        loaded: the result of `load_history`, which shows what changed.
        history: what is to be kept.
        stamp: snapshot id, part of the name of a file set aside.
    """
    for day in sorted(loaded.unreadable):
        _move_unreadable(root, day, stamp)
    for day in sorted(history.days):
        previous = _sha256_of(root, day_of(day_start(day) - HOUR))
        same = loaded.history.days.get(day) == history.days[day]
        if not same or loaded.chain.get(day) != previous:
            write_atomic(root / HISTORY_DAY.path(day), encode(day, history.days[day], previous))


def unreadable_path(root: Path, day: str, stamp: str) -> Path:
    """Where `save_history` keeps a file that cannot be read: in the same folder, under a free name."""
    stamps = itertools.chain([stamp], (f"{stamp}-{number}" for number in itertools.count(2)))
    paths = (root / UNREADABLE_DAY.path(day, text) for text in stamps)
    return next(path for path in paths if not path.exists())


def _move_unreadable(root: Path, day: str, stamp: str) -> None:
    path = root / HISTORY_DAY.path(day)
    try:
        path.rename(unreadable_path(root, day, stamp))
    except OSError as error:
        message = f"cannot set {path} aside: {why(error)}"
        raise SresnapError(message, "the history's folders must be folders that can be written to") from error


def _sha256_of(root: Path, day: str) -> str | None:
    path = root / HISTORY_DAY.path(day)
    try:
        return sha256(read_stored(path))
    except FileNotFoundError:
        return None
    except IsADirectoryError as error:
        raise _is_a_folder(root, day) from error
    except OSError as error:
        raise SresnapError(f"cannot read {path}: {why(error)}", what_to_do(error, read=True)) from error


def _is_a_folder(root: Path, day: str) -> UsageError:
    message = f"{root / HISTORY_DAY.path(day)} is a folder, where the history of {day} belongs"
    return UsageError(message, "move it out of the site's folder")


def encode(day: str, content: HistoryDay, previous_sha256: str | None) -> bytes:
    """A day's file, one line per column: readable by eye, by jq and in a diff.

    Raises:
        ValueError: a number in it is not finite.
    """
    services: dict[str, dict[str, str]] = {}
    for (service, series), column in content.columns.items():
        services.setdefault(service, {})[str(series)] = _line(column)
    superseded = tuple(SupersededColumn(old.service, str(old.series), old.column) for old in content.superseded)
    empty = to_json(DayFile, DayFile(SCHEMA, day, previous_sha256, {}, superseded))
    head, tail = empty.split('"services":{}', 1)
    blocks = [
        f"{to_json(str, service)}:{{\n"
        + ",\n".join(f"  {to_json(str, series)}:{line}" for series, line in sorted(lines.items()))
        + "\n}"
        for service, lines in sorted(services.items())
    ]
    return (f'{head}"services":{{\n' + ",\n".join(blocks) + f"}}{tail}\n").encode()


def _line(column: Column) -> str:
    """A column as JSON. Whole numbers have no point: `9012`, not `9012.0`."""
    line = to_json(Column, column)
    for note in (',"explained":null', ',"known_since":null'):
        line = line.replace(note, "")
    head, key, values = line.rpartition('"values":')
    return head + key + values.replace(".0,", ",").replace(".0]", "]")


def decode(content: bytes, day: str) -> tuple[HistoryDay, str | None]:
    """A day's columns and its `previous_sha256`.

    Raises:
        DamagedFile: it is not the file of that day, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    name = HISTORY_DAY.path(day)
    found = CODEC.read(content, name)
    if found.day != day:
        raise DamagedFile(f"{name} is of the day {found.day}", CODEC.hint)
    try:
        columns = {
            (service, SeriesKey.parse(series)): column
            for service, by_series in found.services.items()
            for series, column in by_series.items()
        }
        superseded = tuple(Superseded(old.service, SeriesKey.parse(old.series), old.column) for old in found.superseded)
    except ValueError as error:
        raise DamagedFile(f"{name} is damaged: {error}", CODEC.hint) from error
    return HistoryDay(columns, superseded), found.previous_sha256
