"""A report → the files of its site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sresnap
from sresnap.compute.fleet.teams import teams
from sresnap.documents import schemas
from sresnap.documents.layout import (
    CONCEPTS_PAGE,
    CUSTOMIZE_PAGE,
    FEED,
    FLEET_PAGE,
    FROZEN_PAGE,
    NOT_FOUND_PAGE,
    SERVICE_PAGE,
    TEAM_FEED,
    TEAM_PAGE,
)
from sresnap.model.archive import ArchiveState
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import day_of, iso
from sresnap.render.assets import Assets, collect
from sresnap.render.charts.drawing import Charts
from sresnap.render.clock import Clock
from sresnap.render.concepts import load_primer
from sresnap.render.downloads.badges import badges
from sresnap.render.downloads.feed import feed, team_feed
from sresnap.render.downloads.objectives import objective_files
from sresnap.render.downloads.queries import query_file
from sresnap.render.downloads.review import review_table
from sresnap.render.downloads.statements import statement_files
from sresnap.render.page import PageRenderer
from sresnap.render.pages.archive import archive_page, index_of_one
from sresnap.render.pages.compare import compare_page
from sresnap.render.pages.concepts import concepts_page
from sresnap.render.pages.customize import customize_page
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.pages.frozen import frozen_page
from sresnap.render.pages.month import month_pages
from sresnap.render.pages.period import period_pages
from sresnap.render.pages.reviews import reviews_page
from sresnap.render.pages.service import service_page
from sresnap.render.pages.since import since_page
from sresnap.render.pages.summary import summary_pages
from sresnap.render.pages.team import team_page
from sresnap.render.templates import load_templates
from sresnap.render.theme import theme_errors
from sresnap.render.views import Page, Shell
from sresnap.sentences.closed import ReviewsShown

_FIXED_PAGES = 7
"""The live pages of every site: concepts, customize, archive, compare, closed periods, since last week, the fleet."""


def live_pages_of(snapshot: Snapshot) -> int:
    """How many live pages a report has."""
    return len(snapshot.services) + len(teams(snapshot.services)) + _FIXED_PAGES


@dataclass(frozen=True, slots=True)
class Site:
    """Files of a site, rendered but not written."""

    files: dict[str, bytes]
    """Content by site-relative path, in the order to write them: assets first, the fleet's page last."""
    pages: dict[str, str] = field(default_factory=dict)
    """By path of a live page, the hash that its `data-rev` shows too."""
    summaries: dict[str, bytes] = field(default_factory=dict)
    """Pages of thinned reports. They may replace an archived page and nothing else."""


class SiteRenderer:
    """Renders the pages of one report. The same snapshot, theme and archive give the same bytes.

    A build calls it in two steps, with the archive between them: `frozen_page`, which is archived, then `live_pages`,
    which show the archive. A chart that is on several pages is drawn once. A context manager: it restores matplotlib's
    settings at its end. The site's own favicon (`snapshot.site.favicon` is a path) is only linked to; the caller writes
    its file.
    """

    def __init__(
        self, snapshot: Snapshot, theme: Path | None = None, on_page: Callable[[], None] = lambda: None
    ) -> None:
        """Load templates and assets.

        Args:
            snapshot: the report.
            theme: a user's folder with templates that replace shipped ones, and a `theme.css`.
            on_page: called after each live page.

        Raises:
            ThemeError: a file of the theme cannot be read.
        """
        self._snapshot, self._theme, self._on_page = snapshot, theme, on_page
        self._charts = Charts(Clock.of(snapshot.site.timezone))
        self._primer = load_primer()
        with theme_errors(theme):
            self._assets = collect(snapshot.site, theme)
            shell = _shell(snapshot, self._assets)
            self._pages = PageRenderer(load_templates(theme), shell, snapshot, self._charts, self._primer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._charts.__exit__()

    def frozen_page(self) -> bytes:
        """The fleet's page as the archive keeps it.

        Raises:
            ThemeError: a template of the theme is wrong. So do all methods.
        """
        with theme_errors(self._theme):
            return self._pages.page(frozen_page(self._snapshot, self._charts))[0]

    def live_pages(self, archive: ArchiveState, reviews: ReviewsShown | None = None) -> Site:
        """Everything that shows this report as the newest, and the archive with it.

        Args:
            archive: the archive with this report in it.
            reviews: the closed periods; None where nothing is known of them.
        """
        site = Site(dict(self._assets.files))
        with theme_errors(self._theme):
            site.files.update(_downloads(self._snapshot))
            self._add_live(site, self._own_pages(archive))
            self._add_archive(site, archive)
            self._add_team_feeds(site, archive)
            site.files.update(badges(self._snapshot))
            self._add_live(site, (compare_page(archive), archive_page(archive)))
            self._add_reviews(site, archive, reviews)
            site.files[NOT_FOUND_PAGE.path()] = self._pages.not_found()
            self._add_live(site, (fleet_page(self._snapshot, self._charts),))
        return site

    def past_pages(self, archive: ArchiveState) -> Site:
        """What changes when this report is filed but a newer one stays on the live pages."""
        site = Site(dict(self._assets.files))
        with theme_errors(self._theme):
            self._add_archive(site, archive)
        return site

    def archive_pages(self, archive: ArchiveState) -> Site:
        """The archive's pages only, for a change of the archive without a new report."""
        site = self.past_pages(archive)
        with theme_errors(self._theme):
            self._add_team_feeds(site, archive)
            self._add_live(site, (compare_page(archive), archive_page(archive)))
        return site

    def summaries(self, archive: ArchiveState) -> dict[str, bytes]:
        """The pages of thinned reports, by site-relative path."""
        with theme_errors(self._theme):
            return {page.path: self._pages.still_page(page) for page in summary_pages(archive)}

    def _own_pages(self, archive: ArchiveState) -> Iterator[Page]:
        days = {day_of(entry.at) for entry in archive.index.entries}
        for service in self._snapshot.services:
            yield service_page(self._snapshot, service, self._charts, days)
        for team in teams(self._snapshot.services):
            yield team_page(self._snapshot, team, self._charts)
        yield concepts_page(self._snapshot, self._primer)
        yield customize_page(self._snapshot)

    def _add_live(self, site: Site, pages: Iterable[Page]) -> None:
        for page in pages:
            site.files[page.path], site.pages[page.path] = self._pages.page(page)
            self._on_page()

    def _add_archive(self, site: Site, archive: ArchiveState) -> None:
        """The feed, the months and the summaries, which are made from the archive's index only."""
        site.files[FEED.path()] = feed(archive.index, self._snapshot.site.base_url, self._snapshot.at)
        for page in month_pages(archive.index):
            site.files[page.path] = self._pages.still_page(page)
        site.summaries.update(self.summaries(archive))

    def _add_reviews(self, site: Site, archive: ArchiveState, reviews: ReviewsShown | None) -> None:
        """The closed periods that are written, the list of all, and the week since a report."""
        if reviews is not None:
            site.files.update((page.path, self._pages.still_page(page)) for page in period_pages(reviews))
            site.files.update(map(review_table, reviews.written))
        index, wording = (None, None) if reviews is None else (reviews.index, reviews.wording)
        pages = (reviews_page(self._snapshot, index), since_page(self._snapshot, archive, wording))
        self._add_live(site, pages)

    def _add_team_feeds(self, site: Site, archive: ArchiveState) -> None:
        """The feeds of the teams that this report has: it must be the newest one."""
        base, at = self._snapshot.site.base_url, self._snapshot.at
        for team in teams(self._snapshot.services):
            names = {service.name for service in team.services}
            site.files[TEAM_FEED.path(team.slug)] = team_feed(archive.index, base, at, team.name, names)


def render(snapshot: Snapshot, archive: ArchiveState | None = None, *, theme: Path | None = None) -> Site:
    """The whole site of a report that is archived already.

    Args:
        snapshot: the report.
        archive: the archive with the report in it; without it, the archive's pages show only this report.
        theme: a user's folder of templates, see `SiteRenderer`.

    Raises:
        ThemeError: a template of the theme is wrong.
    """
    with SiteRenderer(snapshot, theme) as renderer:
        frozen = renderer.frozen_page()
        site = renderer.live_pages(archive or ArchiveState(index_of_one(snapshot)))
        site.files[FROZEN_PAGE.path(snapshot.id)] = frozen
        return site


def paths_of_report(snapshot: Snapshot) -> set[str]:
    """Site-relative paths of the pages, downloads, badges and schemas that a report's site has beside the archive."""
    pages = (FLEET_PAGE, NOT_FOUND_PAGE, CONCEPTS_PAGE, CUSTOMIZE_PAGE, FEED)
    services = (SERVICE_PAGE.path(service.slug) for service in snapshot.services)
    of_teams = (row.path(team.slug) for team in teams(snapshot.services) for row in (TEAM_PAGE, TEAM_FEED))
    data = (name for name, _ in (*_downloads(snapshot), *badges(snapshot)))
    return {*(page.path() for page in pages), *services, *of_teams, *data, *schemas.files()}


def _downloads(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    yield from objective_files(snapshot.services).items()
    yield query_file(snapshot)
    for service in snapshot.services:
        yield from statement_files(snapshot, service).items()
        yield from objective_files(snapshot.services, only=service).items()


def _current_at(snapshot: Snapshot) -> int:
    """The moment from which a page counts as late: of its build, or of its data where that is older than a schedule."""
    is_old = snapshot.generated_at - snapshot.at > snapshot.site.schedule_seconds
    return snapshot.at if is_old else snapshot.generated_at


def _shell(snapshot: Snapshot, assets: Assets) -> Shell:
    return Shell(
        site_title=snapshot.site.title,
        css=assets.css,
        boot=assets.boot,
        script=assets.script,
        icon=assets.icon,
        icon_type=assets.icon_type,
        state_icons=assets.state_icons,
        policy=assets.policy,
        schedule_seconds=snapshot.site.schedule_seconds,
        current_at=iso(_current_at(snapshot)),
        generated=Clock.of(snapshot.site.timezone).moment(snapshot.generated_at).text,
        report=snapshot.id,
        footer=(f"report {snapshot.id}", f"sresnap {sresnap.__version__}"),
    )
