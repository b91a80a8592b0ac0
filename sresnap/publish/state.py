"""The state of a target: its pointer and its manifest, read in that order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sresnap.documents import manifest
from sresnap.documents.codec import is_foreign
from sresnap.documents.files import sha256
from sresnap.documents.layout import MANIFEST, POINTER
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import Pointer, decode_pointer
from sresnap.errors import DamagedFile, NewerFile, PublishFailed, UsageError
from sresnap.publish.parallel import read_each
from sresnap.publish.targets.base import Source, StoredFile, TooLong


@dataclass(frozen=True, slots=True)
class State:
    """What one reading found."""

    pointer: StoredFile | None
    manifest: Manifest | None
    stored: StoredFile | None
    """The manifest's file as it was read."""
    is_rebuilt: bool = False
    """Whether the target lost its manifest, and this one was rebuilt from its files."""

    @property
    def is_empty(self) -> bool:
        """Whether sresnap has published nothing there."""
        return self.pointer is None and self.manifest is None

    @property
    def token(self) -> str:
        """The text by which a folder remembers this state.

        Every publication changes it, even one that keeps the pointer.
        """
        contents = (None if stored is None else stored.content for stored in (self.pointer, self.stored))
        return token_of(*contents)


def token_of(pointer: bytes | None, manifest: bytes | None) -> str:
    """The token of a target with this pointer and this manifest."""
    return sha256(" ".join("" if content is None else sha256(content) for content in (pointer, manifest)).encode())


def read_state(source: Source) -> State:
    """Read the state, the pointer first, so that the manifest is never older.

    Raises:
        PublishFailed: the manifest is damaged, or a newer sresnap wrote it.
    """
    pointer = source.read(POINTER)
    content = source.read(MANIFEST)
    if content is None:
        return State(pointer, None, None)
    try:
        found = manifest.decode(content.content, f"{source.shown}: {MANIFEST}")
        if pointer is None and found.report is not None:
            pointer = source.read(POINTER)  # a first publication may have ended between the two readings
        if pointer is None:  # it may have been lost, and is then sent again
            found = replace(found, files={name: entry for name, entry in found.files.items() if name != POINTER})
        return State(pointer, found, content)
    except NewerFile as error:
        raise PublishFailed(error.message, error.hint) from error
    except DamagedFile as error:
        is_site = pointer is not None and _is_pointer(pointer.content)
        is_others = not is_site and is_foreign(content.content)
        hint = _hint_for_foreign(MANIFEST) if is_others else _hint_for_damaged(source.shown, is_site=is_site)
        raise PublishFailed(error.message, hint) from error


def _hint_for_damaged(shown: str, *, is_site: bool) -> str:
    rebuilt = "move it away there and run `sresnap restore --first`, which rebuilds it"
    hint = f"put the right {MANIFEST} back, or {hint_for_website(shown) or rebuilt}"
    return hint if is_site else f"check the address; if it is right, {hint}"


def _hint_for_foreign(name: str) -> str:
    """What to do where another program has a file of a name that sresnap needs."""
    return (
        f"it seems to be another program's, and sresnap needs the name {name}: check the address, publish to a place "
        "of its own (a folder or prefix below, or a branch such as gh-pages:REMOTE#reliability), or rename that file"
    )


def hint_for_website(shown: str) -> str | None:
    """What to do where a web server has no valid manifest: it does not list the files to rebuild one from.

    None for a target that lists its files.
    """
    if not shown.startswith(("http:", "https:")):
        return None
    return (
        "restore once, with --first, from the target behind the web server (file:DIR, gh-pages:REMOTE, "
        "s3://BUCKET/PREFIX). If a folder is uploaded as a whole, restore from a copy of it, and upload what `sresnap "
        "publish file:_site` writes: a web server does not list its files"
    )


def _is_pointer(content: bytes) -> bool:
    try:
        decode_pointer(content, POINTER)
    except UsageError:
        return False
    return True


def published_pointer(content: bytes, shown: str, *, has_manifest: bool = True) -> Pointer:
    """Read the pointer of a published site.

    Args:
        content: the pointer.
        shown: the site's address.
        has_manifest: whether the site has a manifest, which then says what its last report is.

    Raises:
        PublishFailed: it is invalid.
    """
    try:
        return decode_pointer(content, f"{shown}: {POINTER}")
    except NewerFile as error:
        raise PublishFailed(error.message, error.hint) from error
    except DamagedFile as error:
        hint = f"another program replaced it: delete {POINTER} there, then run `sresnap restore --first`"
        if not has_manifest:
            lost = f"check the address; if it is right, put the right {POINTER} back from a backup"
            hint = _hint_for_foreign(POINTER) if is_foreign(content) else lost
        raise PublishFailed(error.message, hint) from error


def settle_pending(source: Source, published: Manifest) -> Manifest:
    """The manifest after reading each file that a killed publisher left pending.

    Files that are about to be written again are read, too. Otherwise a second kill would leave files that no manifest
    explains.
    """
    if not published.pending:
        return published
    files = dict(published.files)
    source.prepare(list(published.pending))
    for name, found in read_each(published.pending, {}, source.read, lambda _, found: published_file(found)).items():
        old = files.pop(name, None)
        if found is not None:
            files[name] = replace(found, unwanted_since=old.unwanted_since if old else None)
    return replace(published, files=files, pending={})


def published_file(found: StoredFile | TooLong | None) -> PublishedFile | None:
    """The entry of a file that was read; None when it does not exist.

    Raises:
        TooLong: it is larger than any file of a site.
    """
    if isinstance(found, TooLong):
        raise found
    return None if found is None else PublishedFile(sha256(found.content), len(found.content))
