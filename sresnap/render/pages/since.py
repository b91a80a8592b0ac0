"""`reviews/since-last-week/index.html`: what changed since the report of a week ago, in words and side by side."""

from __future__ import annotations

from sresnap.documents.layout import FLEET_PAGE, REVIEWS_PAGE, SINCE_PAGE, relative
from sresnap.model.archive import ArchiveState
from sresnap.model.snapshot import Snapshot
from sresnap.model.wording import Wording
from sresnap.render.clock import Clock
from sresnap.render.panels.comparison import NoComparison, comparison
from sresnap.render.panels.words import words
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Link, Page, Panel
from sresnap.sentences.fact import Sentence
from sresnap.sentences.rules import sentences
from sresnap.sentences.week import subject_of_week


def since_page(snapshot: Snapshot, archive: ArchiveState, wording: Wording | None) -> Page:
    """The page; without texts it has no sentences."""
    path, title = SINCE_PAGE.path(), snapshot.site.title
    if archive.week is None:
        nothing = NoComparison("There is no report of a week ago, give or take 6 hours, to compare with.")
        panels = [Panel("words", "No comparison", "nothing", nothing)]
    else:
        found = archive.week.comparison
        clock = Clock.of(archive.index.timezone)
        panels = [Panel("comparison", "Side by side", "comparison", comparison(found, clock, path))]
        if wording is not None:
            said = week_sentences(snapshot, archive, wording)
            panels.insert(0, Panel("words", "In words", "words", words(said, path)))
    return Page(
        path=path,
        title=f"Since last week · {title}",
        heading="Since last week",
        status=NO_STATUS,
        panels=tuple(panels),
        crumbs=(
            Link(relative(FLEET_PAGE.path(), path), title),
            Link(relative(REVIEWS_PAGE.path(), path), "Closed periods"),
        ),
        description="What changed since the report of a week ago.",
    )


def week_sentences(snapshot: Snapshot, archive: ArchiveState, wording: Wording) -> tuple[Sentence, ...]:
    """What changed since the report of a week ago; nothing without one."""
    if archive.week is None:
        return ()
    subject = subject_of_week(archive.week.before, snapshot, archive.week.comparison)
    return sentences(subject, wording, snapshot.site.timezone)
