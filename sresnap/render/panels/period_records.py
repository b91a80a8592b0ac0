"""What is missing in a closed period, what was left out, what was restated, and what it was judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.review import Cause, Restatement, Review
from sresnap.render.clock import Clock, Moment
from sresnap.render.panels.period_results import result_text

_CAUSES = {Cause.LATE_DATA: "late data", Cause.CORRECTION: "a correction"}
_MOST = 40


@dataclass(frozen=True, slots=True)
class RestatedLine:
    """An objective whose result changed."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RestatementView:
    """A restatement."""

    at: Moment
    why: str
    hours: str
    lines: tuple[RestatedLine, ...]
    data: str
    """Link to its file."""


@dataclass(frozen=True, slots=True)
class Restatements:
    """All of them, oldest first."""

    rows: tuple[RestatementView, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Hours that no report counted, or that a correction leaves out."""

    when: str
    length: str
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the period is known."""

    share: str
    gaps: tuple[LeftOut, ...]
    corrections: tuple[LeftOut, ...]
    more: str


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """What a period was judged by, and its place in the chain."""

    hours: str
    begin: Moment
    end: Moment
    zone: str
    closes: Moment
    previous: str | None
    sha256: str
    json: str
    csv: str


def restatements(found: Sequence[Restatement], clock: Clock) -> Restatements:
    """What changed after the period was closed: what, when and why."""
    return Restatements(
        tuple(
            RestatementView(
                at=clock.moment(one.at),
                why=" and ".join(_CAUSES[cause] for cause in one.causes),
                hours=_hours(one, clock),
                lines=tuple(
                    RestatedLine(f"{each.service}/{each.slo}", result_text(each.was), result_text(each.now))
                    for each in one.results
                ),
                data=f"restatement-{one.number}.json",
            )
            for one in found
        )
    )


def _hours(one: Restatement, clock: Clock) -> str:
    """Which hours changed: `Wed 14 Oct 08:00 to Wed 14 Oct 11:00`."""
    spans = [f"{clock.day_minute(hour.start)} to {clock.day_minute(hour.end)}" for hour in one.hours]
    return fmt.some(spans, 3)


def coverage(review: Review, clock: Clock) -> Coverage:
    """The reporter's own gaps, and the corrections that were applied."""
    gaps = [LeftOut(_when(g.start, g.end, clock), fmt.duration(g.end - g.start), "") for g in review.gaps]
    corrections = [
        LeftOut(_when(c.start, c.end, clock), fmt.duration(c.end - c.start), _reason(c.reason, c.services))
        for c in review.corrections
    ]
    rest = max(0, len(gaps) - _MOST) + max(0, len(corrections) - _MOST)
    more = f"{fmt.number(rest)} more in the period's JSON" if rest else ""
    return Coverage(fmt.percent_floor(review.coverage), tuple(gaps[:_MOST]), tuple(corrections[:_MOST]), more)


def _when(start: int, end: int, clock: Clock) -> str:
    return f"{clock.day_minute(start)} to {clock.day_minute(end)}"


def _reason(reason: str, services: tuple[str, ...] | None) -> str:
    return reason if services is None else f"{reason} ({fmt.some(services)})"


def judged_by(review: Review, sha256: str, clock: Clock) -> JudgedBy:
    """The configuration that it was judged by, and its hash."""
    return JudgedBy(
        hours=fmt.number((review.end - review.start) // 3600),
        begin=clock.moment(review.start),
        end=clock.moment(review.end),
        zone=review.timezone,
        closes=clock.moment(review.closes_at),
        previous=None if review.previous is None else fmt.period_name(review.previous.period),
        sha256=sha256,
        json="review.json",
        csv="review.csv",
    )
