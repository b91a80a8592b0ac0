"""The forecast in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sresnap.model.forecast import Forecast, Outcome, PaceForecast
from sresnap.render.clock import Clock
from sresnap.render.slo_text import pace_span


def forecast_text(forecast: Forecast, remaining_ratio: float | None, clock: Clock) -> str:
    """When the budget runs out or recovers, in one sentence that names the paces it holds for.

    It names days: no pace is so steady that an hour in three weeks could be known.
    """
    match forecast.outcome:
        case Outcome.EXHAUSTED:
            return _runs_out(forecast.paces, clock)
        case Outcome.LASTS:
            until = "" if forecast.horizon is None else f" until at least {clock.day(forecast.horizon)}"
            return f"Lasts{until} {_at(pace.pace for pace in forecast.paces)}."
        case Outcome.RECOVERS | Outcome.STAYS_SPENT:
            return _recovers(forecast, clock)
    if remaining_ratio is not None and remaining_ratio <= 0:
        return "Overspent. There is too little data to forecast when the budget recovers."
    return "There is too little data for a forecast."


def _at(paces: Iterable[str]) -> str:
    """`at the pace of the last 6 hours and of the last 3 days`; without a pace `at the present pace`."""
    spans = " and of ".join(f"the {pace_span(pace)}" for pace in paces)
    return f"at the pace of {spans}" if spans else "at the present pace"


def _runs_out(paces: Sequence[PaceForecast], clock: Clock) -> str:
    """A range where the paces differ by a day or more; a pace at which the budget lasts is named too."""
    dated = sorted((p.exhausted_at, p.pace) for p in paces if p.exhausted_at is not None)
    lasting = [pace.pace for pace in paces if pace.exhausted_at is None]
    if not dated:
        return "Runs out at the present pace."
    (first, fast), (last, slow) = dated[0], dated[-1]
    if clock.day(first) != clock.day(last) and not lasting:
        return (
            f"Runs out between {clock.day(first)} (pace of the {pace_span(fast)}) "
            f"and {clock.day(last)} (pace of the {pace_span(slow)})."
        )
    unless = f", but lasts {_at(lasting)}" if lasting else ""
    return f"Runs out on {clock.day(first)} {_at(pace for _, pace in dated)}{unless}."


def _recovers(forecast: Forecast, clock: Clock) -> str:
    """A pace may bring the budget back while another does not; then the sentence names both."""
    back = [(pace.recovers_at, pace.pace) for pace in forecast.paces if pace.recovers_at is not None]
    spent = [pace.pace for pace in forecast.paces if pace.recovers_at is None]
    horizon = "" if forecast.horizon is None else f" before {clock.day(forecast.horizon)}"
    if back and spent:
        when, calm = back[0]
        return (
            f"Back in budget around {clock.day(when)} if it stays as calm as in the {pace_span(calm)}; "
            f"not{horizon} {_at(spent)}."
        )
    if back:
        return f"Back in budget around {clock.day(max(when for when, _ in back))} {_at(pace for _, pace in back)}."
    return f"Not back in budget{horizon} {_at(spent)}."
