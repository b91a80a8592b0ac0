"""Reads a published site so that all its files belong to one publication."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sresnap.archive.chain import continues
from sresnap.documents import archive_index, folder_state, readable, reviews, snapshots, thinned_lists
from sresnap.documents.files import sha256
from sresnap.documents.layout import FROZEN_PAGE, INDEX, MANIFEST, REVIEWS_INDEX, SNAPSHOT, THINNED_LIST
from sresnap.documents.manifest import Manifest
from sresnap.errors import NewerFile, PublishFailed, UsageError
from sresnap.model.archive import Index, empty_index
from sresnap.model.review_index import Reviews
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import day_of_id
from sresnap.named_files import read_stored
from sresnap.progress import Progress
from sresnap.publish.kept_files import Contents
from sresnap.publish.parallel import read_each
from sresnap.publish.restore_set import Scope, names_to_restore
from sresnap.publish.state import State, published_pointer, read_state
from sresnap.publish.targets.base import Source, StoredFile, TooLong

T = TypeVar("T")
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Download:
    """Files of one publication."""

    report: str
    state: State
    """Without a pointer when the target has lost it. The manifest then replaces it."""
    manifest: Manifest
    contents: Contents
    """By site-relative path: the files that the folder lacked."""
    keeps_own: bool
    """Whether the folder already includes the published state, and may be ahead of it."""
    is_behind: bool
    """Whether the folder lacks what another publisher changed. If not, and it does not keep its own, it is damaged."""


class TornError(Exception):
    """A file does not match the manifest: a publication is under way, or the file is damaged."""


@dataclass(frozen=True, slots=True)
class Downloader:
    """Reads the files that a folder lacks."""

    source: Source
    """The contents that it brings are read from there once more, when they are needed."""
    out: Path
    own_index: Index
    """Of the folder's archive."""
    scope: Scope
    progress: Progress

    def run(self, state: State) -> Download:
        """Read the files. If a publication is under way, wait and read again.

        Raises:
            PublishFailed: the target is damaged, refuses or cannot be reached.
        """
        for attempt in range(ATTEMPTS):
            try:
                return self.read(state)
            except TornError as error:
                if attempt == ATTEMPTS - 1:
                    raise lasting(self.source, error) from error
                time.sleep(1.0 + attempt)
                state = state if state.is_rebuilt else read_state(self.source)
        raise AssertionError("the last attempt returns or raises")

    def read(self, state: State) -> Download:
        """Read the files once.

        Raises:
            TornError: the site changed since its state was read, or is damaged.
            PublishFailed: the target refuses, cannot be reached, or is damaged in another way.
        """
        pointer = None if state.pointer is None else state.pointer.content
        if state.manifest is None:
            published_pointer(pointer or b"", self.source.shown, has_manifest=False)
            raise TornError(f"{MANIFEST} disappeared while the site was read")
        published = state.manifest
        report = published.report if pointer is None else published_pointer(pointer, self.source.shown).id
        if report is None:
            raise TornError(f"{MANIFEST} names no report")
        newest = SNAPSHOT.path(report)
        contents = {newest: self._local(newest, published) or _match(self._read(newest, published), published, newest)}
        index = self._read_index(published, contents)
        self._refuse_emptied_index(published, report, index)
        snapshot = self._decode_snapshot(contents[newest], newest)
        closed = self._read_reviews(published, contents)
        names = names_to_restore(published, snapshot, index, self.own_index, self.scope, closed)
        is_behind = not folder_state.includes(self.out, state.token)
        damaged = frozenset() if is_behind else self._damaged(published)
        keeps_own = not is_behind and (index is None or self._continues(index, damaged))
        kept = {name for name in names if (self.out / name).is_file()} - damaged if keeps_own else frozenset()
        names = sorted({*names, *filter(published.is_wanted, damaged)})
        missing = [name for name in names if name not in kept and self._local(name, published) is None]
        fetched = Contents(self.source, self._fetch(missing, published, contents))
        return Download(str(report), state, published, fetched, keeps_own, is_behind)

    def _read_index(self, published: Manifest, contents: dict[str, bytes]) -> Index | None:
        """The index of the published archive, which is added to the contents; None when there is none."""
        return self._read_known(INDEX, archive_index.decode, published, contents)

    def _read_reviews(self, published: Manifest, contents: dict[str, bytes]) -> Reviews | None:
        """The index of the published periods that are closed, in the same way."""
        return self._read_known(REVIEWS_INDEX, reviews.INDEX_CODEC.read, published, contents)

    def _read_known(
        self, name: str, decode: Callable[[bytes, str], T], published: Manifest, contents: dict[str, bytes]
    ) -> T | None:
        content = self._local(name, published)
        if content is None:
            found = self._read(name, published) if published.hashes(name) else None
            if found is None and name not in published.files:
                return None
            content = _match(found, published, name)
        contents[name] = content
        try:
            return decode(content, f"{self.source.shown}: {name}")
        except UsageError as error:
            raise _unreadable(error, name) from error

    def _decode_snapshot(self, content: bytes, name: str) -> Snapshot:
        try:
            return snapshots.decode(content, f"{self.source.shown}: {name}")
        except UsageError as error:
            raise _unreadable(error, name) from error

    def _refuse_emptied_index(self, published: Manifest, report: str, index: Index | None) -> None:
        """Stop if the archive has the newest report's page but its index does not list the report.

        Continuing would start a new archive.
        """
        is_listed = index is not None and (index.entry(report) or index.thinned.get(day_of_id(report)))
        if FROZEN_PAGE.path(report) in published.files and not is_listed:
            raise PublishFailed(
                f"{self.source.shown}: {INDEX} does not list the report {report}, whose page is there; nothing was "
                "written",
                f"put the right {INDEX} back, or publish again from a folder that has it",
            )

    def _fetch(self, names: Sequence[str], published: Manifest, known: Mapping[str, bytes]) -> dict[str, int]:
        """Read several files at once, and give the sizes of those that exist. Known ones are not read again."""
        self.progress.stage("restoring", len(names))
        unread = [name for name in names if name not in known]
        self.source.prepare(unread)

        def size_of(name: str, found: StoredFile | TooLong | None) -> int | None:
            self.progress.advance()
            if found is None and name not in published.files:
                return None  # a killed publisher did not come to write it
            return len(_match(found, published, name))

        sizes = read_each(unread, published.sizes(), self.source.read, size_of)
        found = ((name, len(known[name]) if name in known else sizes[name]) for name in names)
        return {name: size for name, size in found if size is not None}

    def _read(self, name: str, published: Manifest) -> StoredFile | TooLong | None:
        try:
            return self.source.read(name, published.size_of(name))
        except TooLong as error:
            return error

    def _damaged(self, published: Manifest) -> frozenset[str]:
        """The folder's files that the next build reads and that no build can read."""
        names = (name for row in readable.CHECKED for name in row.names_in(self.out))
        own = (name for name in names if self._local(name, published) is None)  # a published one was read before
        return frozenset(name for name in own if readable.is_damaged(self.out, name))

    def _continues(self, published: Index, damaged: Collection[str]) -> bool:
        """Whether the folder's archive continues the published one. One that was lost or damaged does not.

        The published list takes the place of a damaged one, unless that had more reports.
        """
        for day in filter(None, map(THINNED_LIST.value, damaged)):
            if self.own_index.thinned.get(day) != published.thinned.get(day):
                return False
        days = {day_of_id(entry.id) for entry in published.entries[-1:]}
        whole = [day for day in days if THINNED_LIST.path(day) not in damaged]
        try:
            thinned = [item for day in whole for item in thinned_lists.load(self.out, day)]
            return continues(archive_index.load(self.out) or empty_index(), published, thinned)
        except UsageError:
            return False

    def _local(self, name: str, published: Manifest) -> bytes | None:
        """The folder's own file, if it is the published one."""
        try:
            content = read_stored(self.out / name)
        except OSError:
            return None
        return content if sha256(content) in published.hashes(name) else None


def lasting(source: Source, torn: TornError) -> PublishFailed:
    """The error when a site does not match its manifest each time that it is read."""
    hint = "it was changed, cut short or lost: delete it there, and publish from a folder that has it"
    return PublishFailed(f"{source.shown}: {torn}; nothing was written", hint)


def _unreadable(error: UsageError, name: str) -> PublishFailed:
    """The error of a file that was published as it is, and that no sresnap, or only a newer one, can read."""
    if isinstance(error, NewerFile):
        return PublishFailed(error.message, error.hint)
    hint = f"put the right {name} back, or publish again from a folder that has it"
    return PublishFailed(f"{error.message}; nothing was written", hint)


def _match(stored: StoredFile | TooLong | None, published: Manifest, name: str) -> bytes:
    """The content of a file that matches the manifest."""
    if isinstance(stored, TooLong):
        raise TornError(f"{name} does not match {MANIFEST}: it has {stored.described}, and {stored.most:,} are listed")
    if stored is None:
        raise TornError(f"{name} is missing, though {MANIFEST} lists it")
    if sha256(stored.content) not in published.hashes(name):
        raise TornError(f"{name} does not match {MANIFEST} (SHA-256 {sha256(stored.content)[:12]}…)")
    return stored.content
