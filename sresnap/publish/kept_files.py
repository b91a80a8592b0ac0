"""Files that were read, kept until they are written: beyond some megabytes on disk, because a site may be large."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import weakref
from collections.abc import Collection, Iterator, Mapping

from sresnap.errors import PublishFailed
from sresnap.file_errors import why
from sresnap.publish.targets.base import Source, StoredFile

_IN_MEMORY = 32_000_000
_HINT = "nothing was written; make room there or set TMPDIR to another folder, and run it again"


class KeptFiles:
    """Files in one temporary file, which has no name and ends with this process."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self._places: dict[str, tuple[int, int, str]] = {}

    def keep(self, name: str, stored: StoredFile) -> None:
        """Keep a file. The one of its name that was kept before is given no more.

        Raises:
            PublishFailed: the folder for temporary files is full or cannot be written to.
        """
        with self._lock, _reported():
            start = self._file.seek(0, 2)
            self._file.write(stored.content)
            self._places[name] = (start, len(stored.content), stored.version)

    def get(self, name: str) -> StoredFile:
        """A file that was kept.

        Raises:
            PublishFailed: it cannot be read again.
        """
        with self._lock, _reported():
            start, size, version = self._places[name]
            self._file.seek(start)
            return StoredFile(self._file.read(size), version)


class Contents(Mapping[str, bytes]):
    """Contents of a source's files by name. Each is read when it is asked for."""

    def __init__(self, source: Source, sizes: Mapping[str, int]) -> None:
        """Take the names and sizes of files that the source gives at once, and always in the same way."""
        self._source = source
        self._sizes = sizes

    def __getitem__(self, name: str) -> bytes:
        stored = self._source.read(name) if name in self._sizes else None
        if stored is None:
            raise KeyError(name)
        return stored.content

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(self._sizes.values())

    def only(self, names: Collection[str]) -> Contents:
        """The contents of these names."""
        return Contents(self._source, {name: size for name, size in self._sizes.items() if name in names})


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        folder = tempfile.gettempdir()
        raise PublishFailed(f"cannot work in the temporary folder {folder}: {why(error)}", _HINT) from error
