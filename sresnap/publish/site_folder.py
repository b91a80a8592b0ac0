"""Reads the site's folder for publishing: its files by hash, and the states of targets that it includes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sresnap.documents import archive_index, folder_state
from sresnap.documents.closed_folders import unreadable
from sresnap.documents.files import sha256
from sresnap.documents.layout import MANIFEST
from sresnap.documents.pointer import pointer_of_folder
from sresnap.documents.site_paths import is_site_path
from sresnap.errors import DamagedFile, PublishFailed, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.leaks.inputs import leaks_in_values
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.refusal import refuse_if_any
from sresnap.leaks.scan import leaks_in_file, leaks_in_name, secrets_in_file
from sresnap.model.archive import Index, empty_index
from sresnap.named_files import read_stored

_OF_DISK = "lost+found"
"""A disk has it at its top, and only root may read it."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of the folder."""

    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class LocalSite:
    """A site in a folder."""

    root: Path
    report: str
    """Id of the report that its pointer names."""
    files: Mapping[str, LocalFile]
    """By site-relative path, including the pointer."""
    index: Index = field(default_factory=empty_index)
    """Of its archive; without reports when there is no archive."""
    pages: tuple[str, ...] = ()
    """The pages of its report, from its pointer."""

    @property
    def is_partial(self) -> bool:
        """Whether pages are missing: for example, the folder was restored, and then only its archive changed."""
        return any(page not in self.files for page in self.pages)

    def content(self, name: str) -> bytes:
        """Read a file.

        Raises:
            PublishFailed: it changed after the folder was read: another program writes there.
        """
        try:
            content = read_stored(self.root / name)
        except OSError:
            content = None
        if content is None or sha256(content) != self.files[name].sha256:
            raise PublishFailed(
                f"{self.root / name} changed while the site was published",
                "stop the program that writes there, then publish again",
            )
        return content


def read(root: Path) -> LocalSite:
    """Read the site in a folder.

    Raises:
        UsageError: there is no site, it must not be published, or its archive cannot be read.
    """
    try:
        found_pointer = pointer_of_folder(root)
    except DamagedFile as error:
        raise UsageError(f"{error.message}; nothing was sent", error.hint) from error
    if found_pointer is None:
        raise UsageError(
            f"there is no report in {root} to publish",
            "`sresnap build` writes one; or name another folder with --out DIR",
        )
    found = {}
    for name in names(root):
        if (root / name).is_symlink():
            message = f"{root / name} is a symbolic link, which could publish files from elsewhere; nothing was sent"
            raise UsageError(message, "replace it with a file")
        try:
            content = read_stored(root / name)
        except OSError as error:
            message = f"cannot read {root / name}: {why(error)}; nothing was sent"
            raise UsageError(message, what_to_do(error, read=True)) from error
        found[name] = LocalFile(sha256(content), len(content))
    report = found_pointer.id
    if found_pointer.snapshot not in found:
        raise UsageError(f"{root} does not hold the snapshot of its report {report}", "run `sresnap build` again")
    index = archive_index.load(root) or empty_index()
    return LocalSite(root, report, found, index, tuple(found_pointer.pages))


def refuse_leaks(site: LocalSite, names: Collection[str], rules: PublicationRules) -> None:
    """Refuse to publish files that must not be public.

    Files that the build made from scanned inputs are not scanned again, except for the configuration's own secrets.

    Raises:
        UsageError: a file or its name holds a token, credentials, a secret of the configuration or a private address.
    """
    scanned = folder_state.scanned_files(site.root, rules.fingerprint)
    built = [name for name in names if scanned.get(name) == site.files[name].sha256]
    found = []
    if leaks_in_values({"names": built}, rules):
        found += [leak for name in built for leak in leaks_in_name(name, rules)]
    if rules.secrets:
        found += [leak for name in built for leak in secrets_in_file(name, site.content(name), rules)]
    others = (name for name in names if scanned.get(name) != site.files[name].sha256)
    found += [leak for name in others for leak in leaks_in_file(name, site.content(name), rules)]
    refuse_if_any(found, "nothing was sent", newest=site.report)


def names(root: Path) -> Iterator[str]:
    """List the site's files, and symbolic links. Hidden files belong to sresnap or the system, and are left out.

    Raises:
        UsageError: a name cannot be part of an address, or a folder cannot be read: its files would count as removed.
    """

    def refuse(error: OSError) -> None:
        raise unreadable(error) from error

    for folder, folders, found in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != _OF_DISK)
        for name in sorted([*found, *folders]):
            path = Path(folder) / name
            relative = path.relative_to(root).as_posix()
            if not name.startswith(".") and relative != MANIFEST and (name not in folders or path.is_symlink()):
                _refuse_not_utf8(root, relative)
                _refuse_unlistable(root, relative)
                yield relative


def _refuse_unlistable(root: Path, name: str) -> None:
    """A manifest with such a name could not be read again."""
    if not is_site_path(name):
        message = f"the name of the file {str(root / name)!r} cannot be published"
        hint = "rename it: no backslashes or control characters, at most 1,024 bytes, and 255 for a part"
        raise UsageError(message, hint)


def _refuse_not_utf8(root: Path, name: str) -> None:
    """Addresses and manifests are UTF-8. Linux allows any bytes in a name."""
    try:
        os.fsencode(name).decode()
    except UnicodeDecodeError as error:
        shown = os.fsencode(root / name).decode(errors="backslashreplace")
        raise UsageError(f"the name of the file {shown} is not UTF-8", "rename the file, or remove it") from error
