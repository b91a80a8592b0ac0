"""Where the error budget went: a table for readers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.documents.layout import relative
from sresnap.model.now import NowState
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.statement import Episode, Statement
from sresnap.render.clock import Clock
from sresnap.render.downloads.statements import statement_paths
from sresnap.render.links import service_path
from sresnap.render.panels.corrections import raw_of
from sresnap.render.slo_text import bad_units, pace_span, unit_of, window_phrase
from sresnap.render.verdict_text import slo_now
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
    """Why there is no statement."""
    unit: str = ""
    leaves: str = ""
    rows: tuple[StatementRow, ...] = ()
    background: StatementRow | None = None
    whole: StatementRow | None = None
    sum: str = ""
    links: tuple[Link, ...] = ()
    now: str = ""
    """What fires now, or that it is unknown; empty while no alert fires."""
    pace: str = ""
    """By which pace `then` is forecast."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Where the budgets of one service went."""

    slos: tuple[SloStatement, ...]


_TOLERANCE = 1e-6
"""Relative error allowed for floating point. A statement that is off by more says so."""


def statements(service: ServiceReport, clock: Clock) -> Statements:
    """The statement of each objective of a service."""
    page = service_path(service)
    return Statements(
        tuple(
            _statement(slo, [relative(path, page) for path in statement_paths(service, slo)], clock)
            for slo in service.slos
        )
    )


def _statement(slo: SloReport, names: Sequence[str], clock: Clock) -> SloStatement:
    found = slo.statement
    title = f"{slo.name} {fmt.objective(slo.objective)}"
    if found is None:
        return SloStatement(title, empty=_empty(slo), now=_now(slo))
    return SloStatement(
        title=title,
        unit=unit_of(slo),
        leaves="Resets" if slo.calendar is not None else "Drops out",
        rows=tuple(episode_row(episode, clock) for episode in found.episodes),
        background=_background(found),
        whole=_whole(found),
        sum=f"{_sum(found, slo)}{_left_out(slo)}",
        links=tuple(Link(name, name.rpartition(".")[2].upper()) for name in names),
        now=_now(slo),
        pace=_pace(found, slo),
    )


def _now(slo: SloReport) -> str:
    return "" if slo.now.state is NowState.QUIET else slo_now(slo)


def _pace(found: Statement, slo: SloReport) -> str:
    """Which pace the budget left after an episode is forecast by. After a reset it is whole, at any pace."""
    pace = next((one.pace for one in slo.forecast.paces if one.mean == found.pace), None)
    is_forecast = any(episode.remaining_after is not None for episode in found.episodes)
    if pace is None or not is_forecast or slo.calendar is not None:
        return ""
    return f"Left after that: at the calmer pace, of the {pace_span(pace)}."


def _empty(slo: SloReport) -> str:
    """Why there is no statement. Time that corrections leave out is not missing data."""
    raw = raw_of(slo)
    if raw is not None and raw.window.total is not None:
        return f"Corrections leave out all data of {window_phrase(slo)}.{_left_out(slo)}"
    return f"There is no data for {window_phrase(slo)}."


def _left_out(slo: SloReport) -> str:
    """What corrections leave out, which is in no row, and the sum without them."""
    raw = raw_of(slo)
    if raw is None or raw.window.good is None or raw.window.total is None:
        return ""
    bad = bad_units(slo, fmt.number(raw.window.total - raw.window.good))
    out = fmt.duration(raw.excluded_seconds)
    return f" Corrections leave out {out}; without them it would be {bad} of {fmt.number(raw.window.total)}."


def episode_row(episode: Episode, clock: Clock) -> StatementRow:
    """An episode as a row."""
    return StatementRow(
        start=clock.day_minute(episode.start),
        end="ongoing" if episode.ongoing else clock.day_minute(episode.end),
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
    """All other hours. They drop out of the window one by one, so there is no day to name."""
    rest = found.background
    return StatementRow(
        start="All other hours",
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
    # Rounding errors of floats count as 1. The sentence below the table reports any other difference.
    is_all = share is not None and abs(share - 1) <= _TOLERANCE
    return StatementRow(
        start="Total",
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
    """The sum in words, checked: episodes + background = all that was spent."""
    whole = f"{bad_units(slo, fmt.number(found.bad))} of {fmt.number(found.total)}"
    if found.bad == 0:
        return f"Nothing was spent: {whole}."
    episodes = math.fsum(episode.bad for episode in found.episodes)
    if not found.episodes:
        share = fmt.percent(found.budget_share)
        return f"{whole} in {window_phrase(slo)}, none of them in an episode: {share} of the budget."
    stretches = fmt.count(len(found.episodes), "episode")
    parts = f"{fmt.number(episodes)} in {stretches} and {fmt.number(found.background.bad)} in all other hours"
    off = found.bad - episodes - found.background.bad
    if abs(off) > _TOLERANCE * max(1.0, abs(found.bad)):
        return f"This does not add up: {parts} are not {whole}; {fmt.number(off)} are missing. Please report this bug."
    return f"{parts} add up to {whole} in {window_phrase(slo)}: {fmt.percent(found.budget_share)} of the budget."
