"""Days of the history and lists of thinned reports: the files that the next build reads, and that can be brought back.

Publishing refuses one that is damaged, and restoring fetches the published one.
"""

from __future__ import annotations

from pathlib import Path

from sresnap.documents import history, thinned_lists
from sresnap.documents.layout import HISTORY_DAY, THINNED_LIST
from sresnap.errors import DamagedFile
from sresnap.named_files import read_stored


def is_checked(name: str) -> bool:
    """Whether a site-relative path names such a file."""
    return HISTORY_DAY.matches(name) or THINNED_LIST.matches(name)


def check(name: str, content: bytes) -> None:
    """Refuse the content of such a file if no build could read it.

    Raises:
        DamagedFile: it is damaged.
        NewerFile: a newer sresnap wrote it.
    """
    day = HISTORY_DAY.value(name)
    if day is None:
        thinned_lists.decode(content, name)
    else:
        history.decode(content, day)


def is_damaged(root: Path, name: str) -> bool:
    """Whether a folder has such a file, but no build can read it. A newer sresnap could read a newer file."""
    try:
        check(name, read_stored(root / name))
    except DamagedFile:
        return True
    except OSError:
        return False
    return False
