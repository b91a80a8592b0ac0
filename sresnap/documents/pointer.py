"""`latest.json`: the newest report of a site. Every open page polls it, so it is small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter

from sresnap.documents import snapshots
from sresnap.documents.codec import Codec
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.instant import Instant
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.stored import STORED, ReportId
from sresnap.model.windows import moment_of

SCHEMA: Final = "sresnap/latest/1"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The whole file."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/latest/1"]
    id: ReportId
    """Of the newest report."""
    at: Instant
    generated_at: Instant
    next_expected_at: Instant
    """When the next report is due. A schedule after that, this report is stale."""
    schedule_seconds: int
    status: Status
    title: str
    kind: str
    """Where the numbers come from: `prometheus`, or `demo`."""
    snapshot: str
    """Site-relative path of the report's data."""
    pages: Mapping[str, str]
    """Site-relative path of a page → its hash, as in its `data-rev`."""


def _check(pointer: Pointer) -> None:
    moment_of(pointer.id)
    if pointer.snapshot != SNAPSHOT.path(pointer.id):
        raise ValueError(f"snapshot: {pointer.snapshot!r} is not the report {pointer.id}")


CODEC = Codec(SCHEMA, Pointer, "a pointer", "run `sresnap build` again", _check)


def pointer_to(snapshot: Snapshot, pages: Mapping[str, str]) -> bytes:
    """The pointer to a report as JSON.

    Args:
        snapshot: the report.
        pages: site-relative path of each page that is refreshed → its hash.
    """
    schedule = snapshot.site.schedule_seconds
    pointer = Pointer(
        schema=SCHEMA,
        id=snapshot.id,
        at=snapshot.at,
        generated_at=snapshot.generated_at,
        next_expected_at=snapshot.generated_at + schedule,
        schedule_seconds=schedule,
        status=snapshot.status,
        title=snapshot.site.title,
        kind=snapshot.source.kind,
        snapshot=SNAPSHOT.path(snapshot.id),
        pages=pages,
    )
    return CODEC.write(pointer)


def decode_pointer(content: bytes, name: str) -> Pointer:
    """A pointer from JSON.

    Raises:
        DamagedFile: it is not a pointer, or an edited one.
        NewerFile: a newer sresnap wrote it.
    """
    return CODEC.read(content, name)


def pointer_of_folder(root: Path) -> Pointer | None:
    """The pointer of a folder; None when there is none that can be read.

    Raises:
        NewerFile: a newer sresnap wrote it.
    """
    try:
        return decode_pointer((root / POINTER).read_bytes(), str(root / POINTER))
    except (OSError, DamagedFile):
        return None


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What protects the report of a folder from being replaced. It is read even if other keys are damaged."""

    id: ReportId
    kind: str | None = None
    """Where the numbers come from; None when neither the pointer nor the snapshot says so."""


def shown_report(root: Path) -> str | None:
    """The id of the report that a folder shows; None when it shows none.

    Raises:
        NewerFile: a newer sresnap wrote the pointer.
    """
    found = read_shown(root)
    return None if found is None else found.id


def read_shown(root: Path) -> ShownReport | None:
    """The report that a folder shows, and its kind; None when it shows none.

    Raises:
        NewerFile: a newer sresnap wrote the pointer.
    """
    found = pointer_of_folder(root)
    if found is not None:
        return ShownReport(found.id, found.kind)
    try:
        shown = _shown().validate_json((root / POINTER).read_bytes())
        moment_of(shown.id)
    except (OSError, ValueError):
        return None
    if shown.kind is not None:
        return shown
    try:
        return ShownReport(shown.id, snapshots.read(root / SNAPSHOT.path(shown.id)).source.kind)
    except UsageError:
        return shown


@cache
def _shown() -> TypeAdapter[ShownReport]:
    return TypeAdapter(ShownReport)
