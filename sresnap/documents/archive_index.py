"""The archive's index: `archive/index.json`, appended to by each build, chained by hashes.

A report leaves `archive/<id>/index.html`, frozen, and `snapshots/<id>.json`. The index has one line for each kept
report; what a thinned one's line says moves to `archive/thinned/YYYY/MM/YYYY-MM-DD.json` (`store.thinned_lists`). The
SHA-256 of a line (without the comma after it) is what the next report's line names as `previous_sha256`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from sresnap.documents.index_checks import check
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.model.archive import SCHEMA, Entry, Headline, Index, entry_of

_VERSION = re.compile(r"sresnap/archive/([0-9]{1,9})")
_CURRENT = 1
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
_HINT = "bring the published one back, or give another folder with --out DIR"


@cache
def _adapter() -> TypeAdapter[Index]:
    return TypeAdapter(Index)


@cache
def _entry_adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


def load(root: Path) -> Index | None:
    """The index of a site; None when the site has no archive yet.

    Raises:
        UsageError: it cannot be read, or is lost though there are reports: a build must not begin a new chain then.
    """
    path = root / INDEX
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if any(FROZEN_PAGE.names_in(root)):
            raise UsageError(f"{root / 'archive'} holds reports, but {path} is missing", _HINT) from None
        return None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", _HINT) from error
    return decode(content, str(path))


def decode(content: bytes, name: str) -> Index:
    """An index from JSON.

    Raises:
        UsageError: it is none, is damaged, or is one of a newer sresnap.
    """
    try:
        data = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", _HINT) from error
    version = _VERSION.fullmatch(str(data.get("schema"))) if isinstance(data, dict) else None
    if version is None or int(version[1]) < 1:
        raise UsageError(f"{name} is no archive of sresnap", _HINT)
    if int(version[1]) > _CURRENT:
        message = f"{name} was written by a newer sresnap ({data['schema']}); this one reads up to {SCHEMA}"
        raise UsageError(message, "upgrade sresnap")
    try:
        return _checked(_adapter().validate_python(data))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} is damaged: {place}: {first['msg']}", _HINT) from error
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(f"{name} is damaged: {error}", _HINT) from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _checked(index: Index) -> Index:
    """An index that can be what a build wrote, and can be written again."""
    check(index)
    encode(index)
    return index


def encode(index: Index) -> bytes:
    """The index as JSON, a line an entry; the same bytes for the same index."""
    data = _adapter().dump_python(dataclasses.replace(index, entries=()), mode="json")
    del data["entries"]
    if not index.withdrawn:  # an index of before there were any stays as it is
        del data["withdrawn"]
    head = _json(data).removesuffix("}")
    return f'{head},"entries":{_lines(index.entries)}}}\n'.encode()


def _lines(entries: Iterable[Entry]) -> str:
    return "[\n" + ",\n".join(map(line, entries)) + "\n]"


def line(entry: Entry) -> str:
    """An entry as it stands in the files."""
    return _json(_entry_adapter().dump_python(entry, mode="json"))


def _json(value: object) -> str:
    return _ENCODER.encode(value)


def entry_sha256(entry: Entry) -> str:
    """What the next entry names."""
    return hashlib.sha256(line(entry).encode()).hexdigest()


def appended(index: Index, report: Headline, html: bytes, snapshot: bytes) -> Index:
    """The index with a report at its end. The newest report may be made again: nothing is chained to it yet."""
    tail = index.entries[-1] if index.entries else None
    if tail is not None and tail.id == report.id and tail.number == index.reports:
        number, before, entries = tail.number, tail.previous_sha256, index.entries[:-1]
    else:
        number, before, entries = index.reports + 1, index.head, index.entries
    entry = entry_of(
        report,
        number=number,
        html_sha256=hashlib.sha256(html).hexdigest(),
        snapshot_sha256=hashlib.sha256(snapshot).hexdigest(),
        size=len(html) + len(snapshot),
        previous_sha256=before,
    )
    first = report.at if number == 1 else index.first
    return dataclasses.replace(index, entries=(*entries, entry), head=entry_sha256(entry), reports=number, first=first)


def is_wanted(index: Index, path: str) -> bool:
    """Whether a site-relative path is to stay published, as far as the archive knows.

    Not wanted are snapshots and pages of reports that were thinned out, once they have no summary any more. What is no
    report of the archive's is not its business, and wanted.
    """
    page = FROZEN_PAGE.value(path)
    report = page or SNAPSHOT.value(path)
    if report is None or index.entry(report) is not None:
        return True
    day = day_of_id(report)
    if not index.thinned.get(day):
        return True
    return page is not None and (index.summaries_since is None or day >= index.summaries_since)


def may_file(index: Index, report: str, thinned: Iterable[Entry] = (), *, is_sent: bool = False) -> bool:
    """Whether a report of that id may be put into the archive: old reports are never altered.

    The last one that was made may be made again, as nothing is chained to it, until somebody may have read it.
    """
    if index.entries and index.entries[-1].id == report:
        return not is_sent
    return index.entry(report) is None and gone(index, report, thinned) is None


def gone(index: Index, report: str, thinned: Iterable[Entry] = ()) -> str | None:
    """What became of a report that was archived and is not kept, in words; None: it is kept, or never was.

    That one was withdrawn is known also where the folder lacks the list of its day.
    """
    if any(one.id == report for one in index.withdrawn):
        return "withdrawn"
    is_thinned = index.entry(report) is None and any(entry.id == report for entry in thinned)
    return "thinned out" if is_thinned else None


def day_of_id(report: str) -> str:
    """`20261122T213000Z` → `2026-11-22`."""
    return f"{report[:4]}-{report[4:6]}-{report[6:8]}"


def continues(index: Index, earlier: Index, thinned: Iterable[Entry] = ()) -> bool:
    """Whether an index goes on from an earlier one: it knows the report that was the last one then, by its hash.

    Args:
        index: what is to take its place.
        earlier: what was read before.
        thinned: entries that are in the index no more, those of the day of that report.
    """
    if earlier.head is None or index.head == earlier.head:
        return True
    return any(earlier.head in (entry.previous_sha256, entry_sha256(entry)) for entry in (*index.entries, *thinned))


def chain_faults(index: Index, thinned: Iterable[Entry] = ()) -> list[str]:
    """What is wrong with the chain, in words; nothing when all entries that are given follow one another.

    Where entries are not given (thinned files that are not in this folder), the links on both sides of them are not
    checked.
    """
    entries: Mapping[int, Entry] = {entry.number: entry for entry in (*thinned, *index.entries)}
    faults = []
    for number, entry in sorted(entries.items()):
        before = entries.get(number - 1)
        if before is not None and entry.previous_sha256 != entry_sha256(before):
            faults.append(f"report {entry.id} does not follow {before.id}: one of the two was changed since")
    last = entries.get(index.reports)
    if last is not None and entry_sha256(last) != index.head:
        faults.append(f"the newest report {last.id} was changed since it was archived")
    return faults
