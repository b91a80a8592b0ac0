"""The chain of the archive: each report's entry names the hash of the entry before it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from sresnap.documents.archive_index import entry_sha256
from sresnap.documents.files import sha256
from sresnap.model.archive import Entry, Headline, Index, entry_of


def appended(index: Index, report: Headline, html: bytes, snapshot: bytes) -> Index:
    """The index with a report at its end. The newest report may be rebuilt: nothing is chained to it yet."""
    tail = index.entries[-1] if index.entries else None
    if tail is not None and tail.id == report.id and tail.number == index.reports:
        number, before, entries = tail.number, tail.previous_sha256, index.entries[:-1]
    else:
        number, before, entries = index.reports + 1, index.head, index.entries
    entry = entry_of(
        report,
        number=number,
        html_sha256=sha256(html),
        snapshot_sha256=sha256(snapshot),
        size=len(html) + len(snapshot),
        previous_sha256=before,
    )
    first = report.at if number == 1 else index.first
    return dataclasses.replace(index, entries=(*entries, entry), head=entry_sha256(entry), reports=number, first=first)


def continues(index: Index, earlier: Index, thinned: Iterable[Entry] = ()) -> bool:
    """Whether an index continues an earlier one: it has the last report of the earlier one, with the same hash.

    Args:
        index: the index that replaces the earlier one.
        earlier: the index that was read before.
        thinned: entries of that report's day that are no longer in the index.
    """
    if earlier.head is None or index.head == earlier.head:
        return True
    return any(earlier.head in (entry.previous_sha256, entry_sha256(entry)) for entry in (*index.entries, *thinned))


def chain_faults(index: Index, thinned: Iterable[Entry] = ()) -> list[str]:
    """What is wrong with the chain, a sentence each; nothing when every entry follows the one before.

    Links to entries that are not given, such as those in lists that are not in this folder, are not checked.
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
