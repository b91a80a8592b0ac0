"""Which published files the archive has thinned out, so that a folder's not having them means that they may go."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from sresnap.store import snapshots, thinned_lists
from sresnap.store.archive import INDEX

_THINNED = re.compile(r"archive/thinned/\d{4}/\d{2}/\d{4}-\d{2}-\d{2}\.json")
_REPORT = re.compile(r"archive/(\d{8}T\d{6}Z)/.+")


def thinned(root: Path, ours: Collection[str], there: Collection[str]) -> frozenset[str]:
    """Published names that the archive's own records give up.

    A thinned report's snapshot goes; its page has become a summary, and goes with the oldest summaries. Without records
    nothing goes: what was merely not found is never deleted.

    Args:
        root: the site's folder.
        ours: names in the folder.
        there: names in the published place.
    """
    index = _json(root / INDEX)
    if index is None:
        return frozenset()
    kept = {str(entry.get("id")) for entry in index.get("entries", [])}
    gone = {report for name in ours if is_thinned(name) for report in _ids(root / name)} - kept
    since = str(index.get("summaries_since") or "").replace("-", "")
    return frozenset(
        [*(snapshots.snapshot_name(report) for report in gone), *_old_summaries(there, kept, since)] if kept else []
    )


def is_thinned(name: str) -> bool:
    """Whether a site-relative path is a day's list of thinned reports."""
    return _THINNED.fullmatch(name) is not None


def _old_summaries(there: Collection[str], kept: Collection[str], since: str) -> Iterator[str]:
    """Pages of reports that are older than the oldest summary."""
    for name in there:
        found = _REPORT.fullmatch(name)
        if found and found[1] not in kept and found[1][:8] < since:
            yield name


def _ids(path: Path) -> Iterable[str]:
    try:
        return thinned_lists.ids(path.read_bytes())
    except OSError:
        return ()


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
