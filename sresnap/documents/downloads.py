"""The JSON files that a site offers for download: statements, objectives and badges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.model.instant import Instant
from sresnap.model.statement import Episode
from sresnap.model.status import Status
from sresnap.model.stored import STORED, Count, ReportId

STATEMENT_SCHEMA: Final = "sresnap/statement/1"
OBJECTIVES_SCHEMA = "sresnap/objectives/1"
BADGE_SCHEMA = "sresnap/badge/1"
"""No file names the last two: one file is a list, the other has the form of shields.io."""

Colour = Annotated[str, Field(pattern=r"^[0-9a-f]{6}$")]


@dataclass(frozen=True, slots=True)
class StatementWindow:
    """The SLO's window."""

    name: str
    start: Instant | None
    end: Instant
    seconds: float | None


@dataclass(frozen=True, slots=True)
class StatementFile:
    """`services/<slug>/statement-<slo>.json`: where an error budget went."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/statement/1"]
    report: ReportId
    at: Instant
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

    __pydantic_config__ = STORED

    service: str
    slo: str
    objective: float
    kind: str
    status: Status
    window: str
    start: Instant | None
    end: Instant | None
    good: float | None
    total: float | None
    sli: float | None
    burn_rate: float | None
    coverage: float | None
    budget_remaining: float | None
    """Only in the row of the SLO's own window."""
    now: str | None = None
    """Whether the objective burns now, one of `NowState`; beside `status`, which is the window's verdict."""
    provisional_until: Instant | None = None
    """When the objective's window will be whole, while its history is younger; None for a whole one."""
    team: str | None = None
    """The service's, as the configuration says; so are the next two."""
    owner: str | None = None
    tags: tuple[str, ...] = ()
    """In the CSV one cell, with blanks between them."""


@dataclass(frozen=True, slots=True)
class BadgeFile:
    """`badges/….json`, in the form of https://shields.io/badges/endpoint-badge."""

    __pydantic_config__ = STORED

    schemaVersion: Literal[1]  # noqa: N815 - names of shields.io
    label: str
    message: str
    color: Colour
    labelColor: Colour  # noqa: N815
    isError: bool  # noqa: N815
    cacheSeconds: Count  # noqa: N815
