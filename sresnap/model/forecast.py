"""When the error budget will be spent, or is there again; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.events import MeanHour
from sresnap.model.instant import Instant


@dataclass(frozen=True, slots=True)
class PaceForecast:
    """The window simulated forward hour by hour, its mean hour of late arriving again and again."""

    pace: str
    """The window whose mean hour is taken to continue: `6h`, `3d`."""
    mean: MeanHour
    """The mean of that window's known hours, the running one among them."""
    burn_rate: float | None
    """At which that mean hour spends; None when nothing arrives."""
    exhausted_at: Instant | None
    """First hour at whose end nothing is left; None: not at this pace."""
    recovers_at: Instant | None
    """Of a spent budget: first hour from which on something is left again; None: not at this pace."""
    end_remaining_ratio: float | None
    """What is left when one window (or a calendar window's rest) has gone by."""
    daily_remaining_ratios: tuple[float, ...] = ()
    """What is left 24 hours on, 48 hours on, …"""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the error budget will be spent, or is there again, if events go on arriving as of late."""

    exhausted_at: Instant | None
    """The earliest of the paces'; None when not at these paces, or when it cannot be told."""
    pace: str | None
    """The pace that `exhausted_at` is by, else the longest; None when there is no forecast."""
    outcome: str = "unknown"
    """`exhausted`: within the range below; `lasts`: not at this pace; `recovers`: spent, above zero again at
    `recovers_at`; `stays_spent`; `unknown`."""
    latest_exhausted_at: Instant | None = None
    """The later end of the range; None when one pace lasts."""
    recovers_at: Instant | None = None
    """The latest of the paces', so that nothing is promised that one of them does not hold."""
    horizon: Instant | None = None
    """How far was simulated: one window on, or to a calendar window's reset."""
    paces: tuple[PaceForecast, ...] = ()
