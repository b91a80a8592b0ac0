"""Several files of a target at a time: reading one is mostly waiting. What they take of memory together is bounded."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sresnap.publish.targets.base import StoredFile, TooLong, bound_of

PARALLEL = 8
"""How many files are read or written at a time."""
_ROOM_BYTES = 64_000_000
"""Of memory, for the files that are read at a time. While a larger file is read, no other one is."""
_FIRST_BYTES = _ROOM_BYTES // PARALLEL
"""Read at first of a file whose size is not known."""
T = TypeVar("T")


class Read(Protocol):
    """Reads a file of a source."""

    def __call__(self, name: str, most: int | None = None, /) -> StoredFile | None:
        """Read it, as `Source.read` does."""


def for_each(names: Collection[str], work: Callable[[str], T]) -> dict[str, T]:
    """The result of some work by the file's name, in the order of the names.

    The first error of the work is raised, once the work that has begun is done.
    """
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="files") as pool:
        try:
            return dict(zip(names, pool.map(work, names), strict=True))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def read_each(
    names: Collection[str],
    sizes: Mapping[str, int],
    read: Read,
    use: Callable[[str, StoredFile | TooLong | None], T],
) -> dict[str, T]:
    """Read files and use each as soon as it is there. The memory holds no more of them than some are large.

    Args:
        names: site-relative paths.
        sizes: the most bytes that a file may have, by name. A file that is not in it has the bound of its kind.
        read: how to read one.
        use: makes the result of a file: None when it does not exist, an error when it is longer than it may be. It must
            not keep the content.

    Returns:
        The results by name, in the order of the names.
    """
    room = _Room(_ROOM_BYTES)

    def bounded(name: str, most: int) -> StoredFile | TooLong | None:
        try:
            return read(name, most)
        except TooLong as error:
            return error

    def work(name: str) -> T:
        most = sizes.get(name, bound_of(name))
        first = most if name in sizes else min(most, _FIRST_BYTES)
        with room.taken(first):
            found = bounded(name, first)
            if not isinstance(found, TooLong) or first == most:
                return use(name, found)
        with room.taken(most):
            return use(name, bounded(name, most))

    return for_each(names, work)


class _Room:
    """Bytes of memory that threads share."""

    def __init__(self, most: int) -> None:
        self._most = self._free = most
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Wait until there is room for a file, and keep it for as long as the file is used."""
        needed = min(size, self._most)
        with self._changed:
            self._changed.wait_for(lambda: needed <= self._free)
            self._free -= needed
        try:
            yield
        finally:
            with self._changed:
                self._free += needed
                self._changed.notify_all()
