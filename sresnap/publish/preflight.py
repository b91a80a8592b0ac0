"""What a place must not hold, or lack, for a site to be published there. All of it is found before a byte is sent."""

from __future__ import annotations

from collections.abc import Iterable

from sresnap.archive.thinning import is_summary
from sresnap.documents import archive_index, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE, INDEX, MANIFEST, POINTER, SNAPSHOT, THINNED_LIST, is_kept
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.model.archive import Index
from sresnap.publish import recovery, site_folder
from sresnap.publish import state as states
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import Pointer, State
from sresnap.publish.targets.base import Target


def foreign(target: Target, state: State) -> None:
    """A place that holds files, and no manifest that says whose they are.

    Raises:
        PublishFailed: they are somebody else's.
        PublishConflict: another publisher has just put them there.
    """
    if state.manifest is not None:
        return
    names = sorted(target.names())
    if MANIFEST in names:  # it was not there a moment ago
        raise _begun(target)
    foreign = next(iter(names), None)
    if foreign is not None:
        raise PublishFailed(
            f"{target.shown} holds files that sresnap did not put there, such as {foreign}; nothing was sent",
            "publish to an empty place, or add --force-foreign: they stay, but for those whose names the site has",
        )


def _begun(target: Target) -> PublishConflict:
    """Somebody publishes there for the first time, or was killed doing so."""
    message = f"another publisher has just begun at {target.shown}; nothing was changed"
    hint = f"`sresnap restore {target.shown}` (with --first, if that one was killed), then build and publish"
    return PublishConflict(message, hint)


def unseen(target: Target, state: State, site: LocalSite) -> None:
    """A state that the folder does not include: what another publisher wrote would be lost.

    Raises:
        PublishConflict: it is one.
        PublishFailed: the pointer was lost, too.
    """
    if state.manifest is None or state.token in site_folder.seen(site.root):
        return
    restore = f"sresnap restore {target.shown} --out {site.root}"
    if state.pointer is None and state.manifest.report is None:
        raise _begun(target)
    if state.pointer is None:
        raise PublishFailed(
            f"{target.shown} has lost its {POINTER}, and {site.root} does not include its last report "
            f"{state.manifest.report}; nothing was changed",
            f"`{restore} --first`, then build and publish",
        )
    report = states.decode_pointer(state.pointer.content, target.shown).report
    raise PublishConflict(
        f"{target.shown} shows the report {report} and holds what {site.root} does not include; nothing was changed",
        f"another publisher was first: `{restore}`, then build and publish",
    )


def unseen_without_manifest(target: Target, state: State, found: Pointer, site: LocalSite) -> None:
    """A place that lost its manifest is gone on from by a folder alone that includes its report.

    Raises:
        PublishFailed: this one does not.
    """
    if state.token in site_folder.seen(site.root):
        return
    what = f"{site.root} does not include that one, so nothing was changed"
    hint = f"`sresnap restore {target.shown} --out {site.root} --first`, this once, then build and publish"
    raise recovery.failed(target.shown, found.report, what, hint)


def overwriting(target: Target, names: Iterable[str], site: LocalSite, there: Manifest) -> None:
    """Files of somebody else under names that the site gets now. Names with an id or a hash in them are nobody else's.

    Raises:
        PublishFailed: there is one.
    """
    for name in names:
        if name in there.files or is_kept(name) or name == POINTER:
            continue
        found = target.read(name)
        if found is not None and sha256(found.content) != site.files[name].sha256:
            raise PublishFailed(
                f"{target.shown} holds a {name} that sresnap did not put there; nothing was sent",
                "put it elsewhere, or add --force-foreign to write over it",
            )


def incomplete(target: Target, site: LocalSite, after: Manifest) -> None:
    """A site of which neither the folder nor the place has a part: its links would lead nowhere.

    Raises:
        PublishFailed: it is one.
    """
    reports = [name for entry in site.index.entries for name in (FROZEN_PAGE.path(entry.id), SNAPSHOT.path(entry.id))]
    lists = [THINNED_LIST.path(day) for day, count in site.index.thinned.items() if count]
    missing = [name for name in (*site.pages, *reports, *lists) if not after.is_wanted(name)]
    if missing:
        more = f" and {len(missing) - 1} more files" if len(missing) > 1 else ""
        raise PublishFailed(
            f"neither {site.root} nor {target.shown} holds {missing[0]}{more} of the site; nothing was sent",
            f"`sresnap restore PLACE --all --out {site.root}` brings them from where they are published; then build "
            "and publish",
        )


def altered(site: LocalSite) -> None:
    """Reports that are not as they were archived, and what is still there of those that were withdrawn.

    Raises:
        UsageError: somebody edited one, or one has its snapshot, or its own page, though it was withdrawn.
        PublishFailed: something else writes to the folder.
    """
    _not_withdrawn(site)
    for entry in site.index.entries:
        archived = {FROZEN_PAGE.path(entry.id): entry.html_sha256, SNAPSHOT.path(entry.id): entry.snapshot_sha256}
        for name, expected in archived.items():
            if name in site.files and site.files[name].sha256 != expected:
                message = f"{site.root / name} is not what was archived; nothing was sent"
                raise UsageError(message, "delete it, and bring the published one back: `sresnap restore --all`")


def _not_withdrawn(site: LocalSite) -> None:
    for report in site.index.withdrawn:
        page, snapshot = FROZEN_PAGE.path(report.id), SNAPSHOT.path(report.id)
        has_page = page in site.files and not is_summary(site.content(page))
        for name, is_there in ((page, has_page), (snapshot, snapshot in site.files)):
            if is_there:
                message = f"{site.root / name} is there, though the report was withdrawn; nothing was sent"
                raise UsageError(message, f"remove it with `sresnap archive withdraw {report.id} --reason TEXT`")


def discontinued(target: Target, site: LocalSite, there: Manifest) -> None:
    """An archive that does not go on from the one that is published, because the folder has lost its own.

    Raises:
        PublishFailed: it is one.
    """
    published = there.files.get(INDEX)
    if published is None or (INDEX in site.files and site.files[INDEX].sha256 == published.sha256):
        return
    found = target.read(INDEX)
    try:
        earlier = Index() if found is None else archive_index.decode(found.content, f"{target.shown}: {INDEX}")
    except UsageError as error:
        raise PublishFailed(f"{error.message}; nothing was sent", error.hint) from error
    day = archive_index.day_of_id(earlier.entries[-1].id) if earlier.entries else None
    gone = () if day is None else thinned_lists.load(site.root, day)
    if not archive_index.continues(site.index, earlier, gone):
        raise PublishFailed(
            f"the archive in {site.root} does not go on from that of {target.shown}, which had {earlier.reports} "
            "reports; nothing was sent",
            f"the folder has lost its own: `sresnap restore {target.shown} --out {site.root}`, then build and publish",
        )


def too_large(target: Target, size: int) -> None:
    """A site of more bytes than the place takes.

    Raises:
        PublishFailed: it is one.
    """
    if target.limits is not None and size > target.limits.refuse:
        message = f"the site is {size // 10**6} MB, and {target.shown} takes {target.limits.refuse // 10**6} MB"
        hint = "keep fewer reports (archive.keep, archive.max_bytes), or publish to object storage"
        raise PublishFailed(f"{message}; nothing was sent", hint)
