"""Errors of files in words."""

import errno
import os

import pytest

from sresnap.file_errors import what_to_do, why


@pytest.mark.parametrize(
    ("number", "reason", "hint"),
    [
        (errno.EMFILE, "this program has too many files open", "ulimit -n"),
        (errno.ENFILE, "this machine has too many files open", "ulimit -n"),
        (errno.EFBIG, "it would be larger than a file may be there", "ulimit -f"),
        (errno.ENOSPC, "the disk is full", "make room there"),
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_a_limit_is_named_with_the_way_to_raise_it(number, reason, hint, read):
    error = OSError(number, os.strerror(number))
    assert why(error) == reason
    assert hint in what_to_do(error, read=read)
