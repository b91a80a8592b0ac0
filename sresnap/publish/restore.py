"""Restoring: what the next build needs, from where it was published."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sresnap.errors import PublishFailed, SresnapError, UsageError
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import DAY, day_of, parse_time, snapshot_id
from sresnap.publish import local, manifest
from sresnap.publish import state as states
from sresnap.publish.kinds import MANIFEST, POINTER, Kind, kind_of
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.run import Progress
from sresnap.publish.target import Source
from sresnap.publish.thinned import INDEX, is_thinned
from sresnap.store import files, snapshots

UNPUBLISHED = ".sresnap-unpublished"
"""Below the site's folder: what was built there and lost against another publisher."""
_PARALLEL = 8
_READINGS = 3
_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to bring besides the newest report and the history of its windows."""

    since: int | None = None
    """The history from then on, seconds since the epoch, where a configuration asks for longer windows."""
    thinned_days: Callable[[bytes], Collection[str]] | None = None
    """From the archive's index, the days whose lists of thinned reports the next build adds to; None brings all."""
    everything: bool = False
    """Pages and all."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    source: str
    report: str | None
    """Id of the newest report; None when the place is new."""
    fetched: tuple[str, ...]
    bytes_fetched: int
    set_aside: tuple[str, ...]
    """Files of the folder that had not been published when another publisher did; they lie below UNPUBLISHED now."""
    seconds: float


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A reading of the place that holds together."""

    report: str
    pointer: bytes
    manifest: Manifest
    names: tuple[str, ...]
    """All that is wanted, what the folder has included."""
    contents: dict[str, bytes]


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
        first: the place may be empty, since nothing was ever published there.
        dry_run: list what would be fetched beyond the newest snapshot; write nothing.

    Raises:
        PublishFailed: the place is empty, damaged, refuses or is not reached; nothing was written.
        BuildInProgress: a build is writing to the folder.
    """
    started = time.monotonic()
    with files.hold(out):
        state = states.read(source)
        if state.pointer is None:
            _refuse_empty(source, state, first=first)
            return Restored(source.shown, None, (), 0, (), time.monotonic() - started)
        found = _reading(source, out, wanted, progress)
        aside = _overtaken(out, found)
        if not dry_run:
            _set_aside(out, aside, found.report)
            written = {**found.contents, MANIFEST: manifest.encode(found.manifest), POINTER: found.pointer}
            if not _is_known(out, found.pointer):
                local.remember(out, found.pointer)
            elif local.pointer(out) is not None:
                del written[POINTER]  # the folder's own is the same or newer
            files.write_changed(out, written)
    size = sum(map(len, found.contents.values()))
    seconds = time.monotonic() - started
    return Restored(source.shown, found.report, tuple(found.contents), size, tuple(aside), seconds)


def _refuse_empty(source: Source, state: states.State, *, first: bool) -> None:
    """A place that was published to never reads as empty: going on would begin the history anew."""
    if state.manifest is not None and state.manifest.report is not None:
        raise PublishFailed(
            f"{source.shown} has lost its {POINTER}; its last report was {state.manifest.report}",
            f"bring {POINTER} back from a backup, or restore into a folder that has published there before",
        )
    if not first:
        raise PublishFailed(
            f"{source.shown} holds no report of sresnap, so there is nothing to go on from; nothing was written",
            "is the address right? If nothing was ever published there, add --first, this once",
        )


def _reading(source: Source, out: Path, wanted: Wanted, progress: Progress) -> _Fetched:
    """What is wanted and missing. A publication that goes on meanwhile is waited for, by reading again."""
    for reading in range(_READINGS):
        try:
            return _read_once(source, out, wanted, progress)
        except _TornError as error:
            if reading == _READINGS - 1:
                hint = "the file was changed or cut short: put it back, or publish again from a folder that holds it"
                raise PublishFailed(f"{source.shown}: {error}; nothing was written", hint) from error
            time.sleep(1.0 + reading)
    raise AssertionError("the last reading returns or raises")


def _read_once(source: Source, out: Path, wanted: Wanted, progress: Progress) -> _Fetched:
    state = states.read(source)
    if state.pointer is None or state.manifest is None:
        hint = "what is published there is not by this sresnap, or its manifest.json was deleted: put it back"
        raise PublishFailed(f"{source.shown} has {POINTER} but no {MANIFEST}, so nothing can be checked", hint)
    pointer = states.decode_pointer(state.pointer.content, source.shown)
    newest = _content(source, state.manifest, pointer.snapshot)
    try:
        snapshot = snapshots.decode(newest, f"{source.shown}: {pointer.snapshot}")
    except UsageError as error:
        raise PublishFailed(error.message, error.hint) from error
    names = tuple(_names(state.manifest, snapshot, wanted))
    if wanted.thinned_days is not None and INDEX in names:
        days = wanted.thinned_days(_content(source, state.manifest, INDEX))
        names = tuple(name for name in names if not is_thinned(name) or name[-15:-5] in days)
    keep_own = _is_known(out, state.pointer.content)
    missing = [name for name in names if _is_missing(out, name, state.manifest, keep_own=keep_own)]
    progress.stage("restoring", len(missing))
    source.prepare(missing)

    def fetch(name: str) -> bytes:
        content = newest if name == pointer.snapshot else _content(source, state.manifest, name)
        progress.advance()
        return content

    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="restore") as pool:
        contents = dict(zip(missing, pool.map(fetch, missing), strict=True))
    return _Fetched(pointer.report, state.pointer.content, state.manifest, names, contents)


def _content(source: Source, there: Manifest | None, name: str) -> bytes:
    found = source.read(name)
    if found is None:
        raise _TornError(f"{name} is not there, though {MANIFEST} names it")
    if there is None or sha256(found.content) not in there.hashes(name):
        raise _TornError(f"{name} is not what {MANIFEST} says (SHA-256 {sha256(found.content)[:12]}…)")
    return found.content


def _names(there: Manifest, snapshot: Snapshot, wanted: Wanted) -> Iterator[str]:
    """The history first, as it is what cannot be made again."""
    known = sorted(name for name in {*there.files, *there.pending} - {POINTER} if there.is_wanted(name))
    if wanted.everything:
        yield from known
        return
    # Each day of the history names the hash of the day before it, so the first one needs that, too.
    since = day_of(min([wanted.since or parse_time(snapshot.at), *_starts(snapshot)]) - DAY)
    reports = {snapshots.snapshot_name(snapshot.id), *_earlier(known, snapshot)}
    for name in known:
        folder = name.partition("/")[0]
        recent = folder == "history" and name.rpartition("/")[2] >= since
        if recent or name in reports or (folder in ("archive", "feed.xml") and _is_index(name)):
            yield name


def _starts(snapshot: Snapshot) -> Iterator[int]:
    """Where the windows of a report begin."""
    for service in snapshot.services:
        for slo in service.slos:
            yield parse_time(slo.hours.start)


def _earlier(known: Collection[str], snapshot: Snapshot) -> set[str]:
    """The report before, and that of a week ago, which the new one is compared with."""
    week_ago = snapshots.snapshot_name(snapshot_id(parse_time(snapshot.at) - _WEEK))
    older = [name for name in known if snapshots.is_snapshot_name(name) and name < snapshots.snapshot_name(snapshot.id)]
    return {*older[-1:], *[name for name in older if name <= week_ago][-1:]}


def _is_index(name: str) -> bool:
    """Files that are written by adding to what they held before."""
    return not name.endswith(".html") and kind_of(name) in (Kind.PAGE, Kind.FEED)


def _is_known(out: Path, pointer: bytes) -> bool:
    """Whether the folder includes what is published."""
    return sha256(pointer) in local.seen(out)


def _is_missing(out: Path, name: str, there: Manifest, *, keep_own: bool) -> bool:
    try:
        content = (out / name).read_bytes()
    except OSError:
        return True
    return not keep_own and sha256(content) not in there.hashes(name)


def _overtaken(out: Path, found: _Fetched) -> list[str]:
    """Files of reports that another publisher has overtaken, or that are replaced by what that one wrote."""
    if _is_known(out, found.pointer):
        return []
    replaced = [name for name in found.contents if (out / name).is_file()]
    own = [
        path.relative_to(out).as_posix()
        for folder in ("snapshots", "archive")
        for path in sorted((out / folder).rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts)
    ]
    lost = [name for name in own if kind_of(name) is Kind.DATA and not found.manifest.hashes(name)]
    return [*replaced, *lost]


def _set_aside(out: Path, names: Collection[str], stamp: str) -> None:
    for name in names:
        kept = out / UNPUBLISHED / stamp / name
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            (out / name).replace(kept)
        except OSError as error:
            raise SresnapError(
                f"cannot set {out / name} aside: {error.strerror}", "may this user write there?"
            ) from error
