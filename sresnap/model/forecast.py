"""When the error budget will be spent, or recovers; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sresnap.model.events import MeanHour
from sresnap.model.instant import Instant
from sresnap.model.stored import Real, WindowName


class Outcome(StrEnum):
    """What becomes of the error budget."""

    EXHAUSTED = "exhausted"
    """It is spent within the range of the forecast's moments."""
    LASTS = "lasts"
    """No pace spends it."""
    RECOVERS = "recovers"
    """It is spent, and above zero again at `recovers_at`."""
    STAYS_SPENT = "stays_spent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PaceForecast:
    """The window simulated forward hour by hour, with the traffic of the week and a recent error ratio."""

    pace: WindowName
    """The window whose error ratio is assumed to continue: `6h`, or `1d` where 6h have too few events, and `3d`.
    In older reports it is its mean hour."""
    mean: MeanHour
    """The mean of that window's known hours, including the running one."""
    burn_rate: Real | None
    """Of that mean hour; 0 without traffic."""
    exhausted_at: Instant | None
    """End of the first hour with no budget left; None: not at this pace."""
    recovers_at: Instant | None
    """For a spent budget, the end of the first hour from which budget is left again; None: not at this pace."""
    end_remaining_ratio: Real | None
    """The budget after one window, or at a calendar window's reset."""
    daily_remaining_ratios: tuple[Real, ...] = ()
    """The budget after 24 hours, 48 hours, …"""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the error budget will be spent, or recovers, if events keep arriving at a recent pace."""

    exhausted_at: Instant | None
    """The earliest of the paces; None when no pace spends the budget, or without a forecast."""
    pace: WindowName | None
    """The pace of `exhausted_at`, otherwise the longest pace; None without a forecast."""
    outcome: str = Outcome.UNKNOWN
    """One of `Outcome`, or one that a later version added."""
    latest_exhausted_at: Instant | None = None
    """The later end of the range; None when the budget lasts at one pace."""
    recovers_at: Instant | None = None
    """The latest of the paces, so that the forecast promises nothing that one pace does not keep."""
    horizon: Instant | None = None
    """The end of the simulation: one window ahead, or a calendar window's reset."""
    paces: tuple[PaceForecast, ...] = ()

    @property
    def latest_pace(self) -> str | None:
        """The pace of `latest_exhausted_at`, the shorter of two that agree; None where the budget lasts at one."""
        if self.latest_exhausted_at is None:
            return None
        return next((pace.pace for pace in self.paces if pace.exhausted_at == self.latest_exhausted_at), self.pace)
