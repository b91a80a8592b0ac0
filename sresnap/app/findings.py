"""What `check --online` finds: one finding for each service and query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sresnap.discovery.hints import Hint
from sresnap.errors import ExitCode
from sresnap.model.evidence import LabelValues
from sresnap.model.query import DEFAULT_SOURCE, Query
from sresnap.model.service import Service
from sresnap.model.signals import SIGNALS


class State(StrEnum):
    """What a query found for a service."""

    OK = "ok"
    NONE_HAPPENED = "none happened"
    """No series of bad events: the labels exist, so no error has happened yet."""
    NO_VALUE = "no value"
    """NaN, as when there is no traffic."""
    IN_PART = "in part"
    NOT_PERCENT = "not percent?"
    """A query that must answer in percent answers between 0 and 1."""
    MISSES = "misses errors"
    """Values of labels exist that look like errors, and the query for bad events does not take them."""
    NO_DATA = "no data"
    FAILED = "failed"

    @property
    def is_good(self) -> bool:
        """Whether the query needs no attention."""
        return self in (State.OK, State.NONE_HAPPENED, State.NO_VALUE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one query found for one service."""

    service: str
    signal: str
    state: State
    value: float | None
    cause: str | None
    """Why the state is not `ok`, if known."""
    labels: tuple[LabelValues, ...] = ()
    """Of bad and good events: the values of labels that the query takes, and those that it leaves."""
    query: str = ""
    """Its key in the file or the preset, such as `total`."""
    slos: tuple[str, ...] = ()
    """The objectives that it decides; empty for a query of a panel."""
    unit: str | None = None
    """Of the value: `events`, `slices`, `ratio`, `seconds` or `per_second`."""
    hints: tuple[Hint, ...] = ()
    """What to know of the metrics that it reads."""
    shared: bool = False
    """Whether one answer is for several services, as the load of a host is."""
    source: str = DEFAULT_SOURCE
    """The Prometheus that was asked."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All findings, in the configuration's order of services."""

    findings: Sequence[Finding]
    notes: tuple[str, ...] = ()
    """What the user should know of the data, such as copies of one counter."""
    requests: int = 0
    """How many were sent to all sources that answered."""
    unreached: Mapping[str, str] = field(default_factory=dict)
    """By name of a source that answered nothing, why. Each query of its services has a finding, too."""

    @property
    def bad(self) -> int:
        """How many queries need attention."""
        return sum(not finding.state.is_good for finding in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when a query failed or found no data."""
        return ExitCode.INCOMPLETE if self.bad else ExitCode.DONE


def begun(query: Query, service: Service) -> Finding:
    """A finding before its answer: what was asked, in the words of the file."""
    key = query.series_key
    signal = SIGNALS.get(key.role)
    unit = "slices" if key.role.startswith("slices_") else "events"
    return Finding(
        service.name,
        str(key),
        State.NO_DATA,
        None,
        None,
        query="total" if key.role == "slices_total" else key.events_role,
        slos=tuple(slo.name for slo in service.slos if key in slo.series),
        unit=unit if signal is None or signal.unit is None else signal.unit,
        shared=not query.template.by and len(query.members) > 1,
        source=query.source,
    )
