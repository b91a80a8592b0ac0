"""Recovers a target that lost files, even its manifest.

A lost manifest is rebuilt: the published files are listed and hashed. A file counts as sresnap's if only sresnap gives
such a name (data of the archive and the history, hashed assets), if the pointer names it, or if the folder has it, too.
sresnap may not have written anything else, so it stays.
"""

from __future__ import annotations

from collections.abc import Collection

from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT, is_ours_by_name
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import Pointer
from sresnap.errors import PublishFailed
from sresnap.model.windows import moment_of
from sresnap.progress import Progress
from sresnap.publish.parallel import read_each
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import State, published_file, published_pointer
from sresnap.publish.targets.base import Source, StoredFile, TooLong


def pointer_without_manifest(state: State) -> Pointer | None:
    """The pointer of a target that lost its manifest; None when it has a manifest, or no valid pointer either."""
    if state.manifest is not None or state.pointer is None:
        return None
    try:
        return published_pointer(state.pointer.content, "")
    except PublishFailed:
        return None


def missing_files(target: Source, published: Manifest | None, site: LocalSite) -> frozenset[str]:
    """Files that the manifest lists and the target lacks, and that the folder can send again."""
    if published is None:
        return frozenset()
    expected = {name for name in published.files if published.is_wanted(name) and name in site.files} - {POINTER}
    if not expected:
        return frozenset()
    try:
        return frozenset(expected - set(target.names()))
    except PublishFailed:  # a user who may write may not be allowed to list
        return frozenset()


def lost_manifest(shown: str, report: str, consequence: str, hint: str) -> PublishFailed:
    """The error for a target that lost its manifest."""
    return PublishFailed(f"{shown} has lost its {MANIFEST}; its last report is {report}; {consequence}", hint)


def rebuild_manifest(source: Source, pointer: Pointer, site_names: Collection[str], progress: Progress) -> Manifest:
    """A manifest of the published files.

    Args:
        source: the target that lost its manifest.
        pointer: its pointer.
        site_names: files of the site that is about to be published, if any.
        progress: receives a step for every file, because all of them are read.

    Raises:
        PublishFailed: the target refuses, cannot be reached, or cannot list its files.
    """
    known = {*site_names, *pointer.pages, POINTER} - {MANIFEST}
    names = [name for name in source.names() if is_ours_by_name(name) or name in known]
    progress.stage("reading", len(names))
    source.prepare(names)

    def entry(_: str, found: StoredFile | TooLong | None) -> PublishedFile | None:
        progress.advance()
        return published_file(found)

    entries = read_each(names, {}, source.read, entry)
    if entries.get(SNAPSHOT.path(pointer.id)) is None:
        message = f"{source.shown} has neither {MANIFEST} nor the snapshot of its report {pointer.id}"
        raise PublishFailed(message, "nothing was changed; bring the files back from a backup")
    # The time of publication is not known. The report's own time is the nearest to it.
    found = {name: entry for name, entry in entries.items() if entry is not None}
    return Manifest(pointer.id, moment_of(pointer.id), found, pending={})
