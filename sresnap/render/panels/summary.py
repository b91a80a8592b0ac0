"""The summary that stays of a thinned or withdrawn report."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.archive import Headline
from sresnap.model.status import Status
from sresnap.render.clock import Moment
from sresnap.render.status_badges import BADGES
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary that stays of a thinned or withdrawn report."""

    badge: Badge
    at: Moment
    facts: tuple[tuple[str, str], ...]
    nearest: tuple[tuple[str, Link], ...]
    """The nearest kept reports at that time. The page is not rebuilt, so they may be thinned later."""
    month: Link
    """The page of its month, which every build writes."""
    archive: str
    """The link to the archive's page."""
    withdrawn: str | None = None
    """The reason for withdrawing; None for a thinned report."""


def headline_facts(entry: Headline) -> tuple[tuple[str, str], ...]:
    services = ", ".join(f"{fmt.number(count)} {BADGES[Status(name)].word}" for name, count in entry.services.items())
    left = fmt.NONE if entry.remaining_ratio is None else fmt.percent(entry.remaining_ratio)
    facts = [("Budget left", left), ("Services", services or fmt.NONE), ("Worst", entry.worst or fmt.NONE)]
    facts.append(("Gaps in the data", fmt.number(entry.problems)))
    return tuple(facts)
