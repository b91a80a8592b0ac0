"""The first part of a verdict: whether the budget burns now. The second part is the status of the window."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sresnap.model.instant import Instant
from sresnap.model.status import Status
from sresnap.model.stored import Real, WindowName


class NowState(StrEnum):
    """Whether the budget burns now, worst first."""

    PAGING = "paging"
    """A burn-rate pair of severity `page` fires."""
    TICKET = "ticket"
    """A burn-rate pair of severity `ticket` fires, and none of severity `page`."""
    UNKNOWN = "unknown"
    """No pair fires, and a window has no data, or no pair fits the SLO window. Unknown is not quiet."""
    QUIET = "quiet"
    """No pair fires."""

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(NowState).index(self)

    @property
    def is_burning(self) -> bool:
        """Whether a pair fires."""
        return self in (NowState.PAGING, NowState.TICKET)


@dataclass(frozen=True, slots=True)
class DecidingPair:
    """A burn-rate pair that decides the state, over the windows that it was judged by."""

    severity: str
    long: WindowName
    short: WindowName
    threshold: Real
    long_burn_rate: Real | None
    short_burn_rate: Real | None
    slo: str | None = None
    """Of a service or the fleet: the SLO that it belongs to."""
    service: str | None = None
    """Of the fleet."""

    @property
    def rate(self) -> float:
        """The burn rate over its long window; −∞ when it is unknown."""
        return -math.inf if self.long_burn_rate is None else self.long_burn_rate


@dataclass(frozen=True, slots=True)
class Now:
    """Whether the budget of an SLO, a service or the fleet burns now."""

    state: NowState = NowState.UNKNOWN
    since: Instant | None = None
    """The first of the consecutive reports with this state. None when no report before it had another one, or when the
    one before it is more than six hours older: then the state may have begun at any time."""
    pairs: tuple[DecidingPair, ...] = ()
    """The pairs that decide, the shortest windows first: those that fire or, when the state is unknown, those that are
    unknown. A service has its worst SLO's pairs, the fleet its worst service's."""
    reason: str = field(kw_only=True)
    """Why, in one sentence with the numbers."""

    @classmethod
    def unknown(cls, reason: str, pairs: tuple[DecidingPair, ...] = ()) -> Now:
        """An unknown state, and why."""
        return cls(NowState.UNKNOWN, pairs=pairs, reason=reason)

    @property
    def is_burning(self) -> bool:
        """Whether a pair fires."""
        return self.state.is_burning

    def named(self, *, slo: str | None = None, service: str | None = None) -> Now:
        """The same as part of a service, or of the fleet: each pair has the name of what it belongs to."""
        pairs = (replace(pair, slo=slo or pair.slo, service=service or pair.service) for pair in self.pairs)
        return replace(self, pairs=tuple(pairs))


NOT_JUDGED = Now.unknown("Earlier versions of sresnap did not judge it.")


def known_state(now: Now) -> NowState | None:
    """The state, to compare it with another report's; None where that report did not judge it."""
    return None if now == NOT_JUDGED else now.state


Urgency = tuple[int, float, int, float]
"""Sorts what burns before what is spent, and then the worst first."""


def urgency(now: Now, status: Status, remaining_ratio: float | None) -> Urgency:
    """The order of everything that has a verdict, in every list: the smallest is the worst.

    What pages comes first, then what needs a ticket, each with the highest burn rate first. Everything else follows
    by the status of its window, with the least budget first. An unknown budget is the least.

    Args:
        now: whether it burns.
        status: of the window.
        remaining_ratio: the budget that is left.
    """
    left = -math.inf if remaining_ratio is None else remaining_ratio
    if not now.is_burning:
        return len(NowState), 0.0, status.rank, left
    return now.state.rank, -max((pair.rate for pair in now.pairs), default=-math.inf), status.rank, left


def worst_now(parts: Iterable[tuple[Urgency, Now]], none: str) -> Now:
    """The state of a whole: its worst part's, by state and then by urgency; unknown without parts, for that reason."""
    found = list(parts)
    return min(found, key=lambda part: (part[1].state.rank, part[0]))[1] if found else Now.unknown(none)
