"""A month of the archive: its days, its neighbours, and the ways to it."""

import re

from sresnap.model.archive import ArchiveState
from sresnap.model.windows import DAY
from sresnap.render.pages.archive import archive_page
from sresnap.render.pages.month import month_pages
from sresnap.render.panels.months import months
from sresnap.render.site import SiteRenderer
from tests import factories
from tests.archives import AT, index_of

OCTOBER, EARLIER, NEWEST = AT - 40 * DAY, AT - 2 * DAY, AT


def rendered(index):
    with SiteRenderer(factories.snapshot()) as renderer:
        return {path: content.decode() for path, content in renderer.past_pages(ArchiveState(index)).files.items()}


def test_a_month_leads_to_its_neighbours_and_lists_all_months_beside_it():
    newest, older = month_pages(index_of(OCTOBER, EARLIER, NEWEST))
    (around,) = [panel.view.around for panel in newest.panels]
    assert [(link.text, link.href) for link in around] == [("← October 2026", "../2026-10/index.html")]
    (around,) = [panel.view.around for panel in older.panels]
    assert [(link.text, link.href) for link in around] == [("November 2026 →", "../2026-11/index.html")]
    links = [(item.link.text, item.link.href, item.is_current) for item in older.side.view.links]
    assert links == [
        ("November 2026", "../../archive/2026-11/index.html", False),
        ("October 2026", "../../archive/2026-10/index.html", True),
    ]


def test_a_month_page_has_a_sidebar_that_shows_nothing_of_the_newest_report():
    page = rendered(index_of(OCTOBER, NEWEST))["archive/2026-10/index.html"]
    side = re.search(r"<aside.*?</aside>", page, re.DOTALL)[0]
    assert re.findall(r"<a [^>]*>([^<]*)</a>", side) == [
        "Overview", "Archive", "Closed periods", "Since last week", "Concepts", "Customize", "November 2026",
        "October 2026",
    ]  # fmt: skip


def test_a_day_in_the_overview_leads_to_its_place_in_its_month():
    index = index_of(OCTOBER, EARLIER, NEWEST)
    row = next(iter(months(index)))
    hrefs = re.findall(r'<a href="([^"]+)"', row.strip.svg)
    assert hrefs == ["2026-11/index.html#d2026-11-20", "2026-11/index.html#d2026-11-22"]
    anchors = re.findall(r'id="(d2[^"]+)"', rendered(index)["archive/2026-11/index.html"])
    assert anchors == ["d2026-11-22", "d2026-11-20"]


def test_the_last_report_of_a_month_is_two_clicks_from_the_fleet():
    index = index_of(OCTOBER - 300, OCTOBER, NEWEST)
    (rows,) = [panel.view.rows for panel in archive_page(ArchiveState(index)).panels if panel.name == "months"]
    assert [row.last.href for row in rows] == ["20261122T213000Z/index.html", "20261013T213000Z/index.html"]


def test_every_live_page_links_to_its_report_in_the_archive():
    snapshot = factories.small()
    with SiteRenderer(snapshot) as renderer:
        frozen = renderer.frozen_page().decode()
        site = renderer.live_pages(ArchiveState(index_of(snapshot.at)))
    link = re.compile(rf'<a href="((?:\.\./|\./)+archive/{snapshot.id}/index\.html)">Link to this report</a>')
    assert all(link.search(site.files[path].decode()) for path in site.pages)
    assert not link.search(frozen)


def test_a_day_of_the_map_of_errors_leads_to_its_reports_where_some_are_kept():
    snapshot = factories.snapshot()
    with SiteRenderer(snapshot) as renderer:
        site = renderer.live_pages(ArchiveState(index_of(EARLIER, NEWEST)))
    page = site.files[f"services/{snapshot.services[0].slug}/index.html"].decode()
    hrefs = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>(Reports of [^<]+)<', page)
    month = "../../archive/2026-11/index.html"
    assert set(hrefs) == {
        (f"{month}#d2026-11-20", "Reports of 20 Nov"), (f"{month}#d2026-11-22", "Reports of 22 Nov"),
    }  # fmt: skip
