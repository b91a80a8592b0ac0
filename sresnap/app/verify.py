"""Verifying: what readers are served, held against the pointer and the manifest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sresnap.documents import archive_index, thinned_lists
from sresnap.documents.layout import (
    FROZEN_PAGE,
    HISTORY_DAY,
    INDEX,
    MANIFEST,
    NOT_FOUND_PAGE,
    POINTER,
    SNAPSHOT,
    THINNED_LIST,
    Stage,
    is_kept,
    row_of,
)
from sresnap.errors import PublishFailed, UsageError
from sresnap.model.windows import DAY, HOUR, day_of, day_start, moment_of
from sresnap.publish import state as states
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.state import Pointer
from sresnap.publish.targets.base import Source

_PARALLEL = 8
_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found."""

    source: str
    report: str | None
    """Id of the report that is served; None when there is none."""
    files: int
    """How many were looked at."""
    wrong: tuple[str, ...]
    """What is not as it should be; empty when all is well."""
    seconds: float


def verify(
    source: Source,
    *,
    report: str | None = None,
    everything: bool = False,
    wait_seconds: float = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> Verified:
    """Walk from the pointer over the manifest to the files as served.

    Args:
        source: the published site.
        report: id of the report that must be served; None for any.
        everything: the whole archive and history, too, not only what the newest report is made of.
        wait_seconds: how long to look again when something is wrong: sites take time until they are served.
        sleep: how to wait.
    """
    started = time.monotonic()
    while True:
        found = _once(source, report, started, everything=everything)
        if not found.wrong or time.monotonic() - started + _PAUSE_SECONDS > wait_seconds:
            return found
        sleep(_PAUSE_SECONDS)


def _once(source: Source, wanted: str | None, started: float, *, everything: bool) -> Verified:
    def result(report: str | None, files: int, *wrong: str) -> Verified:
        return Verified(source.shown, report, files, wrong, time.monotonic() - started)

    try:
        state = states.read(source)
        if state.pointer is None:
            return result(None, 0, f"{POINTER} is not there")
        pointer = states.decode_pointer(state.pointer.content, source.shown)
        if wanted is not None and pointer.report != wanted:
            return result(pointer.report, 1, f"{POINTER} names the report {pointer.report}, not {wanted}")
        if state.manifest is None:
            return result(pointer.report, 1, f"{MANIFEST} is not there")
        contents = _contents(source, list(_names(state.manifest, pointer, everything=everything)))
    except PublishFailed as error:
        return result(None, 0, error.message)
    wrong = [
        *_unfinished(state.manifest, pointer),
        *_mismatches(state.manifest, {**contents, POINTER: state.pointer.content}),
        *_breaks(state.manifest, pointer, contents),
    ]
    return result(pointer.report, len(contents) + 2, *wrong)


def _names(there: Manifest, pointer: Pointer, *, everything: bool) -> Iterator[str]:
    """What the newest report is made of, or all that there is."""
    last_day = day_of(moment_of(pointer.report) - DAY)
    named = {pointer.snapshot, *pointer.pages}
    yield from named - set(there.files)
    named |= {FROZEN_PAGE.path(pointer.report), INDEX}
    for name, entry in there.files.items():
        frozen = is_kept(name) and row_of(name).stage is not Stage.ASSET
        day = HISTORY_DAY.value(name)
        recent = day is not None and day >= last_day
        is_part = name in named or recent or (entry.unwanted_since is None and not frozen)
        # Web servers answer the address of the page for what is not found with 404, too.
        if name not in (POINTER, NOT_FOUND_PAGE.path()) and (everything or is_part):
            yield name


def _contents(source: Source, names: list[str]) -> dict[str, bytes | None]:
    source.prepare(names)
    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="verify") as pool:
        found = pool.map(source.read, names)
        return {name: None if stored is None else stored.content for name, stored in zip(names, found, strict=True)}


def _unfinished(there: Manifest, pointer: Pointer) -> Iterator[str]:
    if there.pending:
        yield f"a publication is under way, or was broken off ({len(there.pending)} files pending)"
    elif there.report != pointer.report:
        yield f"{MANIFEST} is of the report {there.report}, {POINTER} of {pointer.report}"


def _mismatches(there: Manifest, contents: dict[str, bytes | None]) -> Iterator[str]:
    for name, content in contents.items():
        if content is None:
            if there.is_wanted(name) or name not in there.files:
                yield f"{name} is not served"
        elif sha256(content) not in there.hashes(name):
            yield f"{name} is served as something else than was published (SHA-256 {sha256(content)[:12]}…)"


def _breaks(there: Manifest, pointer: Pointer, contents: dict[str, bytes | None]) -> Iterator[str]:
    """Where a report or a day of the history does not follow from the one before, or the archive is not sound."""
    yield from (f"{name} is part of the report, but given up" for name in pointer.pages if _is_given_up(there, name))
    try:
        yield from _archive_faults(there, pointer, contents)
    except UsageError as error:
        yield error.message
    for name, content in contents.items():
        if content is None or not name.endswith(".json"):
            continue
        for before, expected in _before(name, content):
            if before in there.files and there.files[before].sha256 != expected:
                yield f"{name} follows another {before} than the one that is there"


def _is_given_up(there: Manifest, name: str) -> bool:
    return name in there.files and not there.is_wanted(name)


def _archive_faults(there: Manifest, pointer: Pointer, contents: dict[str, bytes | None]) -> Iterator[str]:
    """Of the chain, as far as it was read, and of the kept reports' hashes against the manifest's."""
    content = contents.get(INDEX)
    if content is None:
        return
    index = archive_index.decode(content, INDEX)
    lists = {name: found for name, found in contents.items() if found is not None and THINNED_LIST.matches(name)}
    thinned = [entry for name, found in lists.items() for entry in thinned_lists.decode(found, name)]
    yield from archive_index.chain_faults(index, thinned)
    if index.entry(pointer.report) is None:
        yield f"{INDEX} does not know the report {pointer.report}, which {POINTER} names"
    for entry in index.entries:
        archived = {FROZEN_PAGE.path(entry.id): entry.html_sha256}
        archived[SNAPSHOT.path(entry.id)] = entry.snapshot_sha256
        for name, expected in archived.items():
            if name not in there.files:
                yield f"{name} is in the archive, but was not published"
            elif expected not in there.hashes(name):
                yield f"{name} was published as something else than was archived"


def _before(name: str, content: bytes) -> Iterable[tuple[str, str]]:
    """Name and hash of what a file says that it follows."""
    try:
        data = json.loads(content)
        if SNAPSHOT.matches(name) and data["previous"] is not None:
            return [(SNAPSHOT.path(data["previous"]["id"]), data["previous"]["sha256"])]
        if HISTORY_DAY.matches(name) and data["previous_sha256"] is not None:
            day = day_of(day_start(data["day"]) - HOUR)
            return [(HISTORY_DAY.path(day), data["previous_sha256"])]
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return []
