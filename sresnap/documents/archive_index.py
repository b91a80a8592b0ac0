"""The archive's index: `archive/index.json`, one line per kept report.

The SHA-256 of a line (without the comma after it) is what the next report's line names as `previous_sha256`. So a line
is written exactly as it was read. The line of a thinned report moves to a list, see `documents.thinned_lists`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from sresnap.documents.codec import Codec, to_json
from sresnap.documents.files import sha256
from sresnap.documents.index_checks import check
from sresnap.documents.layout import FROZEN_PAGE, HISTORY_DAY, INDEX, MANIFEST, SEEN_MANIFEST, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.archive import SCHEMA, Entry, Index
from sresnap.named_files import read_stored

ARCHIVE_HINT = "restore the published one, or choose another folder with --out DIR"
_REDRAWN_HINT = "choose another folder with --out DIR, or delete this one"

CODEC = Codec(SCHEMA, Index, "an archive index", ARCHIVE_HINT, check)


def load(root: Path) -> Index | None:
    """The index of a site; None when the site has no archive yet.

    Raises:
        UsageError: it cannot be read, or is missing although there are reports: a build must not start a new chain
            then.
    """
    path = root / INDEX
    try:
        content = read_stored(path)
    except FileNotFoundError:
        if redrawn_report(root) is not None:
            raise UsageError(f"`sresnap render` drew {root}: it has one report and no archive", _REDRAWN_HINT) from None
        if any(FROZEN_PAGE.names_in(root)):
            raise UsageError(f"{path.parent} holds reports, but {path} is missing", ARCHIVE_HINT) from None
        return None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}", what_to_do(error, read=True)) from error
    return decode(content, str(path))


def redrawn_report(root: Path) -> str | None:
    """The id of the report in a folder that only `sresnap render` wrote; None for any other folder.

    Such a folder has one report and no index. A build would have left a history, and a restore a manifest.
    """
    reports = [report for name in FROZEN_PAGE.names_in(root) if (report := FROZEN_PAGE.value(name))]
    others = any((root / name).exists() for name in (INDEX, MANIFEST, SEEN_MANIFEST))
    is_built = others or any(HISTORY_DAY.names_in(root))
    has_data = len(reports) == 1 and (root / SNAPSHOT.path(reports[0])).exists()
    return reports[0] if has_data and not is_built else None


def decode(content: bytes, name: str) -> Index:
    """An index from JSON.

    Raises:
        DamagedFile: it is not an index, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return CODEC.read(content, name)


def encode(index: Index) -> bytes:
    """The index as JSON, one line per entry; the same bytes for the same index."""
    head = to_json(Index, dataclasses.replace(index, entries=())).replace('"entries":[],', "", 1)
    lines = ",\n".join(map(line, index.entries))
    return f'{head.removesuffix("}")},"entries":[\n{lines}\n]}}\n'.encode()


def line(entry: Entry) -> str:
    """An entry as it is in the file."""
    return to_json(Entry, entry)


def entry_sha256(entry: Entry) -> str:
    """The hash that the next entry names."""
    return sha256(line(entry).encode())
