"""Where the error budget went: burn episodes and the background; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.events import MeanHour
from sresnap.model.instant import Instant
from sresnap.model.stored import Real


@dataclass(frozen=True, slots=True)
class Episode:
    """Hours in which the budget was spent faster than it lasts; also used for the background, the other hours."""

    start: Instant
    end: Instant
    bad: Real
    """Bad events, slices or seconds."""
    minutes: Real
    """Its length, counting only time with data."""
    outage_minutes: Real
    """Its cost in minutes of full outage: budget_share × (1 − objective) × window."""
    budget_share: Real
    """Of the whole window's error budget."""
    spent_share: Real
    """Of all bad events; the shares of all episodes and the background add up to 1."""
    peak_burn_rate: Real
    """Its fastest hour's."""
    ongoing: bool = False
    leaves_at: Instant | None = None
    """When its last hour has left a rolling window, or a calendar window is reset."""
    remaining_after: Real | None = None
    """The budget then, as the forecast says at its calmer pace; None without a forecast."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Where the error budget went. `episodes` and `background` add up to `bad`, to the event."""

    bad: Real
    total: Real
    budget_share: Real
    """Of the error budget, spent in all; over 1 when overspent."""
    episodes: tuple[Episode, ...]
    """Oldest first."""
    background: Episode
    """All hours that belong to no episode."""
    pace: MeanHour | None = None
    """The calmer pace of the forecast, by which `remaining_after` is forecast; None without a forecast."""
