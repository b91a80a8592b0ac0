"""What is left of thinned reports: `archive/thinned/YYYY/MM/YYYY-MM-DD.json`, a list a UTC day.

    {"schema": "sresnap/thinned/2", "day": "2026-11-22", "keys": ["id", "at", …, "previous_sha256"], "rows": [
    ["20261122T000500Z", "2026-11-22T00:05:00Z", …, "9f…"],
    ["20261122T001000Z", "2026-11-22T00:10:00Z", …]
    ]}

A row has the values of a report's line in the index, in the order of `keys`: the names once a file, not once a report.
A row without its last value, `previous_sha256`, follows the report of the row above. So nothing of a line is lost, and
the chain can be walked through it. A year of reports every five minutes is 105,000 rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sresnap.documents.archive_index import entry_sha256
from sresnap.documents.layout import THINNED_LIST
from sresnap.errors import UsageError
from sresnap.model.archive import Entry

SCHEMA = "sresnap/thinned/2"
_FIRST = "sresnap/thinned/1"
"""Had each report's whole line under `entries`; it is read still."""
_KEYS = tuple(field.name for field in fields(Entry))
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
_HINT = "bring the published one back, or give another folder with --out DIR"


@cache
def _adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


def load(root: Path, day: str) -> tuple[Entry, ...]:
    """The thinned entries of a UTC day, as far as the folder has them.

    Raises:
        UsageError: the file is damaged, or of a newer sresnap.
    """
    path = root / THINNED_LIST.path(day)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", _HINT) from error
    return decode(content, str(path))


def decode(content: bytes, shown: str) -> tuple[Entry, ...]:
    """The entries of a list.

    Raises:
        UsageError: it is damaged, or of a newer sresnap.
    """
    try:
        return tuple(_entries(json.loads(content)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{shown} is damaged: {str(error)[:200]}", _HINT) from error


def _entries(data: dict[str, Any]) -> Iterator[Entry]:
    if data["schema"] == _FIRST:
        yield from map(_adapter().validate_python, data["entries"])
        return
    if data["schema"] != SCHEMA:
        raise ValueError(f"it is of the schema {data['schema']!r}, not {SCHEMA!r}")
    keys = data["keys"]
    above: Entry | None = None
    for row in data["rows"]:
        follows = [] if len(row) != len(keys) - 1 or above is None else [entry_sha256(above)]
        above = _adapter().validate_python(dict(zip(keys, [*row, *follows], strict=True)))
        yield above


def encode(day: str, entries: Sequence[Entry]) -> bytes:
    """A day's list, in the order in which the reports were made."""
    rows: list[str] = []
    above: str | None = None
    for entry in sorted(entries, key=lambda entry: entry.number):
        found = _adapter().dump_python(entry, mode="json")
        values = [found[key] for key in _KEYS]
        rows.append(_json(values[:-1] if above is not None and entry.previous_sha256 == above else values))
        above = entry_sha256(entry)
    head = f'{{"schema":{_json(SCHEMA)},"day":{_json(day)},"keys":{_json(_KEYS)},"rows":['
    return (head + "\n" + ",\n".join(rows) + "\n]}\n").encode()


def ids(content: bytes) -> frozenset[str]:
    """Ids of the reports in a list, of whatever version; none where it cannot be read."""
    try:
        data = json.loads(content)
        place = data["keys"].index("id") if "rows" in data else "id"
        return frozenset(str(row[place]) for row in data.get("rows") or data["entries"])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return frozenset()


def _json(value: object) -> str:
    return _ENCODER.encode(value)
