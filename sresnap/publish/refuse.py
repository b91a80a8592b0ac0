"""What a place must not hold, or lack, for a site to be published there. All of it is found before a byte is sent."""

from __future__ import annotations

from sresnap.errors import PublishConflict, PublishFailed
from sresnap.publish import local, lost
from sresnap.publish import state as states
from sresnap.publish.kinds import MANIFEST, POINTER
from sresnap.publish.local import LocalSite
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.state import Pointer, State
from sresnap.publish.target import Target
from sresnap.store.snapshots import snapshot_name


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
        message = f"another publisher has just begun at {target.shown}; nothing was changed"
        raise PublishConflict(message, "restore and run it again: the next run includes what that one wrote")
    foreign = next(iter(names), None)
    if foreign is not None:
        raise PublishFailed(
            f"{target.shown} holds files that sresnap did not put there, such as {foreign}; nothing was sent",
            "publish to an empty place, or add --force-foreign: they stay, but for those whose names the site has",
        )


def unseen(target: Target, state: State, site: LocalSite) -> None:
    """The pointer must be one whose report this folder includes: what another publisher wrote would be lost.

    Raises:
        PublishConflict: it is another one.
        PublishFailed: it was lost, and the last report is another one.
    """
    if state.manifest is None:
        return
    if state.pointer is None:
        _other_than_lost(target, state.manifest, site)
        return
    found = sha256(state.pointer.content)
    known = local.including(site)
    if known.includes(found, state.manifest):
        return
    if found in known.pointers:
        raise PublishConflict(
            f"{target.shown} has reports of the past that {site.root} does not include; nothing was changed",
            f"another publisher was first: `sresnap restore {target.shown} --out {site.root}`, then build and publish",
        )
    report = states.decode_pointer(state.pointer.content, target.shown).report
    raise PublishConflict(
        f"{target.shown} shows the report {report}, which {site.root} does not include; nothing was changed",
        f"another publisher was first: `sresnap restore {target.shown} --out {site.root}`, then build and publish",
    )


def unseen_without_manifest(target: Target, state: State, found: Pointer, site: LocalSite) -> None:
    """A place that lost its manifest is gone on from by a folder alone that includes its report.

    Raises:
        PublishFailed: this one does not.
    """
    pointer = b"" if state.pointer is None else state.pointer.content
    if sha256(pointer) in local.including(site).pointers:
        return
    what = f"{site.root} does not include that one, so nothing was changed"
    hint = f"`sresnap restore {target.shown} --out {site.root} --first`, this once, then build and publish"
    raise lost.failed(target.shown, found.report, what, hint)


def _other_than_lost(target: Target, there: Manifest, site: LocalSite) -> None:
    """Where the pointer was lost, the manifest's report must be one that this folder includes."""
    name = None if there.report is None else snapshot_name(there.report)
    if name is None or (name in site.files and site.files[name].sha256 in there.hashes(name)):
        return
    raise PublishFailed(
        f"{target.shown} has lost its {POINTER}, and {site.root} does not include its last report {there.report}; "
        "nothing was changed",
        f"`sresnap restore {target.shown} --out {site.root} --first`, then build and publish",
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
