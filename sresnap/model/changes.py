"""What is different from the report before, and which past numbers are; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.instant import Instant
from sresnap.model.status import Status


@dataclass(frozen=True, slots=True)
class SloChange:
    """What became of an objective between two reports."""

    service: str
    slo: str
    status_before: Status | None
    """None: it is new."""
    status: Status | None
    """None: it is gone."""
    remaining_before: float | None
    remaining: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the report before."""

    since: Instant
    """That report's moment."""
    slos: tuple[SloChange, ...]
    """Those with another status, new and gone ones, and those whose budget moved by a thousandth or more."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A past number that this report gives anew; the reports that said the old one stay as they were."""

    service: str
    what: str
    """A series of the history (`total`, `bad`), or an SLO."""
    cause: str
    """`late_data`: the source answers differently for hours that an earlier report has used; `correction`: the
    configuration leaves out, or leaves in again, time that an earlier report had judged."""
    start: Instant
    end: Instant
    """The stretch of time that it is about."""
    before: float | None
    """Events in the stretch; of a correction the budget left, 0..1. None: it was unknown."""
    after: float | None
    reason: str | None = None
    """Of a correction."""
