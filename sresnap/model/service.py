"""What is measured, and what is promised about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What an SLI is a ratio of."""

    EVENTS = "events"
    """Good events to all events."""
    TIME = "time"
    """Seconds available to all seconds: the seed's `availability` query."""


@dataclass(frozen=True, slots=True)
class Slo:
    """One objective of a service, and the series that its SLI is made from.

    Series are named as in the history: `total`, `bad`, `latency_good@0.3`, `availability`.
    """

    name: str
    objective: float
    """Ratio in (0, 1): 0.995."""
    basis: Basis
    total: str | None
    """Series of all events; None when the basis is time."""
    good: str | None
    """Series of good events, or with basis time the share of time that was good."""
    bad: str | None
    """Series of bad events; exactly one of good and bad is set."""
    threshold_seconds: float | None = None
    """A latency SLO's threshold: an event under it is good."""

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(key for key in (self.total, self.good, self.bad) if key is not None)


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the configuration."""

    name: str
    slug: str
    """Its folder under `services/`; unique, safe in URLs and file names, made from the name alone."""
    labels: Mapping[str, str]
    slos: tuple[Slo, ...]
