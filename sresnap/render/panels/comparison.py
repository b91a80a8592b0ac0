"""Two reports side by side: budget spent between them, statuses, configuration, queries."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.comparison import Comparison, Setting, SloComparison
from sresnap.model.now import NowState
from sresnap.model.status import Status
from sresnap.render.clock import Clock, Moment
from sresnap.render.links import report_href
from sresnap.render.panels.changes import ChangeRow
from sresnap.render.status_badges import verdict_badge
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The older report first."""

    before: Link
    after: Link
    before_at: Moment
    after_at: Moment
    badge_before: Badge
    badge_after: Badge
    rows: tuple[ChangeRow, ...]
    more: str | None
    config: tuple[Setting, ...]
    queries: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class NoComparison:
    """Why there is no comparison."""

    text: str


_MOST = 40
_UNCHANGED = 0.001
"""A smaller share of the budget is practically nothing."""


def comparison(found: Comparison, clock: Clock, page: str) -> ComparisonView:
    """Two reports; links are as seen from a page."""
    ordered = sorted(found.slos, key=_rank)
    rest = len(ordered) - _MOST
    before, after = clock.moment(found.before_at), clock.moment(found.after_at)
    return ComparisonView(
        before=Link(report_href(found.before, page), before.text),
        after=Link(report_href(found.after, page), after.text),
        before_at=before,
        after_at=after,
        badge_before=verdict_badge(found.now_before, found.status_before, in_full=True),
        badge_after=verdict_badge(found.now, found.status, in_full=True),
        rows=tuple(_row(slo) for slo in ordered[:_MOST]),
        more=f"{fmt.count(rest, 'objective')} that changed less" if rest > 0 else None,
        config=found.config[:_MOST],
        queries=found.queries[:_MOST],
    )


def _rank(slo: SloComparison) -> tuple[bool, bool, float]:
    """A changed verdict first, then changed rules, then the budget spent."""
    return (
        slo.status is slo.status_before and slo.now is slo.now_before,
        slo.reason is None,
        -abs(slo.spent_ratio or 0.0),
    )


def _row(slo: SloComparison) -> ChangeRow:
    same = slo.status is slo.status_before and slo.now is slo.now_before
    before = None if same else _badge(slo.now_before, slo.status_before)
    after = _badge(slo.now, slo.status)
    return ChangeRow(None, f"{slo.service} {slo.slo}", before, after, change_text(slo))


def _badge(state: NowState | None, status: Status | None) -> Badge | None:
    return None if status is None else verdict_badge(state, status, in_full=True)


def change_text(slo: SloComparison) -> str:
    """What changed for an objective, in words: whether it burns, and its budget."""
    if slo.status_before is None:
        return "new"
    if slo.status is None:
        return "removed"
    if slo.now is not slo.now_before and slo.now is not None and slo.now_before is not None:
        return f"now {slo.now}, was {slo.now_before}; {_budget_text(slo)}"
    return _budget_text(slo)


def _budget_text(slo: SloComparison) -> str:
    if slo.spent_ratio is None:
        known = f"{fmt.percent(slo.remaining)} budget left, before {fmt.percent(slo.remaining_before)}"
        return known if slo.reason is None else f"{known}; {slo.reason}"
    left = f"{fmt.percent(slo.remaining)} left"
    if abs(slo.spent_ratio) < _UNCHANGED:
        return f"practically unchanged, {left}" if slo.spent_ratio else f"unchanged, {left}"
    word = "spent" if slo.spent_ratio > 0 else "recovered"
    outage = "" if slo.spent_seconds is None else f" ({fmt.duration(abs(slo.spent_seconds))} of full outage)"
    return f"{fmt.percent(abs(slo.spent_ratio))} of the budget {word}{outage}, {left}"
