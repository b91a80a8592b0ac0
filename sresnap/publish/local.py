"""The site's folder as publishing sees it: its files by hash, and what it knows of where it was published."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.kinds import MANIFEST, POINTER
from sresnap.publish.manifest import Manifest, sha256
from sresnap.store import files, snapshots
from sresnap.store.archive import INDEX
from sresnap.store.leaks import leaks

_SEEN = ".sresnap-seen.json"
_REMEMBERED = 50


_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that is to be published."""

    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class LocalSite:
    """A whole site that was built."""

    root: Path
    report: str
    """Id of the report that its pointer names."""
    files: Mapping[str, LocalFile]
    """By site-relative path, the pointer among them."""

    def content(self, name: str) -> bytes:
        """A file's bytes.

        Raises:
            PublishFailed: they are not those that were planned with: something else writes to the folder.
        """
        try:
            content = (self.root / name).read_bytes()
        except OSError:
            content = None
        if content is None or sha256(content) != self.files[name].sha256:
            raise PublishFailed(
                f"{self.root / name} changed while it was published", "does another program write there?"
            )
        return content


def read(root: Path) -> LocalSite:
    """The site in a folder.

    Raises:
        UsageError: there is none, or one that must not be published.
    """
    report = snapshots.latest_id(root)
    if report is None and pointer(root) is not None:
        raise UsageError(f"{root / POINTER} is none of sresnap; nothing was sent", "run `sresnap build` again")
    if report is None:
        raise UsageError(f"there is no report in {root} to publish", "`sresnap build` writes one, or say --out DIR")
    found = {}
    for name in _names(root):
        try:
            content = (root / name).read_bytes()
        except OSError as error:
            message = f"cannot read {root / name}: {error.strerror}; nothing was sent"
            raise UsageError(message, "may this user read it?") from error
        found[name] = LocalFile(sha256(content), len(content))
    if snapshots.snapshot_name(report) not in found:
        raise UsageError(f"{root} does not hold the snapshot of its report {report}", "run `sresnap build` again")
    return LocalSite(root, report, found)


def refuse_leaks(site: LocalSite, names: Collection[str], *, private: bool = False) -> None:
    """Nothing goes away from this machine when one of the files must not.

    Args:
        site: what is to be published.
        names: which of its files.
        private: they go to a network of one's own, so that private addresses may be in them.

    Raises:
        UsageError: a token, credentials or a private address are in one.
    """
    found = [leak for name in names for leak in leaks(name, site.content(name), private=private)]
    if found:
        hint = "leave it out with publish: {hide: [source, promql, labels]} and build again"
        if any(" holds a private address: " in leak or " holds a private host name: " in leak for leak in found):
            hint += "; for a place in your own network, allow private addresses with publish: {private: true}"
        more = [f"… and {len(found) - _MOST_TOLD} more"] if len(found) > _MOST_TOLD else []
        raise UsageError(
            "\n  ".join(["nothing was sent, as this must not be public:", *found[:_MOST_TOLD], *more]),
            hint,
        )


def _names(root: Path) -> Iterator[str]:
    """Files that belong to the site. Hidden ones are this program's or the system's, and stay here."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*names, *folders]):
            path = Path(folder) / name
            relative = path.relative_to(root).as_posix()
            if name.startswith(".") or relative == MANIFEST:
                continue
            if path.is_symlink():
                raise UsageError(
                    f"{path} is a symbolic link, which could publish what lies elsewhere; nothing was sent",
                    "put a file in its place",
                )
            if name not in folders:
                yield relative


@dataclass(frozen=True, slots=True)
class Seen:
    """What this folder includes: it restored it, or published it itself. All by SHA-256, the newest last."""

    pointers: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    """Indexes of the archive. A report of the past moves no pointer, but it adds to the index."""

    def includes(self, pointer: str, there: Manifest) -> bool:
        """Whether nothing is lost when this folder is published over what a place shows."""
        return pointer in self.pointers and self.includes_archive(there)

    def includes_archive(self, there: Manifest) -> bool:
        """Whether the archive is one that this folder goes on from; where there is none, nothing can be lost."""
        found = there.hashes(INDEX)
        return not found or not found.isdisjoint(self.archives)


def seen(root: Path) -> Seen:
    """What the folder remembers."""
    try:
        found = json.loads((root / _SEEN).read_bytes())
        return Seen(tuple(map(str, found["pointers"])), tuple(map(str, found["archives"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Seen()


def including(site: LocalSite) -> Seen:
    """What the folder remembers, and what it holds."""
    own = site.files.get(INDEX)
    known = seen(site.root)
    archives = known.archives if own is None else (*known.archives, own.sha256)
    return Seen((*known.pointers, site.files[POINTER].sha256), archives)


def remember_site(site: LocalSite) -> None:
    """This folder includes what it is about to publish, or has published."""
    own = site.files.get(INDEX)
    remember(site.root, site.files[POINTER].sha256, None if own is None else own.sha256)


def remember(root: Path, pointer: str, archive: str | None) -> None:
    """This folder includes what these stand for.

    Args:
        root: the folder.
        pointer: SHA-256 of a pointer.
        archive: SHA-256 of an archive's index; None when there is none.
    """
    before = seen(root)
    known = Seen(_added(before.pointers, pointer), _added(before.archives, archive))
    if known != before:
        files.write_atomic(root / _SEEN, (json.dumps(asdict(known)) + "\n").encode())


def _added(known: tuple[str, ...], new: str | None) -> tuple[str, ...]:
    return known if new is None else (*(item for item in known if item != new), new)[-_REMEMBERED:]


def pointer(root: Path) -> bytes | None:
    """The folder's `latest.json`; None when there is none."""
    try:
        return (root / POINTER).read_bytes()
    except OSError:
        return None
