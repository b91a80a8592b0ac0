"""One objective in a closed period: its episodes, its worst days, and its last periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.review import SloReview
from sresnap.render.clock import Clock
from sresnap.render.panels.period_results import bad_text, result_text
from sresnap.render.status_badges import OUTCOME_BADGES
from sresnap.render.views import Badge, Table


@dataclass(frozen=True, slots=True)
class PastRow:
    """An earlier period."""

    period: str
    badge: Badge
    objective: str
    sli: str
    spent: str


@dataclass(frozen=True, slots=True)
class PeriodSlo:
    """An objective in full."""

    anchor: str
    badge: Badge
    objective: str
    facts: tuple[tuple[str, str], ...]
    episodes: Table | None
    others: str
    days: Table | None
    past: tuple[PastRow, ...]
    definitions: Mapping[str, str]


def period_slo(slo: SloReview, anchor: str, clock: Clock) -> PeriodSlo:
    """What is known of an objective."""
    result = slo.result
    facts = [
        ("Result", result_text(result)),
        ("SLI", fmt.sli(result.sli, slo.objective)),
        (f"Bad {_UNITS.get(slo.basis, slo.basis)}", bad_text(result)),
        ("Hours known", fmt.percent_floor(result.coverage)),
    ]
    if slo.uncorrected is not None:
        facts.append(("Without corrections", result_text(slo.uncorrected)))
    if slo.known_since is not None:
        facts.append(("Known since", clock.moment(slo.known_since).text))
    if slo.threshold_seconds is not None:
        facts.append(("Good under", fmt.latency(slo.threshold_seconds)))
    if slo.slice_seconds is not None and slo.slice_target is not None:
        length = fmt.duration(slo.slice_seconds)
        facts.append(("Slices", f"of {length}, good from {fmt.objective(slo.slice_target)}"))
    return PeriodSlo(
        anchor=anchor,
        badge=OUTCOME_BADGES[result.outcome],
        objective=fmt.objective(slo.objective),
        facts=tuple(facts),
        episodes=_episodes(slo, clock),
        others=_others(slo),
        days=_days(slo),
        past=tuple(
            PastRow(
                period=fmt.period_name(past.period),
                badge=OUTCOME_BADGES[past.outcome],
                objective=fmt.objective(past.objective),
                sli=fmt.sli(past.sli, past.objective),
                spent=fmt.NONE if past.remaining_ratio is None else fmt.percent(1 - past.remaining_ratio),
            )
            for past in slo.last
        ),
        definitions=slo.definitions,
    )


_UNITS = {"time": "seconds"}


def _episodes(slo: SloReview, clock: Clock) -> Table | None:
    if not slo.episodes:
        return None
    head = ("From", "To", "With data", f"Bad {_UNITS.get(slo.basis, slo.basis)}", "Budget share", "Peak burn")
    rows = tuple(
        (
            clock.day_minute(one.start),
            clock.day_minute(one.end),
            fmt.duration(one.minutes * 60),
            fmt.number(one.bad),
            fmt.percent(one.budget_share),
            fmt.burn_rate(one.peak_burn_rate),
        )
        for one in slo.episodes
    )
    return Table(head, rows)


def _others(slo: SloReview) -> str:
    """What is in none of the named episodes."""
    others = slo.others
    if others is None:
        return ""
    share = f"{fmt.number(others.bad)} bad, {fmt.percent(others.budget_share)} of the budget"
    if not others.episodes:
        return f"In all other hours: {share}."
    return f"In {fmt.count(others.episodes, 'further episode')} and all other hours: {share}."


def _days(slo: SloReview) -> Table | None:
    if not slo.worst_days:
        return None
    rows = tuple(
        (one.day, fmt.number(one.bad), fmt.number(one.total), fmt.percent(one.budget_share)) for one in slo.worst_days
    )
    return Table(("Day", "Bad", "Of", "Budget share"), rows)
