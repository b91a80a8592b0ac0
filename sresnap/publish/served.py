"""Finds faults of a site as it is served: files that differ from the manifest, and gaps in the chain of reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sresnap.archive.chain import chain_faults
from sresnap.documents import archive_index, readable, reviews, thinned_lists
from sresnap.documents.codec import read_part
from sresnap.documents.files import sha256
from sresnap.documents.layout import (
    FROZEN_PAGE,
    HISTORY_DAY,
    INDEX,
    MANIFEST,
    NOT_FOUND_PAGE,
    POINTER,
    RESTATEMENT,
    REVIEW,
    REVIEWS_INDEX,
    SNAPSHOT,
    THINNED_LIST,
    Stage,
    is_kept,
    row_of,
)
from sresnap.documents.manifest import Manifest
from sresnap.documents.pointer import Pointer
from sresnap.documents.predecessors import predecessor_of
from sresnap.errors import DamagedFile, NewerFile, UsageError
from sresnap.model.archive import Index
from sresnap.model.stored import ReportId
from sresnap.model.windows import DAY, day_of, moment_of
from sresnap.publish.targets.base import StoredFile, TooLong


@dataclass(frozen=True, slots=True)
class _Named:
    """The key by which a snapshot differs from any other answer."""

    id: ReportId


def names_to_verify(published: Manifest, pointer: Pointer, *, everything: bool) -> Iterator[str]:
    """The files of the newest report, or all published files."""
    last_day = day_of(moment_of(pointer.id) - DAY)
    named = {pointer.snapshot, *pointer.pages}
    yield from named - set(published.files)
    named |= {FROZEN_PAGE.path(pointer.id), INDEX, REVIEWS_INDEX}
    for name, entry in published.files.items():
        is_archived = is_kept(name) and row_of(name).stage is not Stage.ASSET
        day = HISTORY_DAY.value(name)
        is_recent = day is not None and day >= last_day
        is_part = name in named or is_recent or (entry.unwanted_since is None and not is_archived)
        # Web servers send the page for missing files with the status 404, so it cannot be read.
        if name not in (POINTER, NOT_FOUND_PAGE.path()) and (everything or is_part):
            yield name


@dataclass(frozen=True, slots=True)
class ServedFile:
    """What is known of a file after it was read. Contents would fill the memory."""

    sha256: str | None
    """None when it is too long to be read."""
    described: str
    """What differs from what was published, if the hash is another one."""
    content: bytes | None = None
    """Only of the archive's index and its lists of thinned reports, and of the index of closed periods."""
    follows: tuple[str, str] | None = None
    """Name and SHA-256 of its predecessor."""
    damage: str | None = None
    """Why no build can read it, a day of the history or a closed period."""
    is_snapshot: bool = False
    """Whether it is one, and not any other answer."""


def served_file(name: str, found: StoredFile | TooLong | None) -> ServedFile | None:
    """What is kept of a file that was read; None when it is not served."""
    if found is None:
        return None
    if isinstance(found, TooLong):
        return ServedFile(None, f"it has {found.described}, and {MANIFEST} lists {found.most:,}")
    content, digest = found.content, sha256(found.content)
    is_needed = name in (INDEX, REVIEWS_INDEX) or THINNED_LIST.matches(name)
    kept = content if is_needed else None
    return ServedFile(digest, f"SHA-256 {digest[:12]}…", kept, predecessor_of(name, content), _damage(name, content))


def _damage(name: str, content: bytes) -> str | None:
    """Why no build can read it. Damaged lists and indexes are reported with the chain, reports by their hashes."""
    if row_of(name) in (HISTORY_DAY, REVIEW, RESTATEMENT):
        try:
            readable.check(name, content)
        except DamagedFile as error:
            return error.message
        except NewerFile:
            pass
    return None


def withdrawn_file(name: str, found: StoredFile | TooLong | None) -> ServedFile | None:
    """The same of a file that must not be served."""
    if found is None or isinstance(found, TooLong):
        return served_file(name, found)
    is_snapshot = SNAPSHOT.matches(name) and read_part(_Named, found.content) is not None
    return ServedFile(sha256(found.content), "", is_snapshot=is_snapshot)


def withdrawn_files(files: Mapping[str, ServedFile | None]) -> list[str]:
    """The snapshots and pages of withdrawn reports, which readers must not get, by the archive's index."""
    file = files.get(INDEX)
    try:
        index = None if file is None or file.content is None else archive_index.decode(file.content, INDEX)
    except UsageError:  # reported by `ServedSite.faults`
        index = None
    gone = () if index is None else index.withdrawn
    return [name for report in gone for name in (SNAPSHOT.path(report.id), FROZEN_PAGE.path(report.id))]


@dataclass(frozen=True, slots=True)
class ServedSite:
    """What was read of a site."""

    manifest: Manifest
    pointer: Pointer
    files: Mapping[str, ServedFile | None]
    """By site-relative path; None when the file is not served."""
    withdrawn: Mapping[str, ServedFile | None] = field(default_factory=dict)
    """The same of the files of withdrawn reports, as a cache may still have them."""

    def faults(self) -> Iterator[str]:
        """A sentence for each fault."""
        yield from self._unfinished()
        yield from self._mismatches()
        yield from self._still_served()
        yield from (
            f"{name} belongs to the report, but {MANIFEST} lists it for deletion"
            for name in self.pointer.pages
            if name in self.manifest.files and not self.manifest.is_wanted(name)
        )
        try:
            yield from self._archive_faults()
            yield from self._review_faults()
        except UsageError as error:
            yield error.message
        yield from self._broken_links()

    def _unfinished(self) -> Iterator[str]:
        if self.manifest.pending:
            yield f"a publication is under way, or was interrupted ({len(self.manifest.pending)} files pending)"
        elif self.manifest.report != self.pointer.id:
            described = "no report" if self.manifest.report is None else f"the report {self.manifest.report}"
            yield f"{MANIFEST} describes {described}, but {POINTER} names {self.pointer.id}"

    def _mismatches(self) -> Iterator[str]:
        for name, file in self.files.items():
            if file is None:
                if self.manifest.is_wanted(name) or name not in self.manifest.files:
                    yield f"{name} is not served"
            elif file.sha256 not in self.manifest.hashes(name):
                yield f"{name} is not served as it was published ({file.described})"
            elif file.damage is not None:
                yield file.damage

    def _still_served(self) -> Iterator[str]:
        """Files of withdrawn reports. Some servers send a page of their own for a file that is not there."""
        for name, file in self.withdrawn.items():
            if file is None or file.sha256 in self.manifest.hashes(name):
                continue
            if SNAPSHOT.matches(name) and not file.is_snapshot:
                continue
            if FROZEN_PAGE.matches(name) and name not in self.manifest.files:
                continue
            yield f"{name} is still served, though its report was withdrawn: purge its address from all caches"

    def _archive_faults(self) -> Iterator[str]:
        """Faults of the archive's chain, as far as it was read, and of its hashes against the manifest's."""
        file = self.files.get(INDEX)
        if file is None or file.content is None:
            return
        index = archive_index.decode(file.content, INDEX)
        lists = {
            name: found.content
            for name, found in self.files.items()
            if found is not None and found.content is not None and THINNED_LIST.matches(name)
        }
        thinned = [entry for name, found in lists.items() for entry in thinned_lists.decode(found, name)]
        yield from chain_faults(index, thinned)
        if index.entry(self.pointer.id) is None:
            yield f"{INDEX} does not list the report {self.pointer.id}, which {POINTER} names"
        yield from self._altered_reports(index)

    def _altered_reports(self, index: Index) -> Iterator[str]:
        for entry in index.entries:
            archived = {FROZEN_PAGE.path(entry.id): entry.html_sha256, SNAPSHOT.path(entry.id): entry.snapshot_sha256}
            for name, expected in archived.items():
                if name not in self.manifest.files:
                    yield f"{name} is in the archive, but was not published"
                elif expected not in self.manifest.hashes(name):
                    yield f"{name} was not published as it was archived"

    def _review_faults(self) -> Iterator[str]:
        """Closed periods whose hashes differ between their index and the manifest."""
        file = self.files.get(REVIEWS_INDEX)
        if file is None or file.content is None:
            return
        index = reviews.INDEX_CODEC.read(file.content, REVIEWS_INDEX)
        expected = reviews.files_of(index)
        for name, sha in expected.items():
            if name not in self.manifest.files:
                yield f"{name} is a closed period, but was not published"
            elif sha not in self.manifest.hashes(name):
                yield f"{name} was not published as the period was closed"
        for name in self.manifest.files:
            if row_of(name) in (REVIEW, RESTATEMENT) and name not in expected:
                yield f"{name} was published, but {REVIEWS_INDEX} does not list it"

    def _broken_links(self) -> Iterator[str]:
        """Reports and days of the history that name another predecessor than the published one."""
        for name, file in self.files.items():
            if file is None or file.follows is None:
                continue
            before, expected = file.follows
            if before in self.manifest.files and self.manifest.files[before].sha256 != expected:
                yield f"{name} follows another {before} than the published one"
