"""A folder, such as the root of a web server."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from sresnap.documents import files
from sresnap.documents.layout import Headers
from sresnap.errors import BuildInProgress, PublishConflict, PublishFailed, SresnapError, UsageError
from sresnap.publish.manifest import sha256
from sresnap.publish.targets.base import Limits, Stored


class _Lock:
    """The system's lock is lost with the process alone."""

    def check(self) -> None:
        """Nobody can take it."""


class Folder:
    """A target on this machine. Other publishers are kept out by a lock of the system on the folder."""

    public = False
    atomic = False
    limits: Limits | None = None
    notes: Iterable[str] = ()

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.shown = str(root)

    def read(self, name: str) -> Stored | None:
        """A file; its version is its hash."""
        try:
            content = self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed(f"cannot read {self.root / name}", error) from error
        return Stored(content, sha256(content))

    def prepare(self, names: Collection[str]) -> None:
        """Files are at hand; there is nothing to prepare."""

    def names(self) -> Iterable[str]:
        """All files below it but for hidden ones."""
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if not any(part.startswith(".") for part in name.split("/")) and not path.is_dir():
                yield name

    @contextlib.contextmanager
    def hold(self, tell: Callable[[str], None]) -> Iterator[_Lock]:  # noqa: ARG002 - nobody is waited for
        """Lock the folder; it is made if need be."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(files.hold(self.root))
            except BuildInProgress as error:
                message = f"another publisher is writing to {self.shown}"
                raise PublishConflict(message, "nothing was written; run it again when that one is done") from error
            except UsageError as error:
                message = error.message.replace("use ", "publish to ").replace(" as the output folder", "")
                raise PublishFailed(message, "is it a folder that this user may write to?") from error
            files.remove_leftovers(self.root)
            yield _Lock()

    def put(self, name: str, content: bytes, headers: Headers) -> None:  # noqa: ARG002 - a folder has no headers
        """Write it beside its place and rename it."""
        try:
            files.write_atomic(self._path(name), content)
        except SresnapError as error:
            raise PublishFailed(error.message, f"{error.hint}: what readers are shown is whole") from error

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Compare and write; the lock makes it one step."""
        there = self.read(name)
        if (there.version if there else None) != expected:
            raise PublishConflict(f"{self.root / name} was changed by somebody else", "nothing was changed in it")
        self.put(name, content, headers)
        return sha256(content)

    def delete(self, name: str) -> None:
        """Remove it, and the folders that it leaves empty."""
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise self._failed(f"cannot delete {path}", error) from error
        with contextlib.suppress(OSError):
            for parent in path.parents:
                if parent == self.root:
                    break
                parent.rmdir()

    def _path(self, name: str) -> Path:
        """Where a file lies. A folder that is a link would lead the writing out of the site."""
        path = self.root / name
        parent = path.parent
        while parent != self.root:
            if parent.is_symlink():
                message = f"{parent} is a symbolic link, and files of the site would be written to where it leads"
                raise PublishFailed(message, "put a folder in its place")
            parent = parent.parent
        return path

    @staticmethod
    def _failed(what: str, error: OSError) -> PublishFailed:
        return PublishFailed(f"{what}: {error.strerror or error}", "may this user read and write there?")


def refuse_overlap(target: Folder, out: Path) -> None:
    """A site must not be published into itself.

    Raises:
        UsageError: one of the two folders lies in the other.
    """
    here, there = Path(os.path.realpath(out)), Path(os.path.realpath(target.root))
    if here == there or here in there.parents or there in here.parents:
        raise UsageError(f"{target.shown} and {out} overlap", "publish to a folder beside the one that is built in")
