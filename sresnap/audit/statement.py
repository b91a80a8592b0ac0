"""The formulas of a statement: each episode's share of the budget and of all bad events."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sresnap import format as fmt
from sresnap.audit.forecast import roll_off_derivations
from sresnap.audit.slo import Derivation
from sresnap.audit.slo_window import SloWindow
from sresnap.compute.slo.budget import error_budget
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import iso

_SEEN = ("", " × seen")
_OF_WHOLE = ("", " / seen")
_NO_BUDGET = "without traffic there is no budget to have a share of"


def statement_derivations(snapshot: Snapshot, slo: SloReport) -> tuple[Derivation, ...]:
    """Every number of every row, from bad events to the budget after an episode has left the window."""
    if slo.statement is None:
        return (Derivation("statement", None, "Σ bad of the window's hours", None, why="no data"),)
    # All episodes share the background's pace; it is listed once.
    return tuple(dict.fromkeys(_statement(slo, slo.statement, SloWindow.of(snapshot, slo))))


def _statement(slo: SloReport, found: Statement, window: SloWindow) -> Iterator[Derivation]:
    budget, seen = error_budget(slo.objective), slo.seen_share
    for episode in found.episodes:
        name = f"episode of {iso(episode.start)}"
        yield _bad(name, episode, window)
        yield from _row(name, episode, found, budget, seen)
        yield _peak(name, episode, window, budget)
        yield from roll_off_derivations(window, slo, episode, found)
    others = "".join(f" - {episode.bad!r}" for episode in found.episodes)
    yield Derivation(
        "background: bad", found.background.bad, "all bad − Σ bad of the episodes", f"{found.bad!r}{others}",
        samples=f"{found.background.minutes:g} min",
    )  # fmt: skip
    yield from _row("background", found.background, found, budget, seen)
    share = f"{found.bad!r} / ({budget!r} * {found.total!r}){_part(seen)}" if found.total else None
    yield Derivation(
        "in all: of the budget", found.budget_share, f"bad / ((1 − objective) × total){_SEEN[seen < 1]}", share,
        why=None if share else _NO_BUDGET,
    )  # fmt: skip


def _part(seen: float) -> str:
    return f" * {seen!r}" if seen < 1 else ""


def _row(name: str, row: Episode, found: Statement, budget: float, seen: float) -> Iterator[Derivation]:
    share = f"{row.bad!r} / ({budget!r} * {found.total!r}){_part(seen)}" if found.total else None
    yield Derivation(
        f"{name}: of the budget", row.budget_share, f"bad / ((1 − objective) × total){_SEEN[seen < 1]}", share,
        why=None if share else _NO_BUDGET,
    )  # fmt: skip
    spent = f"{row.bad!r} / {found.bad!r}" if found.bad else None
    yield Derivation(
        f"{name}: of what was spent", row.spent_share, "bad / all bad", spent,
        why=None if spent else "nothing was spent",
    )  # fmt: skip
    minutes = math.fsum(part.minutes for part in (*found.episodes, found.background))
    yield Derivation(
        f"{name}: as full outage in minutes",
        row.outage_minutes,
        f"share of the budget × (1 − objective) × minutes with data{_OF_WHOLE[seen < 1]}",
        f"{row.budget_share!r} * {budget!r} * {minutes!r}{f' / {seen!r}' if seen < 1 else ''}",
    )


def _bad(name: str, episode: Episode, window: SloWindow) -> Derivation:
    hours = window.between(episode.start, episode.end)
    good, total = (math.fsum(values[hours.known].tolist()) for values in (hours.good, hours.total))
    return Derivation(
        f"{name}: bad", episode.bad, "Σ total − Σ good of its hours", f"{total!r} - {good!r}", episode.start,
        episode.end, samples=f"{fmt.count(int(hours.known.sum()), 'hour')} with data",
    )  # fmt: skip


def _peak(name: str, episode: Episode, window: SloWindow, budget: float) -> Derivation:
    hours = window.between(episode.start, episode.end)
    counts = [count for index in range(len(hours)) if (count := hours.count(index)) is not None and count.total > 0]
    fastest = max(counts, key=lambda count: count.bad / count.total, default=None)
    filled = None if fastest is None else f"({fastest.total!r} - {fastest.good!r}) / {fastest.total!r} / {budget!r}"
    return Derivation(
        f"{name}: peak burn rate", episode.peak_burn_rate, "(total − good) / total / (1 − objective), of an hour",
        filled, why=None if filled else "no hour of it had traffic",
    )  # fmt: skip
