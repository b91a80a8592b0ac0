"""The verdicts there are, worst first."""

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
        """0 is worst. Not knowing is worse than being healthy and better than being in breach."""
        return list(Status).index(self)
