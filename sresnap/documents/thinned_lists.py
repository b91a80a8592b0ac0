"""What is left of thinned reports: `archive/thinned/YYYY/MM/YYYY-MM-DD.json`, one list per UTC day.

    {"schema":"sresnap/thinned/2","day":"2026-11-22","keys":["id","at",…,"previous_sha256"],"rows":[
    ["20261122T000500Z","2026-11-22T00:05:00Z",…,"9f…"],
    ["20261122T001000Z","2026-11-22T00:10:00Z",…]
    ]}

A row has the values of a report's line in the index, in the order of `keys`, so the names are stored once per file, not
once per report. A row without its last value, `previous_sha256`, follows the report of the row above. So nothing of a
line is lost, and the chain can be walked through it. A year of reports every five minutes is 105,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_type_hints

from pydantic import GetPydanticSchema

from sresnap.documents.archive_index import ARCHIVE_HINT, entry_sha256
from sresnap.documents.codec import Codec, to_json
from sresnap.documents.layout import THINNED_LIST
from sresnap.errors import DamagedFile, UsageError
from sresnap.file_errors import why
from sresnap.model.archive import Entry
from sresnap.model.stored import STORED, Day
from sresnap.named_files import read_stored

SCHEMA: Final = "sresnap/thinned/2"
_KEYS = tuple(field.name for field in fields(Entry))
_TYPES = [get_type_hints(Entry, include_extras=True)[key] for key in _KEYS]
_WHOLE_ROW: Any = tuple[tuple(_TYPES)]  # type: ignore[misc]
_SHORT_ROW: Any = tuple[tuple(_TYPES[:-1])]  # type: ignore[misc]

Row = Annotated[tuple[Any, ...], GetPydanticSchema(lambda _, build: build(_SHORT_ROW | _WHOLE_ROW))]
"""The values of an entry in the order of its keys; the last one may be left out."""


@dataclass(frozen=True, slots=True)
class ThinnedList:
    """`archive/thinned/YYYY/MM/YYYY-MM-DD.json`: what is left of a UTC day's thinned reports."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/thinned/2"]
    day: Day
    keys: tuple[str, ...]
    rows: tuple[Row, ...]


def _check(found: ThinnedList) -> None:
    if found.keys != _KEYS:
        raise ValueError(f"keys: not {', '.join(_KEYS)}")
    if found.rows and len(found.rows[0]) < len(_KEYS):
        raise ValueError("rows.0: it follows no row")


def _with_now(data: dict[str, Any]) -> dict[str, Any]:
    """A list of version 1, whose rows did not have `now`."""
    place = _KEYS.index("now")
    if data["keys"] != [key for key in _KEYS if key != "now"]:
        raise ValueError("keys")
    rows = [[*row[:place], None, *row[place:]] for row in data["rows"]]
    return {**data, "keys": list(_KEYS), "rows": rows}


CODEC = Codec(SCHEMA, ThinnedList, "a list of thinned reports", ARCHIVE_HINT, _check, upgrades={1: _with_now})


def load(root: Path, day: str) -> tuple[Entry, ...]:
    """The thinned entries of a UTC day, as far as the folder has them.

    Raises:
        UsageError: the file cannot be read.
    """
    path = root / THINNED_LIST.path(day)
    try:
        content = read_stored(path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}", ARCHIVE_HINT) from error
    return decode(content, str(path))


def decode(content: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a list.

    Raises:
        DamagedFile: it is not a list, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return tuple(_entries(CODEC.read(content, name).rows))


def _entries(rows: Sequence[Row]) -> Iterator[Entry]:
    above: Entry | None = None
    for row in rows:
        follows = (entry_sha256(above),) if above is not None and len(row) < len(_KEYS) else ()
        above = Entry(**dict(zip(_KEYS, (*row, *follows), strict=True)))
        yield above


def encode(day: str, entries: Sequence[Entry]) -> bytes:
    """A day's list, in the order in which the reports were made."""
    rows: list[str] = []
    above: str | None = None
    for entry in sorted(entries, key=lambda entry: entry.number):
        values = tuple(getattr(entry, key) for key in _KEYS)
        follows = above is not None and entry.previous_sha256 == above
        rows.append(to_json(Row, values[:-1] if follows else values))
        above = entry_sha256(entry)
    head = to_json(ThinnedList, ThinnedList(SCHEMA, day, _KEYS, ())).removesuffix("]}")
    return (head + "\n" + ",\n".join(rows) + "\n]}\n").encode()


def ids(content: bytes) -> frozenset[str]:
    """Ids of the reports in a list; none where it cannot be read."""
    try:
        return frozenset(str(row[0]) for row in CODEC.read(content, "list").rows)
    except DamagedFile:
        return frozenset()
