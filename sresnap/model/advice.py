"""What the past says of an objective, as data; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.instant import Instant
from sresnap.model.review import Outcome

NOTABLE_TARGETS = (0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999)
"""The targets that teams promise; the present one and the one that was met in 9 of 10 windows come beside them."""
LEAST_SIDE_BY_SIDE = 4
"""So many windows must lie side by side in the history. Less is too little to advise on."""
NINE_OF_TEN = 0.9
MOST_EPISODES = 10
"""How many episodes of the history are listed."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """How often a kind of alert would have fired. Alerts that follow within the hour count as one."""

    counted: int
    """By whole hours, from what the samples prove."""
    most: int
    """With what whole hours hide: an incident on both sides of a full hour, and events that the samples leave open."""


@dataclass(frozen=True, slots=True)
class PastWindow:
    """One window of the past."""

    start: Instant
    end: Instant
    sli: float
    """At the end of the bounds with more bad events."""


@dataclass(frozen=True, slots=True)
class PastEpisode:
    """Hours in which the budget was spent faster than it lasts, as in `statement.Episode`."""

    start: Instant
    end: Instant
    bad: float
    budget_share: float
    """Of the budget of one window."""
    peak_burn_rate: float


@dataclass(frozen=True, slots=True)
class PastWindows:
    """The windows of one length that the history holds."""

    window: str
    """`28d`, `month`."""
    ends: int
    """How many were looked at: one that ends with each local day, or each whole calendar window."""
    side_by_side: int
    """How many of them have no hour in common."""
    incomplete: int
    """How many of those looked at lack too many hours to be judged."""
    worst: PastWindow | None
    """The one with the lowest SLI; None when none has enough data."""
    nine_of_ten: float | None
    """The highest target, to two digits of its error budget, that was met in 9 of 10; None below 90 %."""

    @property
    def is_enough(self) -> bool:
        """Whether they are enough to advise on."""
        return self.side_by_side >= LEAST_SIDE_BY_SIDE and self.ends > self.incomplete


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What a target would have come to over the windows of one length."""

    target: float
    window: str
    met: int
    missed: int
    open: int
    """The samples leave open which of the two."""
    pages: Alarms
    tickets: Alarms
    frozen_days: int
    """Local days at whose end the budget was spent, so that the policy would have frozen releases."""
    days: int
    """Of how many that could be judged."""

    @property
    def judged(self) -> int:
        """How many windows have enough data and traffic to be judged."""
        return self.met + self.missed + self.open

    @property
    def met_share(self) -> float | None:
        """The share of windows in which it was met for certain; None without a window."""
        return self.met / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the past of one SLO says."""

    slo: str
    objective: float
    window: str
    """The SLO's own."""
    since: Instant
    """Start of the first hour that is known of its present query."""
    until: Instant
    """End of the last whole hour."""
    windows: tuple[PastWindows, ...]
    results: tuple[TargetResult, ...]
    """By window, then by target; none of a window with too little history."""
    episodes: tuple[PastEpisode, ...]
    """The costliest ones of the whole history, by its objective, the costliest first; shares of a mean window's budget.
    At most `MOST_EPISODES`."""
    worst_episodes: tuple[PastEpisode, ...]
    """Of the worst window of the SLO's own length, by its objective."""

    def past(self, window: str) -> PastWindows:
        """The windows of a length."""
        return next(past for past in self.windows if past.window == window)

    def of(self, window: str) -> tuple[TargetResult, ...]:
        """The results of a window, by target."""
        return tuple(result for result in self.results if result.window == window)

    def result(self, window: str, target: float) -> TargetResult | None:
        """A target's result; None when it was not asked for or has too little history."""
        return next((result for result in self.of(window) if result.target == target), None)


@dataclass(frozen=True, slots=True)
class WhatIfWindow:
    """The SLO's window at the end of the history: its budget and its verdict."""

    start: Instant
    end: Instant
    outcome: Outcome | None
    """None where it cannot be judged."""
    remaining_bounds: tuple[float, float] | None
    """Of the budget, at worst and at best; negative when overspent. None where it cannot be judged."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The past as it would be: an answer that is never stored."""

    question: str
    """What would be different, in words."""
    window_before: WhatIfWindow
    """As it was."""
    window_then: WhatIfWindow
    """As it would be."""
    then: Advice
    """What the past would say: of the SLO's own objective and window."""
