"""View models, one a panel: what each file of `templates/panels/` is filled with."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.clock import Moment
from sresnap.render.views import Badge, Bar, Chart, Link, Tile, Value


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the report was made, what it covers, when the next one is due."""

    generated: Moment
    until: Moment
    due: Moment
    schedule: str
    synthetic: bool
    coverage: str | None = None
    """The least of any objective's window; None when none is known."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is said on top of a report in the archive."""

    at: Moment
    made: Moment
    newest: str
    previous: str | None
    """None: it is the first."""
    later: str
    """Its place in the month's list, where the later ones stand above it."""
    data: str
    is_reconstructed: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """How many services have a status."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of all in one sentence."""

    badge: Badge
    sentence: str
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    policy: PolicyView | None = None
    incomplete: str | None = None
    """What is missing from the report; None when nothing is."""


@dataclass(frozen=True, slots=True)
class Concern:
    """A service that needs attention, and why."""

    link: Link
    badge: Badge
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention, worst first."""

    concerns: tuple[Concern, ...]
    calm: str
    """Said when there is none."""
    more: str | None = None
    """How many are not listed."""


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles about one thing."""

    title: str
    tiles: tuple[Tile, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    """A strip of headline numbers."""

    groups: tuple[TileGroup, ...]


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
class SignalRow:
    """A golden signal: its value now and its curves, one a window."""

    title: str
    term: str
    value: Value
    charts: tuple[Chart, ...]
    absent: str | None


@dataclass(frozen=True, slots=True)
class Signals:
    """The golden signals of one service."""

    windows: tuple[str, ...]
    rows: tuple[SignalRow, ...]


@dataclass(frozen=True, slots=True)
class Capacities:
    """How full things are."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What became of an objective."""

    link: Link | None
    """None for one that is gone."""
    name: str
    before: Badge | None
    after: Badge | None
    text: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What is different from the report before."""

    since: Moment | None
    rows: tuple[ChangeRow, ...]
    calm: str
    """Said when there is nothing to say."""
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """DORA's measures, and why they have no numbers."""

    names: tuple[str, ...]
    absent: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that failed or is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None
    query: str | None = None
    """What was asked, to be tried."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What failed, what was missing, what the source warned of."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """A request as it was sent."""

    title: str
    promql: str
    facts: tuple[tuple[str, str], ...]
    badge: Badge
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the numbers were computed."""

    summary: str
    queries: tuple[QueryView, ...]
    links: tuple[Link, ...]
    source: str
    numbers: tuple[Numbers, ...] = ()
    """Of each objective."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one objective, each with its formula."""

    title: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number, unrounded."""

    name: str
    value: str
    formula: str
    filled: str
    """The formula with its numbers, or why there is none."""
    facts: str
    """Its window, coverage and samples."""


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What the team does at this status."""

    badge: Badge
    text: str
    link: str | None = None
    """An http(s) URL, nothing else."""
    source: str = ""


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


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Some services judged together."""

    name: str
    badge: Badge
    budget: Value
    bar: Bar | None
    worst: Value
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of the configuration, worst first."""

    rows: tuple[GroupRow, ...]
