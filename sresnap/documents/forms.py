"""The forms of those JSON files of a site that are written by hand, a line a thing, to be read and compared by eye.

Nothing is decoded by these: they are what the files' schemas are made from. Snapshot, index and pointer are written
from classes of their own (`Snapshot`, `Index`, `Latest`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sresnap.model.statement import Episode
from sresnap.model.status import Status

MANIFEST_SCHEMA = "sresnap/manifest/1"
OBJECTIVES_SCHEMA = "sresnap/objectives/1"
BADGE_SCHEMA = "sresnap/badge/1"
"""The last two stand in no file: one is a list, the form of the other is that of shields.io."""

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
ReportId = Annotated[str, Field(pattern=r"^\d{8}T\d{6}Z$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Time = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Colour = Annotated[str, Field(pattern=r"^[0-9a-f]{6}$")]
Count = Annotated[int, Field(ge=0)]
Hours = Annotated[tuple[float | None, ...], Field(min_length=24, max_length=24)]


@dataclass(frozen=True, slots=True)
class HourlyColumn:
    """A UTC day of one series; docs/data.md says what its keys mean."""

    query: str
    sealed: Annotated[int, Field(ge=0, le=24)]
    values: Hours


@dataclass(frozen=True, slots=True)
class SupersededColumn(HourlyColumn):
    """One of a query that has been changed since."""

    service: str
    series: str


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """`history/YYYY/MM/YYYY-MM-DD.json`: a UTC day, by service and series."""

    schema: str
    day: Day
    previous_sha256: Sha256 | None
    services: dict[str, dict[str, HourlyColumn]]
    superseded: tuple[SupersededColumn, ...]


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that sresnap has put where the manifest is."""

    sha256: Sha256
    bytes: Count
    unwanted_since: Time | None = None
    """Only of a file that is no part of the site any more."""


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """`manifest.json`: what is published, by site-relative path."""

    schema: str
    id: ReportId | None
    published_at: Time
    files: dict[str, PublishedFile]
    pending: dict[str, Sha256]


@dataclass(frozen=True, slots=True)
class StatementWindow:
    """The SLO's window."""

    name: str
    start: Time | None
    end: Time
    seconds: float | None


@dataclass(frozen=True, slots=True)
class StatementFile:
    """`services/<slug>/statement-<slo>.json`: where an error budget went."""

    schema: str
    report: ReportId
    at: Time
    service: str
    slo: str
    objective: float
    kind: str
    unit: str
    window: StatementWindow
    bad: float | None
    total: float | None
    budget_share: float | None
    remaining_ratio: float | None
    episodes: tuple[Episode, ...]
    background: Episode


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """A window of an objective in `objectives.json`, which is a list of them."""

    service: str
    slo: str
    objective: float
    kind: str
    status: Status
    window: str
    start: Time | None
    end: Time | None
    good: float | None
    total: float | None
    sli: float | None
    burn_rate: float | None
    coverage: float | None
    budget_remaining: float | None
    """Of the SLO's own window alone."""


@dataclass(frozen=True, slots=True)
class BadgeFile:
    """`badges/….json`, as https://shields.io/badges/endpoint-badge wants it."""

    schemaVersion: int  # noqa: N815 - the names are those of shields.io
    label: str
    message: str
    color: Colour
    labelColor: Colour  # noqa: N815
    isError: bool  # noqa: N815
    cacheSeconds: Count  # noqa: N815
