"""The archive's pages as a browser sees them: quiet, accessible, within their width; a frozen page asks for nothing."""

from dataclasses import replace

import pytest

from sresnap.app import archive, archived_reports
from sresnap.documents import archive_index
from sresnap.model.windows import DAY, snapshot_id
from sresnap.preview import PreviewServer
from sresnap.render.status_badges import verdict_badge
from tests import factories
from tests.archives import AT, put, report
from tests.browser.looks import CUT_BADGES, EXAMINED, PAUSED, VIOLATIONS, WIDE, WIDTHS, look_at

FROZEN, THINNED = f"archive/{snapshot_id(AT)}/index.html", f"archive/{snapshot_id(AT - 40 * DAY)}/index.html"
PAGES = [
    "archive/index.html",
    "archive/2026-11/index.html",
    "archive/compare/index.html",
    FROZEN,
    THINNED,
]


def other_rules():
    """Of `mixed`, web with an objective that was not so strict, worker with a correction that was taken back."""
    api, web, worker = factories.mixed().services
    lax = factories.slo(objective=0.99, hours=web.slos[0].hours)
    corrected = replace(worker.slos[0], uncorrected=factories.corrected_slo().uncorrected)
    return factories.snapshot([api, replace(web, slos=(lax,)), replace(worker, slos=(corrected,))])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("archived")
    put(root, report(AT - 40 * DAY))
    put(root, report(AT - 40 * DAY + 300))
    put(root, report(AT - 7 * DAY, other_rules))
    put(root, report(AT - 300, factories.evaluated))
    archive.pin(root, "latest", "the day of the move", AT)
    put(root, report(AT, factories.mixed, reconstructed=True))
    assert "summary kept" in (root / THINNED).read_text()
    return root


@pytest.fixture(scope="module")
def address(site):
    with PreviewServer(site) as server:
        yield server.url


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_archive_is_accessible_quiet_and_fits_its_width_in_light_and_dark(page_of, address, path):
    page = page_of(viewport={"width": WIDTHS[0], "height": 800})
    page.add_init_script(VIOLATIONS)
    page.add_init_script(PAUSED)
    page.goto(address + path)
    look_at(page, WIDE if path == FROZEN else EXAMINED)


def test_a_frozen_page_says_so_and_never_looks_for_a_newer_one(page_of, address):
    requested = []
    page = page_of(own_window=True, viewport={"width": 1440, "height": 800})
    page.clock.install()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address + FROZEN)
    page.clock.run_for(10 * 60 * 1000)
    assert [url for url in requested if url.endswith((".html", ".json"))] == [address + FROZEN]
    assert page.get_by_text("Frozen.", exact=True).is_visible()
    assert page.get_by_text("Backfilled.", exact=True).is_visible()
    assert page.locator("[data-pause]").count() == 0
    assert page.locator("[data-stale]").is_hidden()
    assert page.complaints == []


def test_a_reader_without_javascript_walks_from_the_overview_through_the_archive_and_back(page_of, address):
    page = page_of(viewport={"width": 1440, "height": 800}, java_script_enabled=False)
    page.goto(address)
    page.get_by_role("link", name="Archive", exact=True).click()
    page.locator(".reports a").first.click()
    assert page.url.endswith(FROZEN)
    page.get_by_role("link", name="Previous report").click()
    assert page.url.endswith(f"archive/{snapshot_id(AT - 300)}/index.html")
    page.get_by_role("link", name="Next reports").click()
    assert page.url.endswith(f"archive/2026-11/index.html#r{snapshot_id(AT - 300)}")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Archive").click()
    page.get_by_role("link", name="October 2026", exact=True).click()
    assert page.get_by_text("1 report kept. 1 report of this month").is_visible()
    assert page.complaints == []


def test_the_longest_verdict_covers_nothing_beside_it(page_of, address):
    page = page_of(viewport={"width": 1440, "height": 800})
    page.goto(address + "archive/compare/index.html")
    badges = page.locator(".changes .badge")
    badges.evaluate_all("(badges) => badges.forEach((badge) => badge.append(' Paging, budget spent'))")
    assert badges.count()
    assert page.evaluate(CUT_BADGES) == []


def test_any_two_reports_are_compared_as_the_command_does_it(page_of, site, address):
    page = page_of(viewport={"width": 1440, "height": 800})
    page.goto(address + "archive/compare/index.html")
    later, earlier = page.locator("[data-compare] select").all()
    later.locator("option").nth(1).wait_for(state="attached")
    assert later.locator("option").all_inner_texts() == [
        "2026-11-22 21:30:00 UTC", "2026-11-22 21:25:00 UTC", "2026-11-15 21:30:00 UTC", "2026-10-13 21:35:00 UTC",
    ]  # fmt: skip
    newest = [name.inner_text() for name in page.locator("[data-compare] select option:checked").all()]
    assert newest == ["2026-11-22 21:30:00 UTC", "2026-11-22 21:25:00 UTC"], "a report, compared with the one before it"
    later.select_option("2026-11-22 21:30:00 UTC")
    earlier.select_option("2026-11-15 21:30:00 UTC")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("[data-compare] tbody tr").first.wait_for()
    rows = [
        tuple(line.split("\t"))
        for line in page.locator("[data-compare] tbody tr").evaluate_all(
            "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent).join('\t'))"
        )
    ]
    slos = archived_reports.diff(site, snapshot_id(AT - 7 * DAY), "latest").slos
    assert [slo.service for slo in slos if slo.reason] == ["web", "worker"]
    assert rows == [expected(slo) for slo in slos]
    assert page.get_by_text(f"{snapshot_id(AT - 7 * DAY)} → {snapshot_id(AT)}").is_visible()
    assert page.complaints == []


def expected(slo):
    def ratio(value):
        return "unknown" if value is None else f"{float(f'{100 * value:.4f}'):g}\u202f%".replace("-", "−")

    def judged(state, status, remaining):
        if status is None:
            return "not in the report", ""
        badge = verdict_badge(state, status, in_full=True)  # as the server's comparison on the same page
        return f"{badge.glyph} {badge.word}", ratio(remaining)

    before = judged(slo.now_before, slo.status_before, slo.remaining_before)
    after = judged(slo.now, slo.status, slo.remaining)
    return f"{slo.service} {slo.slo}", *before, *after, "not comparable" if slo.reason else ratio(slo.spent_ratio)


def test_a_bundle_opens_from_a_folder_without_a_request(page_of, site, tmp_path):
    entry, html = archived_reports.bundle(site, "latest")
    file = tmp_path / "report.html"
    file.write_text(html)
    requested = []
    page = page_of(viewport={"width": 1440, "height": 800})
    page.add_init_script(VIOLATIONS)
    page.on("request", lambda request: requested.append(request.url) if not request.url.startswith("data:") else None)
    page.goto(file.as_uri())
    assert requested == [file.as_uri()]
    assert page.evaluate("getComputedStyle(document.querySelector('.panel-slos')).borderRadius") == "8px"
    page.get_by_label("6h", exact=True).check()
    assert page.locator(".curve.w1").first.is_visible()
    assert entry.id == archive_index.load(site).newest.id
    assert page.complaints == []
