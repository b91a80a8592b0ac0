"""`.sresnap-lease.json`: who writes to an object store now, see `publish.targets.lease`.

    {"schema":"sresnap/lease/1","holder":"3f2a…","by":"process 4711","since":"2026-11-22T21:30:05Z","renewed":3,
     "released":false}

`by` and `since` are for people who wait for it, and decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.documents.codec import Codec
from sresnap.errors import DamagedFile, NewerFile
from sresnap.model.instant import Instant
from sresnap.model.stored import STORED, Count

SCHEMA: Final = "sresnap/lease/1"


@dataclass(frozen=True, slots=True)
class LeaseFile:
    """The whole file."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/lease/1"]
    holder: str
    """A name that no other publisher has."""
    by: Annotated[str, Field(pattern=r"^[A-Za-z0-9_ .-]{1,60}$")]
    """The publisher's name for people. It is printed as it is, so it holds no control characters."""
    since: Instant
    """When that publisher began."""
    renewed: Count
    """How often it was written. The number makes each renewal another file."""
    released: bool = False
    """Whether its holder is done, but was not allowed to delete it."""


CODEC = Codec(SCHEMA, LeaseFile, "a lease", "wait until it has run out: the next publisher replaces it")


def encode_lease(lease: LeaseFile) -> bytes:
    """The lease as JSON, other bytes for each renewal."""
    return CODEC.write(lease)


def decode_lease(content: bytes) -> LeaseFile | None:
    """A lease from JSON; None when this sresnap cannot read it. Such a lease belongs to another publisher, too."""
    try:
        return CODEC.read(content, "the lease")
    except (DamagedFile, NewerFile):
        return None
