"""The forecast in words."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.render.clock import Clock


def forecast_words(ahead: Forecast, remaining_ratio: float | None, clock: Clock) -> str:
    """When the budget is spent or there again, in one sentence with the paces that it holds for.

    Snapshots from before there was an outcome have `unknown` with a moment or a pace; those are still told.
    """
    match ahead.outcome:
        case "exhausted":
            return _exhausted(ahead, clock)
        case "lasts":
            until = f", up to {_at(ahead.horizon, clock)}" if ahead.horizon is not None else ""
            return f"The budget is spent: not at this pace{_paces(ahead.paces)}{until}."
        case "recovers" if ahead.recovers_at is not None:
            when = _at(ahead.recovers_at, clock)
            return f"The budget is spent; it is back above zero on {when}, if errors keep coming as of late."
        case "stays_spent" | "recovers":
            return _stays_spent(ahead, clock)
    return _unknown(ahead, remaining_ratio, clock)


def _unknown(ahead: Forecast, remaining_ratio: float | None, clock: Clock) -> str:
    if remaining_ratio is not None and remaining_ratio <= 0:
        return "The budget is spent; when it is back above zero cannot be told from the data."
    if ahead.exhausted_at is not None:
        return _exhausted(ahead, clock)
    if ahead.pace is not None:
        return f"The budget is spent: not at this pace ({ahead.pace})."
    return "When the budget is spent cannot be told from the data."


def _exhausted(ahead: Forecast, clock: Clock) -> str:
    """A range when the paces differ; what one of them does not reach is said."""
    dated = sorted((p.exhausted_at, p.pace) for p in ahead.paces if p.exhausted_at)
    lasting = [pace.pace for pace in ahead.paces if pace.exhausted_at is None]
    if not dated:
        when = _at(ahead.exhausted_at, clock) if ahead.exhausted_at is not None else "an unknown time"
        return f"At the {ahead.pace} pace the budget is spent by {when}."
    (first, first_pace), (last, last_pace) = dated[0], dated[-1]
    if lasting:
        return f"At the {first_pace} pace the budget is spent by {_at(first, clock)}; not at the {_and(lasting)} pace."
    if first == last:
        return f"At the {_and([pace for _, pace in dated])} pace the budget is spent by {_at(first, clock)}."
    return (
        f"The budget is spent between {_at(first, clock)} ({first_pace} pace) "
        f"and {_at(last, clock)} ({last_pace} pace)."
    )


def _stays_spent(ahead: Forecast, clock: Clock) -> str:
    """One pace may bring the budget back; the other then says that nothing is promised."""
    back = [(pace, pace.recovers_at) for pace in ahead.paces if pace.recovers_at is not None]
    rest = [pace for pace in ahead.paces if pace.recovers_at is None]
    if not back or not rest:
        return f"The budget is spent, and stays spent at this pace{_paces(rest)}{_horizon(ahead, clock)}."
    dated = [f"at the {pace.pace} pace it is back above zero on {_at(when, clock)}" for pace, when in back]
    stays = f"at the {_and([pace.pace for pace in rest])} pace it stays spent"
    return f"The budget is spent; {', '.join(dated)}, {stays}{_horizon(ahead, clock)}."


def _paces(paces: Sequence[PaceForecast]) -> str:
    return f" ({_and([pace.pace for pace in paces])})" if paces else ""


def _horizon(ahead: Forecast, clock: Clock) -> str:
    return f", looking ahead to {_at(ahead.horizon, clock)}" if ahead.horizon is not None else ""


def _at(time: int, clock: Clock) -> str:
    return clock.day_minute(time)


def _and(names: Sequence[str]) -> str:
    """`6h and 3d`."""
    return " and ".join(names)
