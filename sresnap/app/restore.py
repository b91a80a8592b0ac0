"""Restoring: what the next build needs, from where it was published."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sresnap.app import archive as archiving
from sresnap.documents import archive_index, files, snapshots, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE, INDEX, MANIFEST, POINTER, SNAPSHOT
from sresnap.errors import PublishFailed, UsageError
from sresnap.model.archive import Index
from sresnap.model.snapshot import Snapshot
from sresnap.progress import Progress
from sresnap.publish import kept_aside, manifest, recovery, site_folder
from sresnap.publish import state as states
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.restore_set import Wanted, needed
from sresnap.publish.state import State
from sresnap.publish.targets.base import Source, Stored

_PARALLEL = 8
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    source: str
    report: str | None
    """Id of the newest report; None when the place is new."""
    fetched: tuple[str, ...]
    bytes_fetched: int
    set_aside: tuple[str, ...]
    """Files that the folder had not published when another publisher did; they lie below .sresnap-unpublished now."""
    seconds: float
    hashed: int = 0
    """How many files were taken as they are, since the place had lost its manifest."""
    carried_over: tuple[str, ...] = ()
    """Reports that the folder had withdrawn or pinned when another publisher was first; they are so again."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A reading of the place that holds together."""

    report: str
    state: State
    """Without a pointer when that was lost, and the manifest stands in for it."""
    manifest: Manifest
    contents: dict[str, bytes]
    keeps_own: bool
    """Whether the folder includes all of it already, and may be ahead."""


class _TornError(Exception):
    """A file has another hash than the manifest says: a publication is under way, or the file is damaged."""


def restore(
    source: Source, out: Path, wanted: Wanted, progress: Progress, *, first: bool = False, dry_run: bool = False
) -> Restored:
    """Bring what the next build needs into a folder; what is there already is not fetched.

    Args:
        source: the published site.
        out: the site's folder.
        wanted: what to bring.
        progress: who is told.
        first: the place may be empty, since nothing was ever published there; or it may have lost its pointer, or
            its manifest.
        dry_run: list what would be fetched beyond the newest snapshot; write nothing.

    Raises:
        PublishFailed: the place is empty, damaged, refuses or is not reached; nothing was written.
        BuildInProgress: a build is writing to the folder.
        UsageError: what the folder had withdrawn from the archive cannot be withdrawn again.
    """
    started = time.monotonic()
    carried: tuple[str, ...] = ()
    with files.hold(out):
        own = _own(out)
        state = states.read(source)
        if state.pointer is None and _is_new(source, state, first=first):
            if not (dry_run or state.is_empty):  # what a first publisher left that was killed is written over
                site_folder.remember(out, state.token)
            return Restored(source.shown, None, (), 0, (), time.monotonic() - started)
        state = _with_manifest(source, state, progress, first=first)
        found = _reading(source, state, out, own, wanted, progress)
        overtaken = [] if found.keeps_own else kept_aside.overtaken(out, found.manifest)
        if not dry_run:
            kept_aside.set_aside(out, overtaken, found.report)
            _write(out, found)
    if overtaken and not dry_run and INDEX in found.contents:
        carried = archiving.carry_over(out, own)
    size = sum(map(len, found.contents.values()))
    seconds = time.monotonic() - started
    hashed = len(found.manifest.files) if state.is_rebuilt else 0
    return Restored(source.shown, found.report, tuple(found.contents), size, tuple(overtaken), seconds, hashed, carried)


def _write(out: Path, found: _Fetched) -> None:
    """All of it before the folder remembers that it includes the report: a kill in between begins anew."""
    files.write_changed(out, {**found.contents, MANIFEST: manifest.encode(found.manifest)})
    pointer = found.state.pointer
    if pointer is not None and (not found.keeps_own or site_folder.pointer(out) is None):
        files.write_changed(out, {POINTER: pointer.content})
    # Otherwise the folder's own pointer is the same or newer.
    site_folder.remember(out, found.state.token)


def _is_new(source: Source, state: State, *, first: bool) -> bool:
    """Whether nothing was ever published there.

    Raises:
        PublishFailed: it was, or may have been: to go on would begin the history anew.
    """
    report = None if state.manifest is None else state.manifest.report
    if first:
        return report is None
    if report is not None:
        raise PublishFailed(
            f"{source.shown} has lost its {POINTER}; its last report was {report}",
            f"bring {POINTER} back from a backup, or add --first, this once, to go on from that report",
        )
    raise PublishFailed(
        f"{source.shown} holds no report of sresnap, so there is nothing to go on from; nothing was written",
        "is the address right? If nothing was ever published there, add --first, this once",
    )


def _with_manifest(source: Source, state: State, progress: Progress, *, first: bool) -> State:
    """With one that is made of what is there, where it was lost.

    Raises:
        PublishFailed: it was, and nobody said that this is known.
    """
    found = recovery.pointer(state)
    if found is None:
        return state
    if not first:
        hint = "bring it back from a backup, or add --first, this once: what is there is then taken as it is"
        raise recovery.failed(source.shown, found.report, "nothing was written", hint)
    return State(state.pointer, recovery.rebuilt(source, found, (), progress), None, is_rebuilt=True)


def _own(out: Path) -> Index:
    """The folder's archive; one that was lost or damaged has asked for nothing."""
    try:
        return archive_index.load(out) or Index()
    except UsageError:
        return Index()


def _reading(source: Source, state: State, out: Path, own: Index, wanted: Wanted, progress: Progress) -> _Fetched:
    """What is wanted and missing. A publication that goes on meanwhile is waited for, by reading again."""
    for reading in range(_READINGS):
        try:
            return _read_once(source, state, out, own, wanted, progress)
        except _TornError as error:
            if reading == _READINGS - 1:
                hint = "it was changed, cut short or lost: delete it there, and publish from a folder that holds it"
                raise PublishFailed(f"{source.shown}: {error}; nothing was written", hint) from error
            time.sleep(1.0 + reading)
            state = state if state.is_rebuilt else states.read(source)
    raise AssertionError("the last reading returns or raises")


def _read_once(source: Source, state: State, out: Path, own: Index, wanted: Wanted, progress: Progress) -> _Fetched:
    pointer = None if state.pointer is None else state.pointer.content
    if state.manifest is None:
        states.decode_pointer(pointer or b"", source.shown)
        raise _TornError(f"{MANIFEST} is not there any more")
    report = state.manifest.report if pointer is None else states.decode_pointer(pointer, source.shown).report
    name = SNAPSHOT.path(str(report))
    newest = _local(out, name, state.manifest) or _checked(source.read(name), state.manifest, name)
    known = {name: newest}
    index = None
    content = _local(out, INDEX, state.manifest) or _content_if_there(source, state.manifest, INDEX)
    if content is not None:
        known[INDEX] = content
        index = _index(content, f"{source.shown}: {INDEX}")
    _refuse_emptied(source, state.manifest, str(report), index)
    names = needed(state.manifest, _decoded(newest, f"{source.shown}: {name}"), index, own, wanted)
    keep_own = _is_known(out, state) and (index is None or _goes_on(out, index))
    missing = [name for name in names if _is_missing(out, name, state.manifest, keep_own=keep_own)]
    contents = _all_of(source, state.manifest, missing, known, progress)
    return _Fetched(str(report), state, state.manifest, contents, keep_own)


def _all_of(
    source: Source, there: Manifest, names: Sequence[str], known: Mapping[str, bytes], progress: Progress
) -> dict[str, bytes]:
    """Several files at once; those that are known already are not read again."""
    progress.stage("restoring", len(names))
    source.prepare([name for name in names if name not in known])

    def fetch(name: str) -> bytes | None:
        found = known.get(name) or _content_if_there(source, there, name)
        progress.advance()
        return found

    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="restore") as pool:
        found = zip(names, pool.map(fetch, names), strict=True)
        return {name: content for name, content in found if content is not None}


def _refuse_emptied(source: Source, there: Manifest, report: str, index: Index | None) -> None:
    """An archive has the newest report's page, and its index never heard of it: to go on would begin it anew."""
    known = index is not None and (index.entry(report) or index.thinned.get(archive_index.day_of_id(report)))
    if FROZEN_PAGE.path(report) in there.files and not known:
        raise PublishFailed(
            f"{source.shown}: {INDEX} does not know the report {report}, whose page is there; nothing was written",
            f"put the right {INDEX} back, or publish again from a folder that holds it",
        )


def _index(content: bytes, shown: str) -> Index:
    try:
        return archive_index.decode(content, shown)
    except UsageError as error:
        raise PublishFailed(error.message, error.hint) from error


def _decoded(content: bytes, shown: str) -> Snapshot:
    try:
        return snapshots.decode(content, shown)
    except UsageError as error:
        raise PublishFailed(error.message, error.hint) from error


def _content_if_there(source: Source, there: Manifest, name: str) -> bytes | None:
    """A file; None where a killed publisher was about to write it for the first time, and did not, or there is none."""
    found = source.read(name) if there.hashes(name) else None
    return None if found is None and name not in there.files else _checked(found, there, name)


def _checked(found: Stored | None, there: Manifest, name: str) -> bytes:
    if found is None:
        raise _TornError(f"{name} is not there, though {MANIFEST} names it")
    if sha256(found.content) not in there.hashes(name):
        raise _TornError(f"{name} is not what {MANIFEST} says (SHA-256 {sha256(found.content)[:12]}…)")
    return found.content


def _goes_on(out: Path, published: Index) -> bool:
    """Whether the folder's archive goes on from the published one. One that was lost or damaged does not."""
    last = published.entries[-1:]
    try:
        thinned = [entry for one in last for entry in thinned_lists.load(out, archive_index.day_of_id(one.id))]
        return archive_index.continues(archive_index.load(out) or Index(), published, thinned)
    except UsageError:
        return False


def _is_known(out: Path, state: State) -> bool:
    """Whether the folder includes what is published."""
    return state.token in site_folder.seen(out)


def _local(out: Path, name: str, there: Manifest) -> bytes | None:
    """The folder's own file, when it is the one that was published."""
    try:
        content = (out / name).read_bytes()
    except OSError:
        return None
    return content if sha256(content) in there.hashes(name) else None


def _is_missing(out: Path, name: str, there: Manifest, *, keep_own: bool) -> bool:
    return not (keep_own and (out / name).is_file()) and _local(out, name, there) is None
