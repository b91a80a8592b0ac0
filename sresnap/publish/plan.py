"""What to send, and what to delete: a folder's files against what a place holds already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sresnap.documents import archive_index
from sresnap.documents.layout import POINTER, Stage, is_kept, stage_of
from sresnap.model.archive import Index
from sresnap.publish.manifest import Entry, Manifest
from sresnap.publish.site_folder import LocalFile, LocalSite


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a publication, in order."""

    sends: tuple[tuple[str, ...], ...]
    """Names of new and changed files but for the pointer, by kind: a group is written before the next one begins."""
    deletes: tuple[str, ...]
    """Names of files that are no part of the site for longer than the grace period."""
    pending: Manifest
    """To be published before the first write."""
    after: Manifest
    """To be published when all is done."""
    moves_pointer: bool
    completes: bool
    """Whether the manifest alone has to be written: a publisher was killed right before the end."""
    bytes_to_send: int

    @property
    def is_nothing(self) -> bool:
        """Whether the place holds all of it already."""
        return not (self.moves_pointer or self.completes or self.deletes or any(self.sends))

    def names(self) -> list[str]:
        """What is sent, in order, the pointer last."""
        return [*(name for group in self.sends for name in group), *([POINTER] if self.moves_pointer else [])]


def plan(site: LocalSite, there: Manifest | None, now: int, *, grace_seconds: int) -> Plan:
    """What has to be done so that a place holds a site.

    Args:
        site: what is to be published.
        there: what the place holds by its manifest; None when it holds nothing of ours. What is pending in it counts
            for nothing: it has to be `settled` first.
        now: seconds since the epoch, for the grace period.
        grace_seconds: how long a file stays after it was first not wanted: pages that a reader has open refer to it.

    What the archive has thinned out goes without grace: no page refers to it, and a day's snapshots of a report every
    five minutes are twice as large as the rest of the site.
    """
    there = there or Manifest(None, now)
    thinned = _thinned(site.index, there.files)
    changed = [name for name, file in site.files.items() if _differs(there, name, file)]
    unwanted = _unwanted(site, there, now, thinned)
    deletes = tuple(sorted(name for name, since in unwanted.items() if name in thinned or now - since >= grace_seconds))
    marked = {name: Entry(entry.sha256, entry.size, unwanted.get(name)) for name, entry in there.files.items()}
    files = {name: entry for name, entry in marked.items() if name not in deletes}
    files |= {name: Entry(file.sha256, file.size) for name, file in site.files.items()}
    sends = tuple(
        tuple(sorted(name for name in changed if _stage(name, there) is stage))
        for stage in Stage
        if stage is not Stage.POINTER
    )
    return Plan(
        sends=sends,
        deletes=deletes,
        pending=Manifest(there.report, now, marked, {name: site.files[name].sha256 for name in changed}),
        after=Manifest(site.report, now, files),
        moves_pointer=POINTER in changed,
        completes=there.report != site.report,
        bytes_to_send=sum(site.files[name].size for name in changed),
    )


def _differs(there: Manifest, name: str, file: LocalFile) -> bool:
    """What was unwanted may be gone already: it is sent again."""
    entry = there.files.get(name)
    return entry is None or entry.sha256 != file.sha256 or entry.unwanted_since is not None


def _stage(name: str, there: Manifest) -> Stage:
    """A frozen page that changes becomes a summary: it gives way when the index says that the report was thinned."""
    stage = stage_of(name)
    return Stage.PAGE if stage is Stage.DATA and name.endswith(".html") and name in there.files else stage


def _thinned(index: Index, there: Collection[str]) -> frozenset[str]:
    """Published names that the archive's index gives up.

    A thinned report's snapshot goes; its page has become a summary, and goes with the oldest summaries. So do the files
    of a report that a killed publisher sent and no index has ever named. From an index without reports nothing goes:
    what was merely not found is never deleted.
    """
    if not index.entries:
        return frozenset()
    return frozenset(name for name in there if not archive_index.is_wanted(index, name))


def _unwanted(site: LocalSite, there: Manifest, now: int, thinned: Collection[str]) -> dict[str, int]:
    """Published files that are no part of the site, and since when.

    A folder without its pages has not got rid of them: it was restored, and not built in since.
    """
    kept = {name for name in there.files if (site.is_partial or is_kept(name)) and name not in thinned}
    wanted = kept | set(site.files)
    return {name: entry.unwanted_since or now for name, entry in there.files.items() if name not in wanted}
