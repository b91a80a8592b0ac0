"""Reads files that a user names, such as a preset, a certificate or an icon: no devices, no pipes, no endless files."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

TEXT_BYTES = 10_000_000
"""A configuration of ten thousand services has 2 MB."""
SECRET_BYTES = 100_000
ICON_BYTES = 1_000_000
CERTIFICATE_BYTES = 10_000_000
"""A bundle of all public authorities has 250 kB."""


class UnfitFile(OSError):  # noqa: N818 - the name states the fact
    """It is there, and is not what a file of settings is."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


def read_named(path: Path, most: int) -> bytes:
    """The content of a file of at most `most` bytes.

    Raises:
        OSError: it cannot be read, is too long, or is a folder, a device or a pipe.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:
        raise UnfitFile("its name holds a NUL") from error
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise UnfitFile("it is a device or a pipe, not a file")
        content = file.read(most + 1)
    if len(content) > most:
        raise UnfitFile(f"it has more than {most / 10**6:g} MB")
    return content
