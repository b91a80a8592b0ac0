"""The forecast in words."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.forecast import Forecast, Outcome, PaceForecast
from sresnap.render.clock import Clock
from sresnap.render.slo_text import pace_span


def forecast_text(forecast: Forecast, remaining_ratio: float | None, clock: Clock) -> str:
    """When the budget runs out or recovers, in one sentence that names the paces it holds for."""
    match forecast.outcome:
        case Outcome.EXHAUSTED:
            return _runs_out(forecast.paces, clock)
        case Outcome.LASTS if forecast.horizon is not None:
            return f"Lasts until at least {clock.day(forecast.horizon)} at the present pace."
        case Outcome.LASTS:
            return "Lasts at the present pace."
        case Outcome.RECOVERS | Outcome.STAYS_SPENT:
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
            f"Runs out between {clock.day_minute(first)} (pace of the {pace_span(fast)}) "
            f"and {clock.day_minute(last)} (pace of the {pace_span(slow)})."
        )
    spans = " and of ".join(f"the {pace_span(pace)}" for _, pace in dated)
    unless = f", but lasts at the pace of the {pace_span(lasting[0])}" if lasting else ""
    return f"Runs out by {clock.day_minute(first)} at the pace of {spans}{unless}."


def _recovers(forecast: Forecast, clock: Clock) -> str:
    """A pace may bring the budget back while another does not; then the sentence names both."""
    back = [(pace.recovers_at, pace.pace) for pace in forecast.paces if pace.recovers_at is not None]
    spent = [pace.pace for pace in forecast.paces if pace.recovers_at is None]
    horizon = "" if forecast.horizon is None else f" before {clock.day(forecast.horizon)}"
    if back and spent:
        when, calm = back[0]
        return (
            f"Back in budget around {clock.day(when)} if it stays as calm as in the {pace_span(calm)}; "
            f"not{horizon} at the pace of the {pace_span(spent[0])}."
        )
    if back:
        return f"Back in budget around {clock.day(max(when for when, _ in back))} at the present pace."
    return f"Not back in budget{horizon} at the present pace."
