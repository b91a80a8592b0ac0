"""A place that lost files, its manifest among them.

Without a manifest, what is there is listed and hashed, and is the manifest from then on.

Taken for ours is what has a name that only sresnap gives (data of the archive and the history, hashed assets), the
pages that the pointer names, and what the folder has that is published. Anything else may be somebody's, and stays.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT, is_ours_by_name
from sresnap.errors import PublishFailed
from sresnap.model.windows import moment_of
from sresnap.progress import Progress
from sresnap.publish import state as states
from sresnap.publish.manifest import Entry, Manifest, sha256
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import Pointer, State
from sresnap.publish.targets.base import Source

_PARALLEL = 8


def pointer(state: State) -> Pointer | None:
    """The pointer of a place that lost its manifest; None when it has one, or no pointer of sresnap's either."""
    if state.manifest is not None or state.pointer is None:
        return None
    try:
        return states.decode_pointer(state.pointer.content, "")
    except PublishFailed:
        return None


def files(target: Source, there: Manifest | None, site: LocalSite) -> frozenset[str]:
    """Files that a place should have and has not, and that the folder can send again."""
    wanted = () if there is None else (name for name in there.files if there.is_wanted(name) and name in site.files)
    expected = set(wanted) - {POINTER}
    if not expected:
        return frozenset()
    try:
        return frozenset(expected - set(target.names()))
    except PublishFailed:  # who may write may not be allowed to list
        return frozenset()


def failed(shown: str, report: str, what: str, hint: str) -> PublishFailed:
    """The error that tells of it."""
    return PublishFailed(f"{shown} has lost its {MANIFEST}; its last report is {report}; {what}", hint)


def rebuilt(source: Source, found: Pointer, ours: Collection[str], progress: Progress) -> Manifest:
    """A manifest of what is there.

    Args:
        source: the place.
        found: its pointer.
        ours: names of the site that is to be published, if any.
        progress: who is told: every file is read.

    Raises:
        PublishFailed: the place refuses, is not reached, or does not tell which files it has.
    """
    known = {*ours, *found.pages, POINTER} - {MANIFEST}
    names = [name for name in source.names() if is_ours_by_name(name) or name in known]
    progress.stage("reading", len(names))
    source.prepare(names)

    def entry(name: str) -> Entry | None:
        stored = source.read(name)
        progress.advance()
        return None if stored is None else Entry(sha256(stored.content), len(stored.content))

    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="hash") as pool:
        entries = dict(zip(names, pool.map(entry, names), strict=True))
    if entries.get(SNAPSHOT.path(found.report)) is None:
        message = f"{source.shown} has neither {MANIFEST} nor the snapshot of its report {found.report}"
        raise PublishFailed(message, "bring it back from a backup; nothing was changed")
    # The moment of publication is not known; that of the report is the nearest that is.
    return Manifest(
        found.report, moment_of(found.report), {name: found for name, found in entries.items() if found is not None}
    )
