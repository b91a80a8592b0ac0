"""Reasons not to publish. All of them are found before a byte is sent."""

from __future__ import annotations

from collections.abc import Iterable

from sresnap.archive.chain import continues
from sresnap.archive.thinning import is_summary
from sresnap.documents import archive_index, folder_state, readable, reviews, thinned_lists
from sresnap.documents.files import sha256
from sresnap.documents.layout import (
    FROZEN_PAGE,
    INDEX,
    MANIFEST,
    POINTER,
    RESTATEMENT,
    REVIEW,
    SNAPSHOT,
    THINNED_LIST,
    is_ours_by_name,
    row_of,
)
from sresnap.documents.manifest import Manifest
from sresnap.documents.pointer import Pointer
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.format import whole_megabytes
from sresnap.model.archive import empty_index
from sresnap.model.windows import day_of_id
from sresnap.publish import recovery
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import State, published_pointer
from sresnap.publish.targets.base import Target, TooLong
from sresnap.publish.targets.branch import Branch


def refuse_main_branch(target: Branch, state: State) -> None:
    """Refuse a branch that people work on, until a user says that the report may go there.

    Raises:
        PublishFailed: the branch is the checkout's own or the remote's default one, and no report was published there.
    """
    what = None if state.manifest is not None else target.main_branch()
    if what is not None:
        raise PublishFailed(
            f"{target.shown} is {what}; nothing was sent",
            "publish to a branch of its own, such as gh-pages:origin, or once `sresnap publish --into-main-branch "
            "--force-foreign`: its commits stay, only files whose names the site has are replaced, the report is one "
            "more commit, and each later report replaces it by a forced push",
        )


def refuse_foreign(target: Target, state: State) -> None:
    """Refuse a target that holds files but no manifest that says whose they are.

    Raises:
        PublishFailed: it holds files that sresnap did not put there.
        PublishConflict: another publisher has just put them there.
    """
    if state.manifest is not None:
        return
    names = sorted(target.names())
    if MANIFEST in names:  # it did not exist a moment ago
        raise _another_first_publisher(target)
    if names:
        raise PublishFailed(
            f"{target.shown} holds files that sresnap did not put there, such as {names[0]}; nothing was sent",
            "publish to an empty target, or add --force-foreign: only files whose names the site has are replaced",
        )


def _another_first_publisher(target: Target) -> PublishConflict:
    """The error when a first publication is under way or was killed."""
    message = f"another publisher has just started to publish to {target.shown}; nothing was changed"
    hint = f"`sresnap restore {target.shown}` (with --first if that publisher was killed), then build and publish"
    return PublishConflict(message, hint)


def refuse_unseen(target: Target, state: State, site: LocalSite) -> None:
    """Refuse a state that the folder does not include: another publisher's files would be lost.

    Raises:
        PublishConflict: another publisher was first.
        PublishFailed: the target has lost its pointer, too.
    """
    if state.manifest is None or folder_state.includes(site.root, state.token):
        return
    if state.pointer is None and state.manifest.report is None:
        raise _another_first_publisher(target)
    restore = f"sresnap restore {target.shown} --out {site.root}"
    if state.pointer is None:
        raise PublishFailed(
            f"{target.shown} has lost its {POINTER}, and {site.root} does not include its last report "
            f"{state.manifest.report}; nothing was changed",
            f"`{restore} --first`, then build and publish",
        )
    report = published_pointer(state.pointer.content, target.shown).id
    raise PublishConflict(
        f"{target.shown} shows the report {report} and has changes that {site.root} does not include; nothing was "
        "changed",
        f"another publisher was first: `{restore}`, then build and publish",
    )


def refuse_unseen_without_manifest(target: Target, state: State, pointer: Pointer, site: LocalSite) -> None:
    """Refuse a target without a manifest unless the folder includes its report.

    Raises:
        PublishFailed: the folder does not include it.
    """
    if folder_state.includes(site.root, state.token):
        return
    consequence = f"{site.root} does not include that report, so nothing was changed"
    hint = f"`sresnap restore {target.shown} --out {site.root} --first`, only this once, then build and publish"
    raise recovery.lost_manifest(target.shown, pointer.id, consequence, hint)


def refuse_overwriting(target: Target, names: Iterable[str], site: LocalSite, published: Manifest) -> None:
    """Refuse to replace files that sresnap did not write. Names with an id or a hash in them are only ever sresnap's.

    Raises:
        PublishFailed: a new file of the site has the name of one.
    """
    for name in names:
        if name in published.files or is_ours_by_name(name) or name == POINTER:
            continue
        try:
            stored = target.read(name, site.files[name].size)
            differs = stored is not None and sha256(stored.content) != site.files[name].sha256
        except TooLong:
            differs = True
        if differs:
            raise PublishFailed(
                f"{target.shown} holds a {name} that sresnap did not put there; nothing was sent",
                "move it away, or add --force-foreign to replace it",
            )


def refuse_incomplete(target: Target, site: LocalSite, after: Manifest) -> None:
    """Refuse a site with files that neither the folder nor the target has: its links would be broken.

    Raises:
        PublishFailed: a file is missing.
    """
    reports = [name for entry in site.index.entries for name in (FROZEN_PAGE.path(entry.id), SNAPSHOT.path(entry.id))]
    lists = [THINNED_LIST.path(day) for day, count in site.index.thinned.items() if count]
    missing = [name for name in (*site.pages, *reports, *lists) if not after.is_wanted(name)]
    if missing:
        more = f" and {len(missing) - 1} more files" if len(missing) > 1 else ""
        raise PublishFailed(
            f"neither {site.root} nor {target.shown} holds {missing[0]}{more} of the site; nothing was sent",
            f"`sresnap restore TARGET --all --out {site.root}`, from a target that has them; then build and publish",
        )


def refuse_altered(site: LocalSite) -> None:
    """Refuse archived reports and closed periods that were edited, and files of reports that were withdrawn.

    Raises:
        UsageError: a report differs from what was archived, or a withdrawn one still has its snapshot or page.
        PublishFailed: another program writes to the folder.
    """
    _refuse_withdrawn(site)
    for entry in site.index.entries:
        archived = {FROZEN_PAGE.path(entry.id): entry.html_sha256, SNAPSHOT.path(entry.id): entry.snapshot_sha256}
        for name, expected in archived.items():
            if name in site.files and site.files[name].sha256 != expected:
                message = f"{site.root / name} was changed after it was archived; nothing was sent"
                raise UsageError(message, "delete it, and bring back the published one: `sresnap restore --all`")
    closed = reviews.load_index(site.root)
    for name, expected in () if closed is None else reviews.files_of(closed).items():
        if name in site.files and site.files[name].sha256 != expected:
            message = f"{site.root / name} was changed after the period was closed; nothing was sent"
            raise UsageError(message, reviews.HINT)


def refuse_damaged(site: LocalSite, names: Iterable[str]) -> None:
    """Refuse the folder's state, a day of the history or a closed period if the next build could not read it.

    Raises:
        UsageError: one is damaged.
        PublishFailed: another program writes to the folder.
    """
    try:
        folder_state.load(site.root)
    except UsageError as error:
        raise UsageError(f"{error.message}; nothing was sent", error.hint) from error
    for name in filter(readable.is_checked, names):
        try:
            readable.check(name, site.content(name))
        except UsageError as error:
            raise UsageError(f"{site.root}/{error.message}; nothing was sent", error.hint) from error


def _refuse_withdrawn(site: LocalSite) -> None:
    for report in site.index.withdrawn:
        page, snapshot = FROZEN_PAGE.path(report.id), SNAPSHOT.path(report.id)
        has_page = page in site.files and not is_summary(site.content(page))
        for name, exists in ((page, has_page), (snapshot, snapshot in site.files)):
            if exists:
                message = f"{site.root / name} still exists, though its report was withdrawn; nothing was sent"
                raise UsageError(message, f"remove it with `sresnap archive withdraw {report.id} --reason TEXT`")


def refuse_discontinued(target: Target, site: LocalSite, published: Manifest) -> None:
    """Refuse an archive that does not continue the published one, because the folder has lost its own.

    Raises:
        PublishFailed: it does not continue it.
    """
    _refuse_other_periods(target, site, published)
    entry = published.files.get(INDEX)
    if entry is None or (INDEX in site.files and site.files[INDEX].sha256 == entry.sha256):
        return
    stored = target.read(INDEX)
    try:
        earlier = empty_index() if stored is None else archive_index.decode(stored.content, f"{target.shown}: {INDEX}")
    except UsageError as error:
        raise PublishFailed(f"{error.message}; nothing was sent", error.hint) from error
    day = day_of_id(earlier.entries[-1].id) if earlier.entries else None
    thinned = () if day is None else thinned_lists.load(site.root, day)
    if not continues(site.index, earlier, thinned):
        raise PublishFailed(
            f"the archive in {site.root} does not continue the archive of {target.shown}, which has {earlier.reports} "
            "reports; nothing was sent",
            f"the folder has lost its archive: `sresnap restore {target.shown} --out {site.root}`, then build and "
            "publish",
        )


def _refuse_other_periods(target: Target, site: LocalSite, published: Manifest) -> None:
    """Refuse closed periods that are not the published ones: the folder has lost those and closed them again."""
    closed = reviews.load_index(site.root)
    own = {} if closed is None else reviews.files_of(closed)
    for name, entry in published.files.items():
        if row_of(name) in (REVIEW, RESTATEMENT) and own.get(name) != entry.sha256:
            raise PublishFailed(
                f"{site.root} has closed other periods than {target.shown}, which has {name}; nothing was sent",
                f"the folder has lost them: `sresnap restore {target.shown} --out {site.root}`, then build and publish",
            )


def refuse_too_large(target: Target, size: int) -> None:
    """Refuse a site of more bytes than the target takes.

    Raises:
        PublishFailed: it is too large.
    """
    if target.limits is not None and size > target.limits.max_bytes:
        message = (
            f"the site is {whole_megabytes(size)}, and {target.shown} takes {whole_megabytes(target.limits.max_bytes)}"
        )
        hint = "keep fewer reports (archive.keep, archive.max_bytes), or publish to object storage"
        raise PublishFailed(f"{message}; nothing was sent", hint)
