"""The formulas of a forecast: its paces, and the budget when an episode has left the window."""

from __future__ import annotations

from collections.abc import Iterator

from sresnap.audit.slo import Derivation
from sresnap.audit.slo_window import SloWindow
from sresnap.compute.slo.budget import error_budget, remaining_ratio
from sresnap.model.events import MeanHour
from sresnap.model.forecast import PaceForecast
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import HOUR, iso

_MEAN = "Σ {} / hours"
_AHEAD = "1 − (bad kept + bad to come) / (total kept + total to come) / (1 − objective)"
_TRAFFIC = (
    "the traffic of each hour of the week, the error ratio of the pace",
    "the mean hour of the pace",
)


def forecast_derivations(snapshot: Snapshot, slo: SloReport) -> tuple[Derivation, ...]:
    """Each pace: its mean hour, its burn rate, and the budget at the moment that it names."""
    if not slo.forecast.paces:
        why = "there is no forecast: too few of the last hours have data"
        return (Derivation("forecast", None, _AHEAD, None, why=why),)
    window = SloWindow.of(snapshot, slo)
    return tuple(derivation for pace in slo.forecast.paces for derivation in _pace(slo, pace, window))


def _pace(slo: SloReport, pace: PaceForecast, window: SloWindow) -> Iterator[Derivation]:
    name = f"pace {pace.pace}"
    yield from _mean(pace.mean, name)
    arriving = pace.mean.arriving
    has_traffic = arriving.total > 0
    yield Derivation(
        f"burn rate, {name}",
        pace.burn_rate,
        "bad / total / (1 − objective), an hour",
        f"{arriving.bad!r} / {arriving.total!r} / {error_budget(slo.objective)!r}" if has_traffic else None,
        why=None if has_traffic else "there was no traffic",
    )
    moment = pace.exhausted_at or pace.recovers_at or window.last_step(slo.forecast.horizon)
    label = "exhausted" if pace.exhausted_at else "above zero again" if pace.recovers_at else "the forecast's end"
    if moment is not None:
        yield _at(f"budget remaining at {iso(moment)}, {label}, {name}", window, pace.mean, slo.objective, moment)


def _mean(mean: MeanHour, name: str) -> Iterator[Derivation]:
    arriving, samples = mean.arriving, f"{mean.hours:g} hours with data"
    total, bad = f"{mean.total!r} / {mean.hours!r}", f"({mean.total!r} - {mean.good!r}) / {mean.hours!r}"
    yield Derivation(f"total an hour, {name}", arriving.total, _MEAN.format("total"), total, samples=samples)
    yield Derivation(
        f"bad an hour, {name}", (mean.total - mean.good) / mean.hours, _MEAN.format("bad"), bad, samples=samples
    )


def _at(name: str, window: SloWindow, mean: MeanHour, objective: float, moment: int) -> Derivation:
    """The budget at a moment and an hour before, because the sign changes between the two."""
    seconds = moment - window.at
    kept, come, seen = window.kept(seconds), window.come(mean, seconds), window.seen(seconds)
    value = _left(window, seconds, mean, objective)
    formula = _AHEAD if window.provisional is None else f"{_AHEAD} × seen"
    if kept.total + come.total <= 0:
        return Derivation(name, value, formula, None, why="the window has no events then, which spends nothing")
    filled = f"1 - ({kept.bad!r} + {come.bad!r}) / ({kept.total!r} + {come.total!r}) / {error_budget(objective)!r}"
    filled += "" if window.provisional is None else f" * {seen!r}"
    before = _left(window, max(0, seconds - HOUR), mean, objective)
    samples = f"{seconds / HOUR:g} hours on, {_TRAFFIC[window.traffic is None]}; an hour before {before!r}"
    return Derivation(name, value, formula, filled, samples=samples)


def _left(window: SloWindow, seconds: int, mean: MeanHour, objective: float) -> float:
    counts = window.kept(seconds) + window.come(mean, seconds)
    return remaining_ratio(counts, objective, window.seen(seconds))


def roll_off_derivations(window: SloWindow, slo: SloReport, episode: Episode, found: Statement) -> Iterator[Derivation]:
    """The budget when an episode has left the window, at the forecast's calmer pace."""
    if episode.remaining_after is None or episode.leaves_at is None:
        return
    name = f"budget remaining at {iso(episode.leaves_at)}, when the episode of {iso(episode.start)} has left"
    if slo.calendar is not None:
        yield Derivation(name, episode.remaining_after, "1 − 0: at its reset the window is empty", "1 - 0")
    elif found.pace is not None:
        yield from _mean(found.pace, "pace of the statement")
        yield _at(name, window, found.pace, slo.objective, episode.leaves_at)
