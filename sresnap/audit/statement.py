"""The rows of a statement, worked out: what an episode spent, of the budget and of all that was spent."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sresnap import format as fmt
from sresnap.audit.forecast import roll_off_workings
from sresnap.audit.slo import Working
from sresnap.audit.slo_window import Held, held
from sresnap.compute.slo.budget import error_budget
from sresnap.model.events import EventCount
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import HOUR, iso

_NO_BUDGET = "without traffic there is no budget to have a share of"
_NOT_HERE = "its hours are not in this report"


def statement_workings(snapshot: Snapshot, slo: SloReport) -> tuple[Working, ...]:
    """Every number of every row, from bad events to what is left when an episode has left the window."""
    if slo.statement is None:
        return (Working("statement", None, "Σ bad of the window's hours", None, why="no data"),)
    # The background's pace is that of every episode; once is enough.
    return tuple(dict.fromkeys(_statement(slo, slo.statement, held(snapshot, slo))))


def _statement(slo: SloReport, found: Statement, window: Held | None) -> Iterator[Working]:
    budget = error_budget(slo.objective)
    for episode in found.episodes:
        name = f"episode of {iso(episode.start)}"
        yield _bad(name, episode, window)
        yield from _row(name, episode, found, budget)
        yield _peak(name, episode, window, budget)
        yield from roll_off_workings(window, slo, episode, found.episodes)
    others = "".join(f" - {episode.bad!r}" for episode in found.episodes)
    yield Working(
        "background: bad", found.background.bad, "all bad − Σ bad of the episodes", f"{found.bad!r}{others}",
        samples=f"{found.background.minutes:g} min",
    )  # fmt: skip
    yield from _row("background", found.background, found, budget)
    share = f"{found.bad!r} / ({budget!r} * {found.total!r})" if found.total else None
    yield Working(
        "in all: of the budget", found.budget_share, "bad / ((1 − objective) × total)", share,
        why=None if share else _NO_BUDGET,
    )  # fmt: skip


def _row(name: str, row: Episode, found: Statement, budget: float) -> Iterator[Working]:
    share = f"{row.bad!r} / ({budget!r} * {found.total!r})" if found.total else None
    yield Working(
        f"{name}: of the budget", row.budget_share, "bad / ((1 − objective) × total)", share,
        why=None if share else _NO_BUDGET,
    )  # fmt: skip
    spent = f"{row.bad!r} / {found.bad!r}" if found.bad else None
    yield Working(
        f"{name}: of what was spent", row.spent_share, "bad / all bad", spent,
        why=None if spent else "nothing was spent",
    )  # fmt: skip
    seen = math.fsum(part.minutes for part in (*found.episodes, found.background))
    yield Working(
        f"{name}: as full outage in minutes",
        row.outage_minutes,
        "share of the budget × (1 − objective) × minutes with data",
        f"{row.budget_share!r} * {budget!r} * {seen!r}",
    )


def _bad(name: str, episode: Episode, window: Held | None) -> Working:
    hours = _hours(episode, window)
    good, total = math.fsum(hour.good for hour in hours), math.fsum(hour.total for hour in hours)
    known = math.isclose(total - good, episode.bad, rel_tol=1e-9, abs_tol=1e-9)
    filled = f"{total!r} - {good!r}" if known else None
    return Working(
        f"{name}: bad", episode.bad, "Σ total − Σ good of its hours", filled, episode.start, episode.end,
        samples=f"{fmt.count(len(hours), 'hour')} with data", why=None if known else _NOT_HERE,
    )  # fmt: skip


def _peak(name: str, episode: Episode, window: Held | None, budget: float) -> Working:
    rates = [(hour.bad / hour.total / budget, hour) for hour in _hours(episode, window) if hour.total > 0]
    rate, hour = max(rates, key=lambda pair: pair[0], default=(math.nan, EventCount(0, 0)))
    known = math.isclose(rate, episode.peak_burn_rate, rel_tol=1e-9)
    filled = f"({hour.total!r} - {hour.good!r}) / {hour.total!r} / {budget!r}" if known else None
    return Working(
        f"{name}: peak burn rate", episode.peak_burn_rate, "(total − good) / total / (1 − objective), of an hour",
        filled, why=None if known else _NOT_HERE,
    )  # fmt: skip


def _hours(episode: Episode, window: Held | None) -> list[EventCount]:
    if window is None:
        return []
    first = (episode.start - window.period.start) // HOUR
    last = -((window.period.start - episode.end) // HOUR)
    every = [*window.hours, window.running]
    return [hour for hour in every[max(0, first) : last] if hour is not None]
