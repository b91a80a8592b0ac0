"""What a place says of itself: its pointer and its manifest, read in that order."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT
from sresnap.errors import PublishFailed
from sresnap.model.windows import moment_of
from sresnap.publish import manifest as manifests
from sresnap.publish.manifest import Entry, Manifest, sha256
from sresnap.publish.targets.base import Source, Stored

_PARALLEL = 8


@dataclass(frozen=True, slots=True)
class State:
    """Read once."""

    pointer: Stored | None
    manifest: Manifest | None
    stored: Stored | None
    """The manifest as it was read."""
    is_rebuilt: bool = False
    """The place lost its manifest, and this one was made of what is there."""
    lost: frozenset[str] = frozenset()
    """Names in the manifest of files that are not there, as far as that was looked at."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing of ours is there."""
        return self.pointer is None and self.manifest is None

    @property
    def token(self) -> str:
        """What a folder remembers this state by. Any publication changes it, one that leaves the pointer alone, too."""
        contents = (None if stored is None else stored.content for stored in (self.pointer, self.stored))
        return token(*contents)


@dataclass(frozen=True, slots=True)
class Pointer:
    """`latest.json`, as far as publishing needs it."""

    report: str
    """Id of the newest report."""
    snapshot: str
    """Site-relative path."""
    pages: tuple[str, ...]


def token(pointer: bytes | None, manifest: bytes | None) -> str:
    """The state of a place with that pointer and that manifest."""
    return sha256(" ".join("" if content is None else sha256(content) for content in (pointer, manifest)).encode())


def read(source: Source) -> State:
    """Pointer first: the manifest is never older than it.

    Raises:
        PublishFailed: the manifest cannot be understood.
    """
    pointer = source.read(POINTER)
    content = source.read(MANIFEST)
    if content is None:
        return State(pointer, None, None)
    try:
        found = manifests.decode(content.content)
        if pointer is None and found.report is not None:
            pointer = source.read(POINTER)  # a first publication may have ended between the two readings
        if pointer is None:  # it may have been lost, and is to be sent again then
            found = replace(found, files={name: entry for name, entry in found.files.items() if name != POINTER})
        return State(pointer, found, content)
    except ValueError as error:
        hint = (
            f"is the address right? If so, put the right one back, or delete {MANIFEST} there and "
            "`sresnap restore --first`: it is made anew then"
        )
        if isinstance(error, manifests.NewerError):
            hint = "upgrade sresnap; nothing was changed"
        raise PublishFailed(f"{source.shown}: {MANIFEST} cannot be used: {error}", hint) from error


def decode_pointer(content: bytes, shown: str) -> Pointer:
    """The pointer of a published site.

    Raises:
        PublishFailed: it is none.
    """
    try:
        found = json.loads(content)
        report, snapshot, pages = found["id"], str(found["snapshot"]), tuple(found["pages"])
        moment_of(report)  # an id of no moment is none
    except (ValueError, KeyError, TypeError, RecursionError):
        report, snapshot, pages = None, "", ()
    if not isinstance(report, str) or not SNAPSHOT.matches(snapshot) or snapshot != SNAPSHOT.path(report):
        hint = f"somebody wrote over it: delete {POINTER} there, then `sresnap restore --first` goes on by the manifest"
        raise PublishFailed(f"{shown}: {POINTER} is none of sresnap", hint)
    return Pointer(report, snapshot, tuple(str(page) for page in pages))


def settled(source: Source, manifest: Manifest) -> Manifest:
    """A manifest with the truth about what a killed publisher left pending: each of those files is looked at.

    Were the ones that are written anew left out, a second kill would leave files that no manifest explains.
    """
    if not manifest.pending:
        return manifest
    files = dict(manifest.files)
    source.prepare(list(manifest.pending))
    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="settle") as pool:
        for name, there in zip(manifest.pending, pool.map(source.read, manifest.pending), strict=True):
            old = files.pop(name, None)
            if there is not None:
                files[name] = Entry(sha256(there.content), len(there.content), old.unwanted_since if old else None)
    return replace(manifest, files=files, pending={})
