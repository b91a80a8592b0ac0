"""`.sresnap-state.json`: what a site's folder knows of itself that is not part of the site.

It holds

* the files that builds have put there, so that the next build removes the ones that its report no longer has;
* the reports that a reader may have seen, so that they are not rebuilt;
* the states of targets that the folder includes, so that publishing does not overwrite another publisher's files;
* the files whose inputs were scanned for leaks, so that publishing does not scan them again.

It is changed only while the folder is held (`files.hold`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from sresnap.documents import manifest
from sresnap.documents.codec import Codec
from sresnap.documents.files import write_changed
from sresnap.documents.layout import SNAPSHOT, STATE
from sresnap.errors import UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.stored import STORED, ReportId, Sha256
from sresnap.named_files import read_stored

SCHEMA: Final = "sresnap/folder/1"
_MOST_REPORTS = 50
_MOST_STATES = 50
"""How many states that were restored or expected are kept. The last state of each target that was published to is
always kept: a mirror may be updated only once a month."""

FileRecord = Mapping[str, Collection[Sha256]]
"""By site-relative path, the SHA-256 of what builds have put there."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """The whole file."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/folder/1"] = SCHEMA
    files: Mapping[str, tuple[Sha256, ...]] = field(default_factory=dict)
    """By site-relative path, the SHA-256 of what builds have put there. Before a build replaces files, both the old and
    the new ones are listed, so that the next build cleans up after one that was killed."""
    published_reports: tuple[ReportId, ...] = ()
    """Reports that were published or were about to be, the latest last."""
    states: tuple[Sha256, ...] = ()
    """Tokens of target states that the folder includes: it restored them, or was about to publish them. The latest is
    last."""
    targets: Mapping[str, Sha256] = field(default_factory=dict)
    """By target, the token of its state after the folder was last published to it."""
    scanned: Mapping[str, Sha256] = field(default_factory=dict)
    """By site-relative path, the SHA-256 of files that hold only inputs that were scanned for leaks."""
    scanned_by: Sha256 | None = None
    """Fingerprint of the rules of that scan."""


CODEC = Codec(
    SCHEMA, FolderState, "the state of a folder", "delete it; if the site is published, run `sresnap restore` then"
)


def load(root: Path) -> FolderState:
    """The state of a folder; an empty one when it has none.

    Without it nothing is removed, and publishing asks for `sresnap restore`. A damaged state is an error: treated as
    empty, the next build would overwrite it and lose what it knows.

    Raises:
        DamagedFile: it cannot be read as a state.
        NewerFile: a newer sresnap wrote it.
        UsageError: the file cannot be read.
    """
    path = root / STATE
    try:
        content = read_stored(path)
    except (FileNotFoundError, NotADirectoryError):
        return FolderState()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}", what_to_do(error, read=True)) from error
    return CODEC.read(content, str(path))


def _save(root: Path, state: FolderState) -> None:
    write_changed(root, {STATE: CODEC.write(state, indent=0)})


def record_files(root: Path, *records: FileRecord) -> None:
    """Replace the list of files that builds wrote, or may have written, with the union of records.

    Raises:
        SresnapError: the state cannot be written.
    """
    names = sorted({name for record in records for name in record})
    files = {name: tuple(sorted({sha for record in records for sha in record.get(name, ())})) for name in names}
    _save(root, dataclasses.replace(load(root), files=files))


def may_be_published(root: Path, report: str) -> bool:
    """Whether a reader may have seen a report: it was published, or was about to be."""
    published = manifest.of_folder(root)
    is_there = published is not None and bool(published.hashes(SNAPSHOT.path(report)))
    return is_there or report in load(root).published_reports


def includes(root: Path, token: str) -> bool:
    """Whether a folder includes a state of a target: it restored that state, or published it itself."""
    state = load(root)
    return token in state.states or token in state.targets.values()


def add_states(root: Path, *tokens: str, report: str | None = None) -> None:
    """Note that a folder includes states of a target, and that a report is about to be published.

    Raises:
        SresnapError: the state cannot be written.
    """
    state = load(root)
    states = (*(token for token in state.states if token not in tokens), *tokens)
    reports = (*(one for one in state.published_reports if one != report), *(() if report is None else (report,)))
    changed = dataclasses.replace(state, states=states[-_MOST_STATES:], published_reports=reports[-_MOST_REPORTS:])
    _save(root, changed)


def set_target_state(root: Path, target: str, token: str) -> None:
    """Note the state of a target after the folder was published to it.

    Raises:
        SresnapError: the state cannot be written.
    """
    state = load(root)
    _save(root, dataclasses.replace(state, targets={**state.targets, target: token}))


def record_scanned(root: Path, rules: str, files: Mapping[str, Sha256]) -> None:
    """Note files that hold only inputs that were scanned for leaks. Earlier ones stay while they exist.

    Args:
        root: the site's folder.
        rules: fingerprint of the rules of the scan.
        files: SHA-256 by site-relative path.

    Raises:
        SresnapError: the state cannot be written.
    """
    state = load(root)
    earlier = state.scanned if state.scanned_by == rules else {}
    kept = {name: sha for name, sha in earlier.items() if (root / name).is_file()}
    scanned = dict(sorted({**kept, **files}.items()))
    _save(root, dataclasses.replace(state, scanned=scanned, scanned_by=rules))


def scanned_files(root: Path, rules: str) -> Mapping[str, Sha256]:
    """By site-relative path, the SHA-256 of files that need no scan under these rules."""
    state = load(root)
    return state.scanned if state.scanned_by == rules else {}
