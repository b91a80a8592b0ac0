"""Restoring: fetches what the next build needs from the target that the site is published to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path

from sresnap.app.archive import carry_over
from sresnap.documents import archive_index, files, folder_state, manifest, snapshots
from sresnap.documents.build_record import record_of
from sresnap.documents.layout import INDEX, MANIFEST, POINTER, SNAPSHOT
from sresnap.documents.pointer import decode_pointer
from sresnap.errors import PublishFailed, UsageError
from sresnap.model.archive import Index, empty_index
from sresnap.progress import Progress, Quiet
from sresnap.publish import recovery, unpublished
from sresnap.publish.download import ATTEMPTS, Download, Downloader, TornError, lasting
from sresnap.publish.patient import TIMEOUT_SECONDS, PatientSource, RememberingSource
from sresnap.publish.restore_set import Scope
from sresnap.publish.state import State, hint_for_website, read_state
from sresnap.publish.targets.base import Source


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """What to restore, and how."""

    scope: Scope = field(default_factory=Scope)
    _: KW_ONLY
    first: bool = False
    """Accept a target that is empty because nothing was published there yet, or that has lost its pointer or
    manifest."""
    dry_run: bool = False
    """List what would be fetched; write nothing."""
    timeout_seconds: float = TIMEOUT_SECONDS
    """For all that is read of the published site."""


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was restored, or would be."""

    source: str
    report: str | None
    """Id of the newest report; None when nothing was ever published there."""
    fetched_files: tuple[str, ...] = ()
    bytes_fetched: int = 0
    moved_files: tuple[str, ...] = ()
    """Files of this folder that the published ones replace. They are in .sresnap-unpublished now."""
    is_behind: bool = True
    """Whether another publisher was first. If not, files were moved because the folder's archive is damaged."""
    seconds: float = 0.0
    rebuilt_files: int = 0
    """How many files were taken as they are, because the target has lost its manifest."""
    carried_over: tuple[str, ...] = ()
    """Reports that this folder had withdrawn or pinned, and that were withdrawn or pinned again after another
    publisher was first."""


def restore(source: Source, out: Path, request: RestoreRequest, progress: Progress) -> RestoreResult:
    """Bring what the next build needs into a folder. Files that it has already are not fetched.

    Args:
        source: the published site.
        out: the site's folder.
        request: what to restore, and how.
        progress: receives the stages and steps.

    Raises:
        PublishFailed: the target is empty or damaged, refuses, cannot be reached or is too slow; nothing was written.
        BuildInProgress: a build is writing to the folder.
        UsageError: the folder's state is damaged, or a report that the folder had withdrawn cannot be withdrawn again.
    """
    started = time.monotonic()
    with files.hold(out):
        folder_state.load(out)  # a damaged one is refused before anything is fetched or moved, in a dry run too
    patient = PatientSource(source, request.timeout_seconds)
    for attempt in range(ATTEMPTS):
        try:
            return replace(_restore_once(patient, out, request, progress), seconds=time.monotonic() - started)
        except TornError as error:  # a build took a file away, and a publisher replaced it: nothing was written yet
            if attempt == ATTEMPTS - 1:
                raise lasting(source, error) from error
    raise AssertionError("the last attempt returns or raises")


def _restore_once(source: Source, out: Path, request: RestoreRequest, progress: Progress) -> RestoreResult:
    """Read the site without the lock, and decide under the lock, where nothing waits.

    Builds may write to the folder while the site is read, so only then is it known what the folder lacks.

    Raises:
        TornError: a file that the folder lacked only then is of a newer publication.
        PublishFailed: as for `restore`.
    """
    known = RememberingSource(source)
    state = read_state(known)
    is_new = state.pointer is None and _is_new(known, state, first=request.first)
    if not is_new:
        state = _with_manifest(known, state, progress, first=request.first)
        state = Downloader(known, out, _own_index(out), request.scope, progress).run(state).state
    known.know()
    with files.hold(out):
        folder_state.load(out)
        if is_new:
            if not (request.dry_run or state.is_empty):  # a first publisher was killed: the next one replaces its files
                folder_state.add_states(out, state.token)
            return RestoreResult(source.shown, None)
        own = _own_index(out)
        download = Downloader(known, out, own, request.scope, Quiet()).read(state)
        outdated = () if download.keeps_own else unpublished.outdated_files(out, download.manifest)
        if not request.dry_run:
            unpublished.move_aside(out, outdated, download.report)
            _write(out, download)
    carried_over: tuple[str, ...] = ()
    if outdated and not request.dry_run and INDEX in download.contents:
        carried_over = carry_over(out, own)
    return RestoreResult(
        source=source.shown,
        report=download.report,
        fetched_files=tuple(download.contents),
        bytes_fetched=download.contents.size,
        moved_files=tuple(outdated),
        is_behind=download.is_behind,
        rebuilt_files=len(download.manifest.files) if state.is_rebuilt else 0,
        carried_over=carried_over,
    )


def _write(out: Path, download: Download) -> None:
    """Write all files before the folder remembers the state: after a kill in between, restoring starts again."""
    folder_state.record_files(out, folder_state.load(out).files, record_of(_of_report(download)))
    files.write_changed(out, download.contents)
    files.write_changed(out, {MANIFEST: manifest.encode(download.manifest)})
    pointer = download.state.pointer
    # A folder that keeps its own files has the same pointer or a newer one.
    if pointer is not None and (not download.keeps_own or not (out / POINTER).is_file()):
        files.write_changed(out, {POINTER: pointer.content})
    folder_state.add_states(out, download.state.token)


def _of_report(download: Download) -> Mapping[str, bytes]:
    """The files that the published report's build wrote. Another file of such a name is a user's, and stays."""
    name = SNAPSHOT.path(download.report)
    if name not in download.contents:
        return {}
    from sresnap.render.site import paths_of_report

    pointer = download.state.pointer
    try:
        names = paths_of_report(snapshots.decode(download.contents[name], name))
        refreshed = () if pointer is None else decode_pointer(pointer.content, POINTER).pages
    except UsageError:
        return {}
    names.update(refreshed)
    return download.contents.only(names)


def _is_new(source: Source, state: State, *, first: bool) -> bool:
    """Whether nothing was ever published there.

    Raises:
        PublishFailed: a report was published, or may have been. A build would start a new history.
    """
    report = None if state.manifest is None else state.manifest.report
    if first:
        return report is None
    if report is not None:
        raise PublishFailed(
            f"{source.shown} has lost its {POINTER}; its last report was {report}",
            f"bring {POINTER} back from a backup, or add --first, only this once, to continue from that report",
        )
    raise PublishFailed(
        f"{source.shown} holds no report to continue from; nothing was written",
        "check the address; if nothing was ever published there, add --first, only this once",
    )


def _with_manifest(source: Source, state: State, progress: Progress, *, first: bool) -> State:
    """The state, with a rebuilt manifest if it was lost.

    Raises:
        PublishFailed: it was lost, and `first` does not allow to continue without, or a web server lost it.
    """
    pointer = recovery.pointer_without_manifest(state)
    if pointer is None:
        return state
    for_website = hint_for_website(source.shown)
    if for_website is not None or not first:
        hint = "bring it back from a backup, or add --first, only this once, to take the files there as they are"
        raise recovery.lost_manifest(source.shown, pointer.id, "nothing was written", for_website or hint)
    return State(state.pointer, recovery.rebuild_manifest(source, pointer, (), progress), None, is_rebuilt=True)


def _own_index(out: Path) -> Index:
    """The index of the folder's archive. One that was lost or damaged has withdrawn and pinned nothing.

    Raises:
        UsageError: this user may not read it. What it withdrew would come back.
    """
    try:
        return archive_index.load(out) or empty_index()
    except UsageError as error:
        if isinstance(error.__cause__, PermissionError):
            raise
        return empty_index()
