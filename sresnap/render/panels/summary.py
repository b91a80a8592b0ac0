"""What is left of a thinned report."""

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
    """What is left of a thinned report."""

    badge: Badge
    at: Moment
    facts: tuple[tuple[str, str], ...]
    nearest: tuple[tuple[str, Link], ...]
    """As it was when it was thinned: the page is never made again, and they may be thinned later."""
    month: Link
    """This page is made by every build."""
    withdrawn: str | None = None
    """Why, where it was taken out by hand."""


def headline_facts(entry: Headline) -> tuple[tuple[str, str], ...]:
    services = ", ".join(f"{fmt.number(count)} {BADGES[Status(name)].word}" for name, count in entry.services.items())
    left = fmt.NONE if entry.remaining_ratio is None else fmt.percent(entry.remaining_ratio)
    facts = [("Budget left", left), ("Services", services or fmt.NONE), ("Worst", entry.worst or fmt.NONE)]
    facts.append(("Problems", fmt.number(entry.problems)))
    return tuple(facts)
