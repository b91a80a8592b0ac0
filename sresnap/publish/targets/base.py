"""What every target that a site is published to can do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sresnap.documents.headers import Headers
from sresnap.documents.layout import MANIFEST, POINTER
from sresnap.errors import PublishFailed
from sresnap.format import whole_megabytes

MOST_BYTES = 200_000_000
"""Of one file. A snapshot of a thousand services has a tenth of it."""
_OWN_BOUNDS = {POINTER: 10_000_000, MANIFEST: 100_000_000}
"""Of the files that no manifest lists when they are read: 50,000 pages, and 500,000 files."""
RUN_AGAIN = "nothing was written; run it again when that publisher is done"
"""What to do while another publisher writes."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a target holds it."""

    content: bytes
    version: str
    """The target's name for this state of the file, for compare-and-swap: an ETag, a hash, a commit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a site may be, in bytes."""

    warn_bytes: int
    max_bytes: int


class TooLong(PublishFailed):
    """A file is longer than it may be. It was not read to its end."""

    def __init__(self, shown: str, most: int, size: int | None = None) -> None:
        """Describe it.

        Args:
            shown: its address.
            most: the most bytes that it may have.
            size: how many it has, if the target says so.
        """
        super().__init__(f"{shown} is larger than {_in_words(most)}", "is the address right?")
        self.most = most
        self.size = size

    @property
    def described(self) -> str:
        """What it has, in words."""
        return f"more than {self.most:,} bytes" if self.size is None else f"{self.size:,} bytes"


def bound_of(name: str) -> int:
    """The most bytes of a file whose size no manifest says."""
    return _OWN_BOUNDS.get(name, MOST_BYTES)


def _in_words(size: int) -> str:
    return f"{size:,} bytes" if size < 10**6 else whole_megabytes(size)


class Source(Protocol):
    """A published site that can be read."""

    @property
    def shown(self) -> str:
        """Its address without credentials, for messages."""

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file; None when it does not exist.

        Args:
            name: site-relative path.
            most: the most bytes that it may have; None for the bound of its kind. No more than a little beyond it is
                read, so that no file fills the memory.

        Raises:
            TooLong: it has more.
            PublishFailed: the target refuses or cannot be reached.
        """

    def prepare(self, names: Collection[str]) -> None:
        """Announce files that will be read next. A target that can fetch many at once does it here."""

    def renew(self) -> None:
        """Forget what was read, so that a later publication is seen."""

    def abandon(self) -> None:
        """End the processes that calls in other threads have started."""

    def names(self) -> Iterable[str]:
        """List the files, without those that the target or sresnap keeps for its own work.

        Raises:
            PublishFailed: it cannot list them.
        """


class Hold(Protocol):
    """The right to write, for as long as it lasts."""

    def check(self) -> None:
        """Confirm the right. Called before each write, by any thread.

        Raises:
            PublishConflict: another publisher has taken over.
        """


class Target(Source, Protocol):
    """A place on this or another machine that a site is published to.

    Every method raises PublishFailed when the target refuses or cannot be reached.
    """

    @property
    def atomic(self) -> bool:
        """Whether all writes appear at once, when the pointer is written."""

    @property
    def public(self) -> bool:
        """Whether it leaves this machine, so that nothing private may go there."""

    @property
    def limits(self) -> Limits | None:
        """None when it takes a site of any size."""

    @property
    def notes(self) -> Iterable[str]:
        """What a user should know about this target. Complete after `hold`, which tries some of it out."""

    def hold(self, notify: Callable[[str], None]) -> AbstractContextManager[Hold]:
        """Keep other publishers out.

        Args:
            notify: receives one sentence when another publisher has to be waited for.

        Raises:
            PublishConflict: another publisher is at work.
        """

    def put(self, name: str, content: bytes, headers: Headers) -> None:
        """Write a file. Readers get the old or the new one, never a part. May be called by several threads."""

    def delete(self, name: str) -> None:
        """Remove a file if it exists."""

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Write a file only if its version is still the expected one, and return the new version.

        Args:
            name: site-relative path.
            content: the new content.
            headers: how it is served.
            expected: the version that was read; None when the file must not exist.

        Raises:
            PublishConflict: the version is another one; nothing was written.
        """
