"""`latest.json`: the newest report of a site. Every open page polls it, so it is small."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.documents import snapshots
from sresnap.documents.codec import Codec, read_part
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.site_paths import SitePath
from sresnap.errors import DamagedFile, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.instant import Instant
from sresnap.model.now import NowState
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.stored import STORED, ReportId, Seconds, Text
from sresnap.model.windows import moment_of
from sresnap.named_files import read_stored

SCHEMA: Final = "sresnap/latest/1"
_MOST_PAGES = 50_000
"""Each service has one."""


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
    schedule_seconds: Seconds
    status: Status
    title: Text
    kind: Text
    """Where the numbers come from: `prometheus`, or `demo`."""
    snapshot: str
    """Site-relative path of the report's data."""
    pages: Annotated[Mapping[SitePath, Text], Field(max_length=_MOST_PAGES)]
    """Site-relative path of a page → its hash, as in its `data-rev`."""
    now: NowState | None = None
    """Whether a service burns now; `status` is the verdict on the window. None in pointers of earlier versions."""


def _check(pointer: Pointer) -> None:
    moment_of(pointer.id)
    if pointer.snapshot != SNAPSHOT.path(pointer.id):
        raise ValueError(f"snapshot: {pointer.snapshot!r} is not the report {pointer.id}")


CODEC = Codec(SCHEMA, Pointer, "a pointer", "run `sresnap build` again", _check, most_values=4 * _MOST_PAGES)


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
        now=snapshot.now.state,
    )
    return CODEC.write(pointer)


def decode_pointer(content: bytes, name: str) -> Pointer:
    """A pointer from JSON.

    Raises:
        DamagedFile: it is not a pointer, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return CODEC.read(content, name)


def pointer_of_folder(root: Path) -> Pointer | None:
    """The pointer of a folder; None when there is none.

    Raises:
        DamagedFile: it cannot be read as a pointer.
        NewerFile: a newer sresnap wrote it.
    """
    content = _content(root)
    return None if content is None else decode_pointer(content, str(root / POINTER))


def _content(root: Path) -> bytes | None:
    path = root / POINTER
    try:
        return read_stored(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DamagedFile(f"cannot read {path}: {why(error)}", what_to_do(error, read=True)) from error


@dataclass(frozen=True, slots=True)
class ShownReport:
    """The keys of a pointer that protect a folder's report from being replaced.

    They are read even if other keys are damaged.
    """

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
    try:
        found = pointer_of_folder(root)
        return None if found is None else ShownReport(found.id, found.kind)
    except DamagedFile:
        shown = _readable_part(root)
    if shown is None or shown.kind is not None:
        return shown
    try:
        return ShownReport(shown.id, snapshots.read(root / SNAPSHOT.path(shown.id)).source.kind)
    except UsageError:
        return shown


def _readable_part(root: Path) -> ShownReport | None:
    """What a damaged pointer still says; None when its id cannot be read."""
    with suppress(DamagedFile, ValueError):
        shown = read_part(ShownReport, _content(root) or b"")
        if shown is not None:
            moment_of(shown.id)
        return shown
    return None
