"""Decides for one report whether it may be filed, what became of it, and whether its files stay."""

from __future__ import annotations

from collections.abc import Iterable

from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT
from sresnap.model.archive import Entry, Index
from sresnap.model.windows import day_of_id


def may_be_filed(index: Index, report: str, thinned: Iterable[Entry] = (), *, may_be_published: bool = False) -> bool:
    """Whether a report of that id may be put into the archive. Old reports are never altered.

    The last one that was made may be rebuilt until it is published, because nothing is chained to it.
    """
    if index.entries and index.entries[-1].id == report:
        return not may_be_published
    return index.entry(report) is None and removal_of(index, report, thinned) is None


def removal_of(index: Index, report: str, thinned: Iterable[Entry] = ()) -> str | None:
    """What became of a report that was archived and is not kept: `withdrawn`, `thinned out`.

    None: it is kept, or never was. The index itself knows withdrawn reports, so their day's list is not needed.
    """
    if any(one.id == report for one in index.withdrawn):
        return "withdrawn"
    is_thinned = index.entry(report) is None and any(entry.id == report for entry in thinned)
    return "thinned out" if is_thinned else None


def is_wanted(index: Index, path: str) -> bool:
    """Whether the archive keeps a site-relative path published.

    Unwanted are snapshots of thinned reports, and their pages after the summary is dropped. Any other path is wanted.
    """
    page = FROZEN_PAGE.value(path)
    report = page or SNAPSHOT.value(path)
    if report is None or index.entry(report) is not None:
        return True
    day = day_of_id(report)
    if not index.thinned.get(day):
        return True
    return page is not None and (index.summaries_since is None or day >= index.summaries_since)
