"""The numbers of what is to come, worked out: the forecast's paces, and what is left when an episode has left.

The report holds the hours that they were made from, so its window is put together again and moved forward. Where that
does not give what the report says, as the pace's hours lie before the window, no formula is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sresnap.audit.slo import Working
from sresnap.audit.slo_window import Held, Mean, held
from sresnap.compute.slo.budget import error_budget, remaining_ratio
from sresnap.compute.slo.forecast import LONG_PACE, SHORT_PACE
from sresnap.model.events import EventCount
from sresnap.model.forecast import PaceForecast
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.statement import Episode
from sresnap.model.windows import HOUR, iso

_PACES = {pace.name: pace for pace in (SHORT_PACE, LONG_PACE)}
_TOLERANCE = 1e-9
_MEAN = "Σ {} / hours"
_AHEAD = "1 − (bad kept + hours × bad an hour) / (total kept + hours × total an hour) / (1 − objective)"
_NOT_HERE = "it was made from hours that are not in this report"


def forecast_workings(snapshot: Snapshot, slo: SloReport) -> tuple[Working, ...]:
    """Each pace: its mean hour, its burn rate, and the budget at the moment that it names."""
    window = held(snapshot, slo)
    if not slo.forecast.paces:
        why = "no forecast: too few of the last hours are known"
        return (Working("forecast", None, _AHEAD, None, why=why),)
    return tuple(working for pace in slo.forecast.paces for working in _pace(slo, pace, window))


def _pace(slo: SloReport, pace: PaceForecast, window: Held | None) -> Iterator[Working]:
    name, budget = f"pace {pace.pace}", error_budget(slo.objective)
    of = window.mean(window.hours, _PACES[pace.pace], window.running) if window and pace.pace in _PACES else None
    moment = pace.exhausted_at or pace.recovers_at or slo.forecast.horizon
    label = "exhausted" if pace.exhausted_at else "above zero again" if pace.recovers_at else "the forecast's end"
    if window is None or of is None or moment is None:
        yield Working(
            f"burn rate, {name}", pace.burn_rate, "bad / total / (1 − objective), an hour", None, why=_NOT_HERE
        )
        at = "an unknown time" if moment is None else iso(moment)
        yield Working(f"budget remaining at {at}, {label}, {name}", None, _AHEAD, None, why=_NOT_HERE)
        return
    yield from _mean(of, name)
    arriving = of.arriving
    yield Working(
        f"burn rate, {name}",
        pace.burn_rate,
        "bad / total / (1 − objective), an hour",
        f"{arriving.bad!r} / {arriving.total!r} / {budget!r}" if arriving.total > 0 else None,
        why=None if arriving.total > 0 else "nothing arrives",
    )
    yield _at(f"budget remaining at {iso(moment)}, {label}, {name}", window, arriving, slo.objective, moment)


def _mean(of: Mean, name: str) -> Iterator[Working]:
    samples = f"{of.hours:g} hours with data"
    yield Working(
        f"total an hour, {name}", of.arriving.total, _MEAN.format("total"), f"{of.whole.total!r} / {of.hours!r}",
        samples=samples,
    )  # fmt: skip
    bad = f"({of.whole.total!r} - {of.whole.good!r}) / {of.hours!r}"
    yield Working(f"bad an hour, {name}", of.whole.bad / of.hours, _MEAN.format("bad"), bad, samples=samples)


def _at(name: str, window: Held, arriving: EventCount, objective: float, moment: int) -> Working:
    """The budget at a moment, and an hour before, as it is the first with its sign."""
    seconds = moment - window.at
    kept, hours = window.kept(seconds), seconds / HOUR
    value = _left(window, seconds, arriving, objective)
    total = kept.total + hours * arriving.total
    if total <= 0:
        return Working(name, value, _AHEAD, None, why="nothing is in the window then, which spends nothing")
    filled = (
        f"1 - ({kept.bad!r} + {hours!r} * {arriving.bad!r}) / ({kept.total!r} + {hours!r} * {arriving.total!r}) "
        f"/ {error_budget(objective)!r}"
    )
    facts = f"{hours:g} hours on; an hour before {_left(window, max(0, seconds - HOUR), arriving, objective)!r}"
    return Working(name, value, _AHEAD, filled, samples=facts)


def _left(window: Held, seconds: int, arriving: EventCount, objective: float) -> float:
    kept, hours = window.kept(seconds), seconds / HOUR
    good, total = kept.good + hours * arriving.good, kept.total + hours * arriving.total
    return remaining_ratio(EventCount(good, total), objective)


def roll_off_workings(
    window: Held | None, slo: SloReport, episode: Episode, episodes: Sequence[Episode]
) -> Iterator[Working]:
    """What is left when an episode has left the window, at the background's pace."""
    if episode.remaining_after is None or episode.leaves_at is None:
        return
    name = f"budget remaining at {iso(episode.leaves_at)}, when the episode of {iso(episode.start)} has left"
    if slo.calendar is not None:
        yield Working(name, episode.remaining_after, "1 − 0: at its reset nothing is in the window", "1 - 0")
        return
    calm = None if window is None else window.mean(_without(window, episodes), LONG_PACE, None)
    if window is None or calm is None:
        yield Working(name, episode.remaining_after, _AHEAD, None, why=_NOT_HERE)
        return
    working = _at(name, window, calm.arriving, slo.objective, episode.leaves_at)
    if working.value is None or not math.isclose(working.value, episode.remaining_after, abs_tol=_TOLERANCE):
        yield Working(name, episode.remaining_after, _AHEAD, None, why=_NOT_HERE)
        return
    yield from _mean(calm, "pace of the background")
    yield working


def _without(window: Held, episodes: Sequence[Episode]) -> list[EventCount | None]:
    """The hours without those of episodes: an incident that is over does not go on."""
    spans = [(episode.start, episode.end) for episode in episodes]
    return [
        None if any(start <= window.period.start + index * HOUR < end for start, end in spans) else hour
        for index, hour in enumerate(window.hours)
    ]
