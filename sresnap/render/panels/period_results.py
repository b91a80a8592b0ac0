"""What each objective came to in a closed period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.review import LAST_PERIODS, PastResult, PeriodResult, RestatedResult, Restatement, Review, SloReview
from sresnap.render.clock import Clock
from sresnap.render.status_badges import OUTCOME_BADGES
from sresnap.render.views import Badge, Link
from sresnap.sentences.closed import anchor


@dataclass(frozen=True, slots=True)
class ResultRow:
    """An objective."""

    anchor: str
    service: Link
    slo: str
    objective: str
    badge: Badge
    restated: str
    """What it was restated as; empty where it was not."""
    sli: str
    bad: str
    """Bad events, between their bounds."""
    coverage: str
    spent: str
    """Of the budget, between its bounds."""
    before: Badge | None
    year_before: Badge | None
    met: str
    """In how many of the last periods: `11 of 12`."""


@dataclass(frozen=True, slots=True)
class PeriodResults:
    """All of them."""

    rows: tuple[ResultRow, ...]
    last: str
    """Over how many periods they are counted."""


RestatedBySlo = Mapping[tuple[str, str], tuple[Restatement, RestatedResult]]


def period_results(review: Review, links: Mapping[str, Link], restated: RestatedBySlo, clock: Clock) -> PeriodResults:
    """A row for each objective, in the order of the configuration."""
    rows = tuple(
        _row(service.name, slo, links[service.name], restated.get((service.name, slo.name)), clock)
        for service in review.services
        for slo in service.slos
    )
    return PeriodResults(rows, fmt.count(LAST_PERIODS, review.unit.value))


def _row(
    service: str, slo: SloReview, link: Link, restated: tuple[Restatement, RestatedResult] | None, clock: Clock
) -> ResultRow:
    result = slo.result
    return ResultRow(
        anchor=anchor(service, slo.name),
        service=link,
        slo=slo.name,
        objective=fmt.objective(slo.objective),
        badge=OUTCOME_BADGES[result.outcome],
        restated="" if restated is None else f"restated {clock.day(restated[0].at)}: {result_text(restated[1].now)}",
        sli=fmt.sli(result.sli, slo.objective),
        bad=bad_text(result),
        coverage=fmt.percent_floor(result.coverage),
        spent=spent_text(result),
        before=_past(slo.before),
        year_before=_past(slo.year_before),
        met=f"{slo.met} of {slo.judged}" if slo.judged else fmt.NONE,
    )


def _past(past: PastResult | None) -> Badge | None:
    return None if past is None else OUTCOME_BADGES[past.outcome]


def result_text(result: PeriodResult) -> str:
    """A result in a few words: `met, 30 % of the budget left`."""
    word = OUTCOME_BADGES[result.outcome].word.lower()
    return word if result.remaining_ratio is None else f"{word}, {spent_text(result)} of the budget spent"


def spent_text(result: PeriodResult) -> str:
    """The share of the budget that was spent, between its bounds: `61 %`, `61 % to 72 %`."""
    left, worst = result.remaining_ratio, result.worst_remaining_ratio
    if left is None:
        return fmt.NONE
    least = fmt.percent(1 - left)
    most = least if worst is None else fmt.percent(1 - worst)
    return least if most == least else f"{least} to {most}"


def bad_text(result: PeriodResult) -> str:
    """The bad events of all, between their bounds: `120 of 40 000`, `120 to 150 of 40 000`."""
    if result.bad_bounds is None or result.total is None:
        return fmt.NONE
    least, most = (fmt.number(bound) for bound in result.bad_bounds)
    return f"{least if least == most else f'{least} to {most}'} of {fmt.number(result.total)}"
