"""Several files of a target at a time: reading one is mostly waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

PARALLEL = 8
"""How many files are read or written at a time."""
T = TypeVar("T")


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
