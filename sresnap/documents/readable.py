"""The files that the next build reads, and that can be brought back: days, lists of thinned reports, closed periods.

Publishing refuses one that is damaged, and restoring fetches the published one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sresnap.documents import history, reviews, thinned_lists
from sresnap.documents.codec import Codec
from sresnap.documents.layout import HISTORY_DAY, RESTATEMENT, REVIEW, REVIEWS_FILE, THINNED_LIST, SiteFile, row_of
from sresnap.errors import DamagedFile
from sresnap.named_files import read_stored

CHECKED = (HISTORY_DAY, THINNED_LIST, REVIEW, RESTATEMENT, REVIEWS_FILE)
"""The rows of such files."""
_CODECS: Mapping[SiteFile, Codec[Any]] = {
    REVIEW: reviews.CODEC,
    RESTATEMENT: reviews.RESTATEMENT_CODEC,
    REVIEWS_FILE: reviews.INDEX_CODEC,
}


def is_checked(name: str) -> bool:
    """Whether a site-relative path names such a file."""
    return row_of(name) in CHECKED


def check(name: str, content: bytes) -> None:
    """Refuse the content of such a file if no build could read it.

    Raises:
        DamagedFile: it is damaged.
        NewerFile: a newer sresnap wrote it.
    """
    row = row_of(name)
    if row is HISTORY_DAY:
        history.decode(content, str(row.value(name)))
    elif row is THINNED_LIST:
        thinned_lists.decode(content, name)
    else:
        _CODECS[row].read(content, name)


def is_damaged(root: Path, name: str) -> bool:
    """Whether a folder has such a file, but no build can read it. A newer sresnap could read a newer file."""
    try:
        check(name, read_stored(root / name))
    except DamagedFile:
        return True
    except OSError:
        return False
    return False
