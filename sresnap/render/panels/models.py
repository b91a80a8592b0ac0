"""View models of panels: what each file of `templates/panels/` is filled with.

Those about objectives are in `slo_panels.py`, those about where the numbers come from in `provenance_panels.py`.
"""

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
class PolicyView:
    """What the team does at this status."""

    badge: Badge
    text: str
    link: str | None = None
    """An http(s) URL, nothing else."""
    source: str = ""


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
