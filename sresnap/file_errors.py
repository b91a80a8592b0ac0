"""Errors of files in words: why one cannot be used, and what to do."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EEXIST: "a file is in the place of its folder",
    errno.EACCES: "this user is not allowed to",
    errno.EPERM: "this user is not allowed to",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this user's share of the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EFBIG: "it would be larger than a file may be there",
    errno.EMFILE: "this program has too many files open",
    errno.ENFILE: "this machine has too many files open",
}
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LIMITS = {errno.EFBIG: "-f", errno.EMFILE: "-n", errno.ENFILE: "-n"}
_DENIED = (errno.EROFS, errno.EACCES, errno.EPERM)
_MISNAMED = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOENT)
_MISPLACED = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY)


def why(error: OSError) -> str:
    """Why a file cannot be used, in words."""
    if not error.errno:  # of our own
        return error.strerror or str(error)
    return _REASONS.get(error.errno) or (error.strerror or str(error)).lower()


def what_to_do(error: OSError, *, read: bool = False) -> str:
    """The hint for a file that cannot be written, or read."""
    if error.errno in _FULL:
        return "make room there, and run it again"
    if error.errno in _LIMITS:
        return f"raise the limit (`ulimit {_LIMITS[error.errno]}`, or the limit of the machine), and run it again"
    if error.errno in _DENIED:
        return f"let this user {'read' if read else 'write'} there, and run it again"
    if error.errno in _MISPLACED:
        return "is the path right? If it is, move away what stands there"
    return "is the path right?" if read or error.errno in _MISNAMED else "is the folder writable and the disk not full?"
