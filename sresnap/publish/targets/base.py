"""What every place that a site is published to can do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sresnap.documents.layout import Headers
from sresnap.errors import PublishFailed

_MOST_BYTES = 200_000_000
"""Of one file. A snapshot of a thousand services has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as a place holds it."""

    content: bytes
    version: str
    """What the place calls this state of the file, for compare-and-swap: an ETag, a hash, a commit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a place takes, in bytes of the whole site."""

    warn: int
    refuse: int


def refuse_oversized(shown: str, size: int) -> None:
    """Stop reading a file that no build writes, before it fills the memory.

    Raises:
        PublishFailed: it has more than 200 MB.
    """
    if size > _MOST_BYTES:
        raise PublishFailed(f"{shown} is larger than {_MOST_BYTES // 10**6} MB", "is the address right?")


class Source(Protocol):
    """A published site that can be read."""

    @property
    def shown(self) -> str:
        """Its address, without credentials."""

    def read(self, name: str) -> Stored | None:
        """A file by its site-relative path; None when there is none.

        Raises:
            PublishFailed: it cannot be told, because the place refuses or is not reached.
        """

    def prepare(self, names: Collection[str]) -> None:
        """These files are about to be read: a place that can bring many at once does so."""

    def names(self) -> Iterable[str]:
        """The files that are there, without those that the place itself or this program needs to do its work.

        Raises:
            PublishFailed: it does not tell.
        """


class Hold(Protocol):
    """The right to write, for as long as it lasts."""

    def check(self) -> None:
        """Called before each write, by any thread.

        Raises:
            PublishConflict: another publisher has taken over.
        """


class Target(Source, Protocol):
    """A place that can be published to. All of it raises PublishFailed when the place refuses or is not reached."""

    @property
    def atomic(self) -> bool:
        """Whether all writes appear at once, with that of the pointer."""

    @property
    def public(self) -> bool:
        """Whether it leaves this machine, so that nothing private may go there."""

    @property
    def limits(self) -> Limits | None:
        """None when the place takes any size."""

    @property
    def notes(self) -> Iterable[str]:
        """What a user should know of this place; after `hold`, as it takes some trying out."""

    def hold(self, tell: Callable[[str], None]) -> AbstractContextManager[Hold]:
        """Keep other publishers out.

        Args:
            tell: who is told in a sentence when another publisher is waited for.

        Raises:
            PublishConflict: another one is at work.
        """

    def put(self, name: str, content: bytes, headers: Headers) -> None:
        """Write a file: readers meet the old one or the new one, never a part. May be called by several threads."""

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Write a file if its version is still the expected one (None: if it is not there); its new version.

        Raises:
            PublishConflict: it is another one; nothing was written.
        """
