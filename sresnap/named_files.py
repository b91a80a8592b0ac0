"""Reads files that a user names or a site holds: no devices, no pipes, no endless files."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

TEXT_BYTES = 10_000_000
"""A configuration of ten thousand services has 2 MB."""
SECRET_BYTES = 100_000
ICON_BYTES = 1_000_000
CERTIFICATE_BYTES = 10_000_000
"""A bundle of all public authorities has 250 kB."""
STORED_BYTES = 200_000_000
"""Of one file of a site. A snapshot of a thousand services has a tenth of it."""


class UnfitFile(OSError):  # noqa: N818 - the name states the fact
    """It is there, and is not a file, or is larger than any of its kind."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


class LongFile(UnfitFile):
    """It is larger than any of its kind."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"it has more than {most / 10**6:g} MB")
        self.size = size
        """Bytes, or one more than it may have where it does not say its size."""


def read_stored(path: Path) -> bytes:
    """The content of a file of a site, or of one that a user names in its place.

    Raises:
        OSError: it cannot be read, has more than 200 MB, or is a folder, a device or a pipe.
    """
    return read_named(path, STORED_BYTES)


def read_named(path: Path, most: int) -> bytes:
    """The content of a file of at most `most` bytes.

    Raises:
        OSError: it cannot be read, is too long, or is a folder, a device or a pipe.
    """
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        # Python sets aside as much memory as it is asked to read, so this asks for what the file says it has.
        content = b"" if size > most else file.read(size + 1)
        if size < len(content) <= most:  # it grows, or does not say its size
            content += file.read(most + 1 - len(content))
    if max(size, len(content)) > most:
        raise LongFile(max(size, len(content)), most)
    return content


def open_file(path: Path) -> BinaryIO:
    """Open a file to read it.

    Raises:
        OSError: it cannot be read, or is a folder, a device or a pipe.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:
        raise UnfitFile("its name holds a NUL") from error
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket cannot be opened
            raise UnfitFile("it is a socket or a device, not a file") from error
        raise
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise UnfitFile("it is a device or a pipe, not a file")
