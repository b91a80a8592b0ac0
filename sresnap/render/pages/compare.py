"""`archive/compare/index.html`: the newest report and earlier ones side by side."""

from __future__ import annotations

from sresnap.documents.layout import COMPARE_PAGE
from sresnap.model.archive import ArchiveState
from sresnap.model.now import NowState
from sresnap.render.clock import Clock
from sresnap.render.links import crumbs
from sresnap.render.panels.any_two import AnyTwo
from sresnap.render.panels.comparison import NoComparison, comparison
from sresnap.render.status_badges import BADGES, NO_STATUS, verdict_badge
from sresnap.render.views import Badge, Page, Panel


def _verdicts() -> tuple[tuple[str, Badge], ...]:
    """The badge of each verdict, by what a snapshot says."""
    return tuple(
        (f"{state or ''} {status.value}", verdict_badge(state, status, in_full=True))
        for state in (None, *NowState)
        for status in BADGES
    )


def compare_page(archive: ArchiveState) -> Page:
    """`archive/compare/index.html`: what changed since the previous report and since a week ago."""
    clock = Clock.of(archive.index.timezone)
    panels = [
        Panel(f"compare{index}", f"Since {found.title}", "comparison", comparison(found, clock, COMPARE_PAGE.path()))
        for index, found in enumerate(archive.comparisons)
    ]
    if not panels:
        panels = [
            Panel("compare0", "No comparison", "nothing", NoComparison("There is no earlier report to compare with."))
        ]
    if len(archive.index.entries) > 1:
        panels.append(Panel("any_two", "Any two reports", "any_two", AnyTwo(_verdicts())))
    return Page(
        path=COMPARE_PAGE.path(),
        title=f"Compare · {archive.index.title}",
        heading="Compare reports",
        status=NO_STATUS,
        panels=tuple(panels),
        crumbs=crumbs(archive.index.title, COMPARE_PAGE.path(), in_archive=True),
        description="What changed since the previous report, and since a week ago.",
    )
