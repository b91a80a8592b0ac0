"""Which published files the archive has thinned out, so that a folder's not having them means that they may go."""

from __future__ import annotations

from collections.abc import Collection

from sresnap.model.archive import Index
from sresnap.store import archive


def thinned(index: Index, there: Collection[str]) -> frozenset[str]:
    """Published names that the archive's index gives up.

    A thinned report's snapshot goes; its page has become a summary, and goes with the oldest summaries. So do the files
    of a report that a killed publisher sent and no index has ever named. From an index without reports nothing goes:
    what was merely not found is never deleted.
    """
    if not index.entries:
        return frozenset()
    return frozenset(name for name in there if not archive.is_wanted(index, name))
