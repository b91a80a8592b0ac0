"""Changes since the previous report, and restated past numbers; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sresnap.model.instant import Instant
from sresnap.model.now import NowState
from sresnap.model.status import Status
from sresnap.model.stored import Real


class RestatedCause(StrEnum):
    """Why a past number is another one now."""

    LATE_DATA = "late_data"
    """The source now answers differently for hours of an earlier report."""
    CORRECTION = "correction"
    """The configuration leaves out, or no longer leaves out, time that an earlier report judged."""


@dataclass(frozen=True, slots=True)
class SloChange:
    """How an objective changed between two reports."""

    service: str
    slo: str
    status_before: Status | None
    """None: it is new."""
    status: Status | None
    """None: it is gone."""
    remaining_before: Real | None
    remaining: Real | None
    now_before: NowState | None = None
    """None: it is new, or a report of an earlier version says so."""
    now: NowState | None = None

    @property
    def burns_differently(self) -> bool:
        """Whether the state of the present changed."""
        return self.now_before is not None and self.now is not None and self.now_before is not self.now


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes since the previous report."""

    since: Instant
    """That report's moment."""
    slos: tuple[SloChange, ...]
    """Objectives with another verdict, new and removed ones, and those whose budget moved by a thousandth or more."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A past number that this report restates. Older reports keep the old number."""

    service: str
    what: str
    """A series of the history (`total`, `bad`), or an SLO."""
    cause: str
    """One of `RestatedCause`, or one that a later version added."""
    start: Instant
    end: Instant
    """The end of the time that it concerns."""
    before: Real | None
    """Events in that time; for a correction the remaining budget, 0..1. None: unknown."""
    after: Real | None
    reason: str | None = None
    """The reason of a correction."""
