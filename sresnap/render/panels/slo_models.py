"""View models of the panels about objectives: `slos`, `budgets` and `statement` of `templates/panels/`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.clock import Moment
from sresnap.render.panels.models import PolicyView
from sresnap.render.views import Badge, Bar, Chart, Link, Value


@dataclass(frozen=True, slots=True)
class SloRow:
    """One objective of one service."""

    service: Link
    name: str
    badge: Badge
    objective: str
    sli: Value
    notes: tuple[str, ...]
    """Coverage under 100 %, basis, flags."""
    budget: Value
    bar: Bar | None
    burns: tuple[Value, ...]
    spark: Chart
    strip: Chart
    window: str = ""
    """The SLO's own: `28d`, `this month`."""


@dataclass(frozen=True, slots=True)
class SloTable:
    """Objectives, worst first."""

    burn_windows: tuple[str, ...]
    """All but the SLOs' own."""
    window: str
    """The SLOs' own; `budget window` when they differ."""
    rows: tuple[SloRow, ...]
    folded: tuple[SloRow, ...] = ()
    """Those of a large fleet that stand below, to be unfolded."""
    rest: str = ""
    """What those are."""
    files: tuple[Link, ...] = ()
    """All of their numbers, beside the page."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A burn-rate pair."""

    severity: str
    windows: str
    long: Value
    short: Value
    threshold: str
    bar: Bar | None
    state: Badge
    withheld: str | None = None
    """Why a pair that exceeds its threshold is not taken for firing."""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A stretch that was left out."""

    reason: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class Corrected:
    """Both numbers, and what makes the difference."""

    facts: tuple[tuple[str, str, str], ...]
    """What, corrected, raw."""
    excluded: str
    rows: tuple[CorrectionRow, ...]


@dataclass(frozen=True, slots=True)
class SloBudget:
    """The budget of one objective over its window."""

    title: str
    badge: Badge
    facts: tuple[tuple[str, Value], ...]
    forecast: str
    charts: tuple[Chart, ...]
    """Budget left; on a service's page its SLI by days, and its errors by hour and day."""
    burns: Chart
    alerts: tuple[AlertRow, ...]
    measured: tuple[str, ...] = ()
    """Kind and weighting, window, precision."""
    corrected: Corrected | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Error budgets of one service."""

    slos: tuple[SloBudget, ...]
    policy: PolicyView | None
    """None where the page's verdict has it."""
    in_full: bool = True
    """Whether burn rates stand beside the charts, not under them."""
    files: tuple[Link, ...] = ()
    """The burn rates unrounded, beside the page."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A burn episode, the background, or the sum."""

    start: str
    end: str
    length: str
    bad: str
    outage: str
    budget_share: str
    spent_share: str
    peak: str
    leaves: str
    then: str


@dataclass(frozen=True, slots=True)
class SloStatement:
    """Where the budget of one objective went."""

    title: str
    empty: str | None = None
    """Why there is none."""
    unit: str = ""
    leaves: str = ""
    rows: tuple[StatementRow, ...] = ()
    background: StatementRow | None = None
    whole: StatementRow | None = None
    sum: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """Where the budgets of one service went."""

    slos: tuple[SloStatement, ...]
