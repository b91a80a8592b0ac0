"""Which reports of a folder somebody may have read already: those that were published, or were about to be."""

from __future__ import annotations

import json
from pathlib import Path

from sresnap.documents.files import write_atomic
from sresnap.documents.layout import MANIFEST, SNAPSHOT

_SENT = ".sresnap-sent.json"
_REMEMBERED = 50


def note(root: Path, report: str) -> None:
    """A report is about to be sent.

    Raises:
        SresnapError: the note cannot be written.
    """
    known = _noted(root)
    if report not in known:
        content = json.dumps({"reports": [*known, report][-_REMEMBERED:]}) + "\n"
        write_atomic(root / _SENT, content.encode())


def is_sent(root: Path, report: str) -> bool:
    """Whether a report may have been read by somebody."""
    try:
        there = json.loads((root / MANIFEST).read_bytes())
        is_there = any(SNAPSHOT.path(report) in there[part] for part in ("files", "pending"))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        is_there = False
    return is_there or report in _noted(root)


def _noted(root: Path) -> list[str]:
    try:
        return [str(report) for report in json.loads((root / _SENT).read_bytes())["reports"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
