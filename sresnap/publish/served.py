"""Finds faults of a site as it is served: files that differ from the manifest, and gaps in the chain of reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sresnap.archive.chain import chain_faults
from sresnap.documents import archive_index, thinned_lists
from sresnap.documents.codec import read_part
from sresnap.documents.files import sha256
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
from sresnap.documents.manifest import Manifest
from sresnap.documents.pointer import Pointer
from sresnap.documents.predecessors import predecessor_of
from sresnap.errors import UsageError
from sresnap.model.archive import Index
from sresnap.model.stored import ReportId
from sresnap.model.windows import DAY, day_of, moment_of


@dataclass(frozen=True, slots=True)
class _Named:
    """The key by which a snapshot differs from any other answer."""

    id: ReportId


def names_to_verify(published: Manifest, pointer: Pointer, *, everything: bool) -> Iterator[str]:
    """The files of the newest report, or all published files."""
    last_day = day_of(moment_of(pointer.id) - DAY)
    named = {pointer.snapshot, *pointer.pages}
    yield from named - set(published.files)
    named |= {FROZEN_PAGE.path(pointer.id), INDEX}
    for name, entry in published.files.items():
        is_archived = is_kept(name) and row_of(name).stage is not Stage.ASSET
        day = HISTORY_DAY.value(name)
        is_recent = day is not None and day >= last_day
        is_part = name in named or is_recent or (entry.unwanted_since is None and not is_archived)
        # Web servers send the page for missing files with the status 404, so it cannot be read.
        if name not in (POINTER, NOT_FOUND_PAGE.path()) and (everything or is_part):
            yield name


def withdrawn_files(contents: Mapping[str, bytes | None]) -> list[str]:
    """The snapshots and pages of withdrawn reports, which readers must not get, by the archive's index."""
    content = contents.get(INDEX)
    try:
        index = None if content is None else archive_index.decode(content, INDEX)
    except UsageError:  # reported by `ServedSite.faults`
        index = None
    gone = () if index is None else index.withdrawn
    return [name for report in gone for name in (SNAPSHOT.path(report.id), FROZEN_PAGE.path(report.id))]


@dataclass(frozen=True, slots=True)
class ServedSite:
    """What was read of a site."""

    manifest: Manifest
    pointer: Pointer
    contents: Mapping[str, bytes | None]
    """By site-relative path; None when the file is not served."""
    withdrawn: Mapping[str, bytes | None] = field(default_factory=dict)
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
        for name, content in self.contents.items():
            if content is None:
                if self.manifest.is_wanted(name) or name not in self.manifest.files:
                    yield f"{name} is not served"
            elif sha256(content) not in self.manifest.hashes(name):
                yield f"{name} is not served as it was published (SHA-256 {sha256(content)[:12]}…)"

    def _still_served(self) -> Iterator[str]:
        """Files of withdrawn reports. Some servers send a page of their own for a file that is not there."""
        for name, content in self.withdrawn.items():
            if content is None or sha256(content) in self.manifest.hashes(name):
                continue
            if SNAPSHOT.matches(name) and read_part(_Named, content) is None:
                continue
            if FROZEN_PAGE.matches(name) and name not in self.manifest.files:
                continue
            yield f"{name} is still served, though its report was withdrawn: purge its address from all caches"

    def _archive_faults(self) -> Iterator[str]:
        """Faults of the archive's chain, as far as it was read, and of its hashes against the manifest's."""
        content = self.contents.get(INDEX)
        if content is None:
            return
        index = archive_index.decode(content, INDEX)
        lists = {
            name: found for name, found in self.contents.items() if found is not None and THINNED_LIST.matches(name)
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

    def _broken_links(self) -> Iterator[str]:
        """Reports and days of the history that name another predecessor than the published one."""
        for name, content in self.contents.items():
            link = None if content is None else predecessor_of(name, content)
            if link is None:
                continue
            before, expected = link
            if before in self.manifest.files and self.manifest.files[before].sha256 != expected:
                yield f"{name} follows another {before} than the published one"
