"""The verdict on an SLO: the first rule that matches, and why.

Unknown is never calm: what would be HEALTHY but for a burn rate that is unknown right now is INSUFFICIENT, whatever
alerts there are on it, and so are counts that cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.model.events import EventCount
from sresnap.model.forecast import Forecast
from sresnap.model.slo import Alert, Budget
from sresnap.model.status import Status
from sresnap.model.windows import DAY, MINUTE, SHORT_WINDOWS

LEAST_COVERAGE = 0.9
LOW_BUDGET = 0.25
IMPLAUSIBLE = 0.001
"""How far good may lie outside of 0..total: `increase` estimates the hours with a restart, each series for itself."""
SOON_SECONDS = 7 * DAY
YOUNG_SECONDS = 5 * MINUTE
_ASSUMED_SCRAPE_SECONDS = 60


def has_just_begun(events: EventCount | None, age_seconds: int, slice_seconds: int | None) -> bool:
    """Whether a calendar window is too young to be judged: under five minutes, which the shortest burn rate is over.

    Its first slice may be longer than that, and is counted once it has been scraped to its end: until then it has no
    event, which says nothing about the service.
    """
    is_empty = events is None or events.total <= 0
    return age_seconds < YOUNG_SECONDS or (is_empty and age_seconds < (slice_seconds or 0) + _ASSUMED_SCRAPE_SECONDS)


def is_plausible(events: EventCount) -> bool:
    """Whether good lies within 0..total, but for what estimates may be off."""
    return -IMPLAUSIBLE * events.total <= events.good <= (1 + IMPLAUSIBLE) * events.total


def is_low_traffic(events: EventCount | None, budget: Budget) -> bool:
    """Whether the objective allows less than one bad event of those that there were, so that one would spend it all.

    99.9 % of 12 events: 0.001 × 12 = 0.012 bad events are allowed; it takes 1,000 to allow one.
    """
    if events is None or budget.remaining_events is None or events.total <= 0:
        return False
    return budget.remaining_events + events.bad < 1


def judge(
    events: EventCount | None,
    coverage: float | None,
    budget: Budget,
    burn_rates: Mapping[str, float | None],
    alerts: Sequence[Alert],
    forecast: Forecast,
    at: int,
    window: str,
    began_seconds_ago: int | None = None,
) -> tuple[Status, str]:
    """Status and reason. The order of the rules is the contract of DESIGN.md, "Evaluation".

    `burn_rates` are those of all windows by name; `began_seconds_ago` is the age of a calendar window that has just
    begun.
    """
    if began_seconds_ago is not None:
        ago = fmt.duration(began_seconds_ago)
        reason = f"{fmt.window(window).capitalize()} began {ago} ago: too early to judge."
        return Status.INSUFFICIENT, fmt.plain(reason)
    status, reason = _judge(events, coverage, budget, burn_rates, alerts, forecast, at, fmt.window(window))
    return status, fmt.plain(reason)


def _judge(
    events: EventCount | None,
    coverage: float | None,
    budget: Budget,
    burn_rates: Mapping[str, float | None],
    alerts: Sequence[Alert],
    forecast: Forecast,
    at: int,
    window: str,
) -> tuple[Status, str]:
    remaining = budget.remaining_ratio
    if events is None or remaining is None:
        return Status.NO_DATA, f"No data for the whole window of {window}."
    reason = _not_enough(events, coverage, budget, window)
    if reason is not None:
        return Status.INSUFFICIENT, reason
    if remaining <= 0:
        return Status.EXHAUSTED, f"The error budget of {window} is spent: {fmt.percent_signed(remaining)} is left."
    for alert in alerts:
        if alert.severity == "page" and alert.firing:
            return Status.CRITICAL, _burning(alert)
    return _at_risk(remaining, alerts, forecast, at) or _calm(burn_rates, alerts, events)


def _not_enough(events: EventCount, coverage: float | None, budget: Budget, window: str) -> str | None:
    """Why what there is cannot be judged; None when it can."""
    if coverage is None or coverage < LEAST_COVERAGE:
        least = f"under {fmt.percent_floor(LEAST_COVERAGE)} it is not judged"
        return f"Only {fmt.percent_floor(coverage or 0)} of the window of {window} has data; {least}."
    if not is_plausible(events):
        counts = f"{fmt.number(events.good, events.total)} good of {fmt.number(events.total)}"
        return f"{counts} cannot be: the queries of good (or bad) and total do not belong together."
    if is_low_traffic(events, budget):
        return f"{fmt.count_of(events.total, 'event')} in {window}, not judged: so few allow not one bad event."
    return None


def _at_risk(remaining: float, alerts: Sequence[Alert], forecast: Forecast, at: int) -> tuple[Status, str] | None:
    for alert in alerts:
        if alert.firing:
            return Status.AT_RISK, _burning(alert)
    if remaining < LOW_BUDGET:
        left = fmt.percent(remaining, limit=LOW_BUDGET)
        return Status.AT_RISK, f"Less than {fmt.objective(LOW_BUDGET)} of the error budget is left: {left}."
    if forecast.exhausted_at is not None and forecast.exhausted_at - at <= SOON_SECONDS:
        return Status.AT_RISK, f"At the pace of the last {forecast.pace} the budget is spent within 7 days."
    return None


def _calm(burn_rates: Mapping[str, float | None], alerts: Sequence[Alert], events: EventCount) -> tuple[Status, str]:
    # The short windows count by themselves: of a short SLO window no pair is left that would ask for them.
    for window in (*(short.name for short in SHORT_WINDOWS), *(alert.long for alert in alerts)):
        if burn_rates[window] is None:
            return Status.INSUFFICIENT, f"The last {window} have no data, so it is not known how it is now."
    if events.total <= 0:
        return Status.HEALTHY, "No traffic in the whole window, so nothing was spent."
    if events.bad == 0:
        return Status.HEALTHY, "Not one bad event was seen; `sresnap check --online` tells whether its query could."
    return Status.HEALTHY, "The budget lasts at this pace."


def _burning(alert: Alert) -> str:
    rates = [fmt.burn_rate(rate, alert.threshold) for rate in (alert.long_burn_rate, alert.short_burn_rate)]
    limit = fmt.threshold(alert.threshold)
    return f"Burning at {rates[0]} over {alert.long} and {rates[1]} over {alert.short}; the limit is {limit}."
