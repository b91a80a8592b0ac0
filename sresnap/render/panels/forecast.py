"""The forecast in words."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.model.windows import DAY, HOUR, parse_duration
from sresnap.render.clock import Clock


def forecast_text(forecast: Forecast, remaining_ratio: float | None, clock: Clock) -> str:
    """When the budget runs out or recovers, in one sentence that names the paces it holds for."""
    match forecast.outcome:
        case "exhausted":
            return _runs_out(forecast.paces, clock)
        case "lasts" if forecast.horizon is not None:
            return f"Lasts until at least {_day(forecast.horizon, clock)} at the present pace."
        case "lasts":
            return "Lasts at the present pace."
        case "recovers" | "stays_spent":
            return _recovers(forecast, clock)
    if remaining_ratio is not None and remaining_ratio <= 0:
        return "Overspent. There is too little data to forecast when the budget recovers."
    return "There is too little data for a forecast."


def _runs_out(paces: Sequence[PaceForecast], clock: Clock) -> str:
    """A range where the paces differ; a pace at which the budget lasts is named too."""
    dated = sorted((p.exhausted_at, p.pace) for p in paces if p.exhausted_at is not None)
    lasting = [pace.pace for pace in paces if pace.exhausted_at is None]
    if not dated:
        return "Runs out at the present pace."
    (first, fast), (last, slow) = dated[0], dated[-1]
    if first != last and not lasting:
        return (
            f"Runs out between {clock.day_minute(first)} (pace of {_span(fast)}) "
            f"and {clock.day_minute(last)} (pace of {_span(slow)})."
        )
    spans = " and of ".join(_span(pace) for _, pace in dated)
    unless = f"; not at the pace of {_span(lasting[0])}" if lasting else ""
    return f"Runs out by {clock.day_minute(first)} at the pace of {spans}{unless}."


def _recovers(forecast: Forecast, clock: Clock) -> str:
    """A pace may bring the budget back while another does not; then the sentence names both."""
    back = [(pace.recovers_at, pace.pace) for pace in forecast.paces if pace.recovers_at is not None]
    spent = [pace.pace for pace in forecast.paces if pace.recovers_at is None]
    horizon = "" if forecast.horizon is None else f" before {_day(forecast.horizon, clock)}"
    if back and spent:
        when, calm = back[0]
        return (
            f"Back in budget about {_day(when, clock)} if it stays as calm as in {_span(calm)}; "
            f"not{horizon} at the pace of {_span(spent[0])}."
        )
    if back:
        return f"Back in budget about {_day(max(when for when, _ in back), clock)} at the present pace."
    return f"Not back in budget{horizon} at the present pace."


def _span(pace: str) -> str:
    """What a pace is the mean of: `6h` → `the last 6 h`, `3d` → `the last 3 days`."""
    seconds = parse_duration(pace)
    return f"the last {seconds / DAY:g} days" if seconds > DAY else f"the last {seconds / HOUR:g} h"


def _day(time: int, clock: Clock) -> str:
    return clock.day(time)
