"""The possible verdicts, worst first."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The verdict on an SLO, a service or the fleet."""

    EXHAUSTED = "EXHAUSTED"
    CRITICAL = "CRITICAL"
    AT_RISK = "AT_RISK"
    NO_DATA = "NO_DATA"
    INSUFFICIENT = "INSUFFICIENT"
    HEALTHY = "HEALTHY"

    @property
    def rank(self) -> int:
        """0 is worst. Unknown is worse than healthy and better than breached."""
        return list(Status).index(self)

    @property
    def is_judged(self) -> bool:
        """Whether there was enough data for a verdict."""
        return self not in (Status.NO_DATA, Status.INSUFFICIENT)
