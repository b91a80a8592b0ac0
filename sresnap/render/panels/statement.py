"""Where the error budget went: a table for readers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.statement import Episode, Statement
from sresnap.render.clock import Clock
from sresnap.render.downloads.statements import statement_paths
from sresnap.render.panels.corrections import raw_of
from sresnap.render.slo_text import unit_of, window_name
from sresnap.render.views import Link


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A burn episode, the background, or the sum."""

    start: str
    end: str
    length: str
    bad: str
    outage: str
    budget_share: str
    spent_share: str
    peak: str
    leaves: str
    then: str


@dataclass(frozen=True, slots=True)
class SloStatement:
    """Where the budget of one objective went."""

    title: str
    empty: str | None = None
    """Why there is none."""
    unit: str = ""
    leaves: str = ""
    rows: tuple[StatementRow, ...] = ()
    background: StatementRow | None = None
    whole: StatementRow | None = None
    sum: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """Where the budgets of one service went."""

    slos: tuple[SloStatement, ...]


_TOLERANCE = 1e-6
"""Relative: what floating point may be off by. A statement that is off by more says so."""


def statements(service: ServiceReport, clock: Clock) -> Statements:
    """The statement of each objective of a service."""
    paths = statement_paths(service)
    return Statements(tuple(_statement(slo, paths[index], clock) for index, slo in enumerate(service.slos)))


def _statement(slo: SloReport, names: Sequence[str], clock: Clock) -> SloStatement:
    found = slo.statement
    title = f"{slo.name} {fmt.objective(slo.objective)}"
    if found is None:
        return SloStatement(title, empty=_empty(slo))
    return SloStatement(
        title=title,
        unit=unit_of(slo),
        leaves="Reset on" if slo.calendar is not None else "Leaves the window",
        rows=tuple(_row(episode, clock) for episode in found.episodes),
        background=_background(found),
        whole=_whole(found),
        sum=f"{_sum(found, slo)}{_left_out(slo)}",
        links=tuple(Link(name, name.rpartition(".")[2].upper()) for name in names),
    )


def _empty(slo: SloReport) -> str:
    """What is left out is not missing."""
    raw = raw_of(slo)
    if raw is not None and raw.window.total is not None:
        return f"All of {window_name(slo)} that has data is left out by corrections.{_left_out(slo)}"
    return f"There is no data over {window_name(slo)} to make a statement of."


def _left_out(slo: SloReport) -> str:
    """What corrections leave out is in no row; without them the sum would be another."""
    raw = raw_of(slo)
    if raw is None or raw.window.good is None or raw.window.total is None:
        return ""
    bad = f"{fmt.number(raw.window.total - raw.window.good)} bad {unit_of(slo)} of {fmt.number(raw.window.total)}"
    out = fmt.duration(raw.excluded_seconds)
    return f" {out} are left out by corrections and are in no row; without them it would be {bad}."


def _row(episode: Episode, clock: Clock) -> StatementRow:
    return StatementRow(
        start=clock.day_minute(episode.start),
        end="goes on" if episode.ongoing else clock.day_minute(episode.end),
        length=fmt.duration(episode.minutes * 60),
        bad=fmt.number(episode.bad),
        outage=fmt.duration(episode.outage_minutes * 60),
        budget_share=fmt.percent(episode.budget_share),
        spent_share=fmt.percent(episode.spent_share),
        peak=fmt.burn_rate(episode.peak_burn_rate),
        leaves=fmt.NONE if episode.leaves_at is None else clock.day_minute(episode.leaves_at),
        then=fmt.percent_signed(episode.remaining_after),
    )


def _background(found: Statement) -> StatementRow:
    """All other hours. They leave the window one by one, so that no day can be named."""
    rest = found.background
    return StatementRow(
        start="background: all other hours",
        end="",
        length=fmt.duration(rest.minutes * 60),
        bad=fmt.number(rest.bad),
        outage=fmt.duration(rest.outage_minutes * 60),
        budget_share=fmt.percent(rest.budget_share),
        spent_share=fmt.percent(rest.spent_share),
        peak=fmt.burn_rate(rest.peak_burn_rate),
        leaves="",
        then="",
    )


def _whole(found: Statement) -> StatementRow:
    parts = (*found.episodes, found.background)
    share = math.fsum(part.bad for part in parts) / found.bad if found.bad else None
    # A sum of floats that is 1 but for its last bits is 1; any other difference is told below the table.
    is_all = share is not None and abs(share - 1) <= _TOLERANCE
    return StatementRow(
        start="in all",
        end="",
        length=fmt.duration(sum(part.minutes for part in parts) * 60),
        bad=fmt.number(found.bad),
        outage=fmt.duration(sum(part.outage_minutes for part in parts) * 60),
        budget_share=fmt.percent(found.budget_share),
        spent_share=fmt.percent(1.0 if is_all else share),
        peak=fmt.burn_rate(max(part.peak_burn_rate for part in parts)),
        leaves="",
        then="",
    )


def _sum(found: Statement, slo: SloReport) -> str:
    """The arithmetic in words, checked: episodes + background = all that was spent."""
    unit = f"bad {unit_of(slo)}"
    whole = f"{fmt.number(found.bad)} {unit} of {fmt.number(found.total)}"
    if found.bad == 0:
        return f"Nothing was spent: {whole}."
    episodes = math.fsum(episode.bad for episode in found.episodes)
    stretches = fmt.count(len(found.episodes), "episode")
    parts = f"{fmt.number(episodes)} in {stretches} and {fmt.number(found.background.bad)} in the background"
    off = found.bad - episodes - found.background.bad
    if abs(off) > _TOLERANCE * max(1.0, abs(found.bad)):
        return f"This does not add up: {parts} are not {whole}; {fmt.number(off)} are missing. Please report it."
    return f"It adds up: {parts} make {whole} over {window_name(slo)}, {fmt.percent(found.budget_share)} of the budget."
