"""Compares a folder's files with the published ones, and decides what to send and what to delete."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sresnap.archive.reports import is_wanted
from sresnap.documents.layout import POINTER, Stage, is_kept, is_of_host, stage_of
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.model.archive import Index
from sresnap.publish.site_folder import LocalFile, LocalSite


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a publication."""

    sends: tuple[tuple[str, ...], ...]
    """New and changed files by stage, without the pointer. A group is written before the next one begins."""
    deletes: tuple[str, ...]
    """Files that stopped being part of the site longer ago than the grace period."""
    pending: Manifest
    """Published before the first write."""
    after: Manifest
    """Published when everything is done."""
    moves_pointer: bool
    writes_manifest: bool
    """Whether the manifest has to be written even if nothing else changed: a publisher was killed before the end."""
    bytes_to_send: int

    @property
    def is_nothing(self) -> bool:
        """Whether the target has everything already."""
        return not (self.moves_pointer or self.writes_manifest or self.deletes or any(self.sends))

    def names(self) -> list[str]:
        """The files to send in order, the pointer last."""
        return [*(name for group in self.sends for name in group), *([POINTER] if self.moves_pointer else [])]


def make_plan(site: LocalSite, published: Manifest | None, now: int, *, grace_seconds: int) -> Plan:
    """Plan how to bring a target to the state of a site.

    Args:
        site: the site to publish.
        published: the target's manifest after `settle_pending`, because pending files are ignored; None when the target
            has no files of sresnap.
        now: seconds since the epoch, for the grace period.
        grace_seconds: how long a file stays after the site stopped having it, for readers whose open pages refer to it.

    Files that the archive has thinned out go without grace: no page refers to them, and with a report every five
    minutes, a day's snapshots are twice as large as the rest of the site.
    """
    published = published or Manifest(None, now, {}, {})
    thinned = _thinned(site.index, published.files)
    changed = [name for name, file in site.files.items() if _differs(published, name, file)]
    unwanted = _unwanted(site, published, now, thinned)
    deletes = tuple(sorted(name for name, since in unwanted.items() if name in thinned or now - since >= grace_seconds))
    marked = {
        name: PublishedFile(entry.sha256, entry.size, unwanted.get(name)) for name, entry in published.files.items()
    }
    files = {name: entry for name, entry in marked.items() if name not in deletes and not is_of_host(name)}
    files |= {name: PublishedFile(file.sha256, file.size) for name, file in site.files.items()}
    sends = tuple(
        tuple(sorted(name for name in changed if _stage(name, published) is stage))
        for stage in Stage
        if stage is not Stage.POINTER
    )
    return Plan(
        sends=sends,
        deletes=deletes,
        pending=Manifest(published.report, now, marked, {name: site.files[name].sha256 for name in changed}),
        after=Manifest(site.report, now, files, {}),
        moves_pointer=POINTER in changed,
        writes_manifest=published.report != site.report,
        bytes_to_send=sum(site.files[name].size for name in changed),
    )


def _differs(published: Manifest, name: str, file: LocalFile) -> bool:
    """Whether a file has to be sent. An unwanted one may be deleted already, so it is sent again."""
    entry = published.files.get(name)
    return entry is None or entry.sha256 != file.sha256 or entry.unwanted_since is not None


def _stage(name: str, published: Manifest) -> Stage:
    """When to write a file. A frozen page that changes becomes a summary, which follows the index that says so."""
    stage = stage_of(name)
    return Stage.PAGE if stage is Stage.DATA and name.endswith(".html") and name in published.files else stage


def _thinned(index: Index, published: Collection[str]) -> frozenset[str]:
    """Published files that the archive's index no longer keeps.

    The snapshot of a thinned report is deleted. Its page has become a summary, and is deleted with the oldest
    summaries. So are files of a report that a killed publisher sent and no index ever listed. An empty index means that
    nothing is deleted: files that were merely not found stay.
    """
    if not index.entries:
        return frozenset()
    return frozenset(name for name in published if not is_wanted(index, name))


def _unwanted(site: LocalSite, published: Manifest, now: int, thinned: Collection[str]) -> dict[str, int]:
    """Published files that do not belong to the site, and since when in seconds since the epoch.

    A folder that lacks pages of its report was restored and not built in since, so nothing of it is unwanted. Files of
    the host are the target's own from then on: a user may change them there.
    """
    kept = {
        name
        for name in published.files
        if is_of_host(name) or ((site.is_partial or is_kept(name)) and name not in thinned)
    }
    wanted = kept | set(site.files)
    return {name: entry.unwanted_since or now for name, entry in published.files.items() if name not in wanted}
