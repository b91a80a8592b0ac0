"""Two reports side by side: objectives, configuration and queries."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.instant import Instant
from sresnap.model.now import NowState
from sresnap.model.status import Status


@dataclass(frozen=True, slots=True)
class SloComparison:
    """An objective in two reports."""

    service: str
    slo: str
    window: str
    status_before: Status | None
    """None: it is new."""
    status: Status | None
    """None: it is gone."""
    remaining_before: float | None
    remaining: float | None
    spent_ratio: float | None
    """Share of the error budget that was spent between the two reports; negative when some came back. None when either
    is unknown."""
    spent_seconds: float | None
    """The same as full outage."""
    reason: str | None = None
    """Why the two are not subtracted although both are known: their budgets follow different rules."""
    now_before: NowState | None = None
    now: NowState | None = None
    """Whether it burned in either report. None: it is not in the report, or the report does not judge it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A part of the configuration, or a query, that differs between two reports."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports, the older one first."""

    title: str
    """`the previous report`, `a week ago`."""
    before: str
    """Id."""
    after: str
    before_at: Instant
    after_at: Instant
    status_before: Status
    status: Status
    slos: tuple[SloComparison, ...]
    config: tuple[Setting, ...]
    queries: tuple[Setting, ...]
    """PromQL, by series and purpose."""
    now_before: NowState | None = None
    now: NowState | None = None
    """Whether a service burned in either report."""
