"""A folder, such as the root of a web server."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from sresnap import file_errors
from sresnap.current_folder import absolute
from sresnap.documents import files
from sresnap.documents.closed_folders import refuse_closed
from sresnap.documents.files import sha256
from sresnap.documents.headers import Headers
from sresnap.documents.layout import POINTER
from sresnap.errors import BuildInProgress, PublishConflict, PublishFailed, SresnapError, UsageError
from sresnap.named_files import LongFile, UnfitFile, read_named
from sresnap.printable import quotable
from sresnap.publish.targets.base import RUN_AGAIN, Limits, StoredFile, TooLong, bound_of


class _Lock:
    """A lock of the operating system, which ends only with the process."""

    def check(self) -> None:
        """Do nothing: no other process can take the lock."""


class Folder:
    """A target on this machine. A lock of the operating system on the folder keeps other publishers out."""

    public = False
    atomic = False
    limits: Limits | None = None

    def __init__(self, root: Path) -> None:
        self.root = absolute(root)
        self.shown = str(root)
        self.notes: Iterable[str] = ()

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file; its version is its hash."""
        path = self._path(name)
        most = bound_of(name) if most is None else most
        try:
            content = read_named(path, most)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except LongFile as error:
            raise TooLong(str(path), most, error.size) from error
        except UnfitFile as error:
            raise PublishFailed(f"cannot read {path}: {error.strerror}", "remove it, and publish again") from error
        except OSError as error:
            raise PublishFailed(
                f"cannot read {self.root / name}: {file_errors.why(error)}", file_errors.what_to_do(error, read=True)
            ) from error
        return StoredFile(content, sha256(content))

    def prepare(self, names: Collection[str]) -> None:
        """Do nothing: the files are on this machine."""

    def renew(self) -> None:
        """Do nothing: every file is read again each time."""

    def abandon(self) -> None:
        """Do nothing: no process of its own runs."""

    def names(self) -> Iterable[str]:
        """List all files below it, without hidden ones."""
        try:
            refuse_closed(self.root)
        except UsageError as error:
            raise PublishFailed(error.message, error.hint) from error
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if not any(part.startswith(".") for part in name.split("/")) and not os.path.isdir(path):  # noqa: PTH112 - never an error
                yield name

    @contextlib.contextmanager
    def hold(self, notify: Callable[[str], None]) -> Iterator[_Lock]:  # noqa: ARG002 - it never waits
        """Lock the folder, and create it if it does not exist."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(files.hold(self.root))
            except BuildInProgress as error:
                message = f"another publisher is writing to {self.shown}"
                raise PublishConflict(message, RUN_AGAIN) from error
            except UsageError as error:
                is_closed = error.__cause__ is None  # a folder of the site in it, which the message names
                hint = error.hint if is_closed else "name a folder that this user may write to"
                raise PublishFailed(self._unusable(error), hint) from error
            # Only a first publication says it: a folder that no web server reads, such as a backup, is not a fault.
            self.notes = () if (self.root / POINTER).exists() else tuple(_closed(self.root))
            yield _Lock()

    def put(self, name: str, content: bytes, headers: Headers) -> None:  # noqa: ARG002 - a folder has no headers
        """Write a temporary file beside it and rename it."""
        try:
            files.write_atomic(self._path(name), content)
        except SresnapError as error:
            raise PublishFailed(error.message, f"{error.hint}: the published site is whole") from error

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Compare and write. The lock makes it one step."""
        stored = self.read(name)
        if (stored.version if stored else None) != expected:
            message = f"another process changed {self.root / name} while the site was published"
            raise PublishConflict(
                message, "that file was not changed; run `sresnap restore`, then build and publish again"
            )
        self.put(name, content, headers)
        return sha256(content)

    def delete(self, name: str) -> None:
        """Remove a file, and the folders that it leaves empty."""
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise PublishFailed(
                f"cannot delete {path}: {file_errors.why(error)}", file_errors.what_to_do(error)
            ) from error
        with contextlib.suppress(OSError):
            for parent in path.parents:
                if parent == self.root:
                    break
                parent.rmdir()

    def _path(self, name: str) -> Path:
        """The path of a file. A folder that is a link would take writes out of the site."""
        path = self.root / name
        parent = path.parent
        while parent != self.root:
            if os.path.islink(parent):  # noqa: PTH114 - the other raises for a folder that this user may not enter
                message = f"{parent} is a symbolic link, so files would be written outside of the site"
                raise PublishFailed(message, "replace it with a folder")
            parent = parent.parent
        return path

    def _unusable(self, error: UsageError) -> str:
        """Why the folder cannot be locked."""
        reason = file_errors.why(error.__cause__) if isinstance(error.__cause__, OSError) else error.message
        if self.root.exists() and not self.root.is_dir():
            reason = "it is not a folder"
        return f"cannot publish to {self.shown}: {reason}"


def _closed(root: Path) -> Iterator[str]:
    """A sentence if other users, such as a web server, may not enter the folder or one above it.

    A folder with an access list, or one that admits a group that was chosen for it, counts as open.
    """
    path = Path(os.path.realpath(root))
    for folder in reversed((path, *path.parents)):
        found = folder.stat()
        admits_group = found.st_mode & stat.S_IXGRP and found.st_gid != os.getgid()
        if not (found.st_mode & stat.S_IXOTH or admits_group or _has_access_list(folder)):
            mode = f"{stat.S_IMODE(found.st_mode):03o}"
            yield (
                f"a web server that runs as another user cannot read {root}: only its owner may enter {folder} (mode "
                f"{mode}); if one is to serve it, run `chmod o+x {folder}`"
            )
            return


def _has_access_list(folder: Path) -> bool:
    try:
        return "system.posix_acl_access" in os.listxattr(folder)
    except (OSError, AttributeError):  # not on this system
        return False


def refuse_name(root: Path) -> None:
    """Refuse a path that is not a folder's and cannot become one.

    Raises:
        UsageError: it is too long, or a file is in its place or in the place of a folder above it.
    """
    try:
        is_folder = stat.S_ISDIR(absolute(root).stat().st_mode)
    except (FileNotFoundError, PermissionError):  # it may be created, or it may be there
        return
    except (OSError, ValueError) as error:
        reason = file_errors.why(error) if isinstance(error, OSError) else "its name holds a NUL"
    else:
        reason = "it is a file"
        if is_folder:
            return
    raise UsageError(f"{quotable(str(root))} cannot be the site's folder: {reason}", "choose another folder")


def refuse_overlap(target: Folder, out: Path) -> None:
    """Refuse to publish a site into itself.

    Raises:
        UsageError: one of the two folders contains the other.
    """
    here, there = Path(os.path.realpath(out)), Path(os.path.realpath(target.root))
    if here == there or here in there.parents or there in here.parents:
        raise UsageError(
            f"{target.shown} and {out} overlap", "publish to a folder outside of the one that `sresnap build` writes"
        )
