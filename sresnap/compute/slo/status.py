"""The verdict on an SLO: the first rule that matches, and why.

An unknown state is never reported as healthy. An SLO whose current burn rate is unknown is INSUFFICIENT, not HEALTHY,
and so is an SLO with impossible counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.now import burning, unknown_now
from sresnap.model.events import PAGE, EventCount
from sresnap.model.forecast import Forecast, Outcome
from sresnap.model.slo import Alert, Budget
from sresnap.model.status import Status
from sresnap.model.windows import DAY, MINUTE

LEAST_COVERAGE = 0.9
LOW_BUDGET = 0.25
IMPLAUSIBLE = 0.001
"""How far good may lie outside of 0..total: `increase` estimates hours with a restart, separately for good and
total."""
SOON_SECONDS = 7 * DAY
JUST_BEGUN_SECONDS = 5 * MINUTE
_ASSUMED_SCRAPE_SECONDS = 60


def has_just_begun(events: EventCount | None, age_seconds: int, slice_seconds: int | None) -> bool:
    """Whether it is too early to judge a calendar window: under five minutes, the window of the shortest burn rate.

    Its first slice may be longer. A slice is counted once it has been scraped to its end; until then the window is
    empty, which says nothing about the service.
    """
    is_empty = events is None or events.total <= 0
    first_scraped = (slice_seconds or 0) + _ASSUMED_SCRAPE_SECONDS
    return age_seconds < JUST_BEGUN_SECONDS or (is_empty and age_seconds < first_scraped)


def is_plausible(events: EventCount) -> bool:
    """Whether good lies within 0..total, with a margin for estimates."""
    return -IMPLAUSIBLE * events.total <= events.good <= (1 + IMPLAUSIBLE) * events.total


def is_low_traffic(events: EventCount | None, objective: float, *, in_events: bool) -> bool:
    """Whether the objective allows less than one bad event of those that were seen, so that one would spend it all.

    99.9 % of 12 events: 0.001 × 12 = 0.012 bad events are allowed; it takes 1,000 to allow one. In the first days, too,
    it takes as many that were seen: what the rest of the window may bring says nothing about the service.
    """
    return in_events and events is not None and events.total > 0 and allowed_bad(events.total, objective) < 1


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
    *,
    is_few: bool = False,
) -> tuple[Status, str]:
    """Status and reason. The first rule that matches decides; docs/how-numbers-are-made.md lists them in this order.

    Args:
        events: the counts of the SLO window; None without data.
        coverage: the share of the window that has data, 0..1.
        budget: of the SLO window.
        burn_rates: of all windows, by name.
        alerts: the burn-rate pairs, judged.
        forecast: of the budget.
        at: the report's moment, seconds since the epoch.
        window: the name of the SLO window.
        began_seconds_ago: the age of a calendar window that has just begun, otherwise None.
        is_few: whether there are so few events that they cannot be judged.
    """
    if began_seconds_ago is not None:
        ago = fmt.duration(began_seconds_ago)
        reason = f"{fmt.window_phrase(window).capitalize()} began {ago} ago. It is too early to judge."
        return Status.INSUFFICIENT, fmt.plain(reason)
    phrase = fmt.window_phrase(window)
    lacking = None if events is None else _not_enough(events, coverage, phrase, is_few=is_few)
    if lacking is not None:
        return Status.INSUFFICIENT, fmt.plain(lacking)
    status, reason = _judge(events, budget, burn_rates, alerts, forecast, at, window)
    return status, fmt.plain(reason)


def _judge(
    events: EventCount | None,
    budget: Budget,
    burn_rates: Mapping[str, float | None],
    alerts: Sequence[Alert],
    forecast: Forecast,
    at: int,
    window: str,
) -> tuple[Status, str]:
    remaining, phrase = budget.remaining_ratio, fmt.window_phrase(window)
    if events is None or remaining is None:
        return Status.NO_DATA, f"There is no data for {phrase}."
    if remaining <= 0:
        return Status.EXHAUSTED, _overspent(remaining, phrase)
    for alert in alerts:
        if alert.severity == PAGE and alert.firing:
            return Status.CRITICAL, burning(alert)
    return _at_risk(remaining, alerts, forecast, at) or _calm(burn_rates, alerts, events, forecast, window)


def _overspent(remaining: float, window: str) -> str:
    if remaining == 0:
        return f"The error budget is spent to the last event ({window})."
    return f"Overspent by {fmt.percent(-remaining)} ({window})."


def _not_enough(events: EventCount, coverage: float | None, window: str, *, is_few: bool) -> str | None:
    """Why the counts cannot be judged; None when they can."""
    if coverage is None or coverage < LEAST_COVERAGE:
        least = f"it takes {fmt.percent_floor(LEAST_COVERAGE)} to judge"
        return f"Only {fmt.percent_floor(coverage or 0)} of {window} has data; {least}."
    if not is_plausible(events):
        name, part = ("good", events.good) if events.good > events.total else ("bad", events.total - events.good)
        counts = f"{fmt.number(part, events.total)} of {fmt.number(events.total)}"
        return (
            f"More {name} than total events ({counts}): the queries count different events. "
            "Check `good`, `bad` and `total`."
        )
    if is_few:
        found = fmt.count_of(events.total, "event")
        return f"{found} in {window}: too few to judge. The objective allows less than one bad event."
    return None


def _at_risk(remaining: float, alerts: Sequence[Alert], forecast: Forecast, at: int) -> tuple[Status, str] | None:
    for alert in alerts:
        if alert.firing:
            return Status.AT_RISK, burning(alert)
    if remaining < LOW_BUDGET:
        left = fmt.percent(remaining, limit=LOW_BUDGET)
        return Status.AT_RISK, f"Only {left} of the error budget is left (at risk below {fmt.objective(LOW_BUDGET)})."
    # At the calmer pace: a nightly batch is in every morning's last 6 hours. A fast burn is what the alerts see.
    if forecast.latest_exhausted_at is not None and forecast.latest_exhausted_at - at <= SOON_SECONDS:
        return Status.AT_RISK, f"At the pace of the last {forecast.latest_pace}, the budget runs out within 7 days."
    return None


def _calm(
    burn_rates: Mapping[str, float | None],
    alerts: Sequence[Alert],
    events: EventCount,
    forecast: Forecast,
    window: str,
) -> tuple[Status, str]:
    unknown = unknown_now(alerts, burn_rates)
    if unknown is not None:
        return Status.INSUFFICIENT, unknown
    if events.total <= 0:
        return Status.HEALTHY, "There was no traffic, so nothing was spent."
    if events.bad == 0:
        return Status.HEALTHY, "No bad events. `sresnap check --online` shows which values the query takes."
    ahead = _ahead(forecast)
    return (Status.HEALTHY, ahead) if ahead is not None else _without_forecast(burn_rates.get(window))


def _ahead(forecast: Forecast) -> str | None:
    """What the forecast says of a budget that is not at risk; None without a forecast."""
    if forecast.outcome == Outcome.LASTS:
        return "The budget lasts at this pace."
    if forecast.latest_exhausted_at is not None:
        return f"At the pace of the last {forecast.latest_pace}, the budget runs out, but not within 7 days."
    if forecast.exhausted_at is None:
        return None
    lasts, runs_out = (
        " and ".join(pace.pace for pace in forecast.paces if (pace.exhausted_at is None) is is_lasting)
        for is_lasting in (True, False)
    )
    return f"The budget lasts at the pace of the last {lasts}, but runs out at the pace of the last {runs_out}."


def _without_forecast(rate: float | None) -> tuple[Status, str]:
    """Nothing says that the budget lasts; above 1× what was seen says that it does not.

    Of the first hour, 9 bad requests of 1,000 at 99.9 % are a rate of 9, and too few for an alert.
    """
    if rate is None or rate > 1:
        found = "an unknown rate" if rate is None else fmt.burn_rate(rate, 1)
        return Status.INSUFFICIENT, f"What was seen burns at {found}, and there is too little data for a forecast."
    return Status.HEALTHY, f"What was seen burns at {fmt.burn_rate(rate, 1)}. There is too little data for a forecast."
