"""The script: a newer report arrives by itself and disturbs nothing; an old one says why it is old."""

import functools
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sresnap.model.archive import ArchiveState
from sresnap.model.windows import iso
from sresnap.preview import PreviewServer
from sresnap.render.pages.archive import index_of_one
from sresnap.render.site import SiteRenderer
from tests import factories
from tests.browser.conftest import write_site

KEEPS_THE_ANSWERS = """
    const ask = window.fetch;
    window.answers = [];
    window.fetch = (...what) => {
      const answer = ask(...what);
      window.answers.push(answer);
      return answer;
    };
"""


def snapshot(minutes_ago=0.0, services=None):
    moment = int((datetime.now(UTC) - timedelta(minutes=minutes_ago)).timestamp())
    found = factories.snapshot(services or [factories.healthy_service(), factories.at_risk_service()])
    return replace(found, generated_at=moment)


def fresh(minutes_ago=0.0, services=None):
    """A report whose data end when it was made."""
    report = snapshot(minutes_ago, services)
    return replace(report, at=report.generated_at)


def publish(folder, report):
    """As the build does: pages first, the pointer last. There is no frozen page: nothing of it is refreshed."""
    with SiteRenderer(report) as renderer:
        return _publish(folder, report, renderer.live_pages(ArchiveState(index_of_one(report))))


def publish_ordinary(folder, minutes_ago):
    """Publish a report with nothing special in it, up to three minutes older. Tests of three minutes share it."""
    return _publish(folder, *_ordinary(int(time.time()) // 180 * 180 - 60 * minutes_ago))


@functools.lru_cache
def _ordinary(moment):
    report = replace(snapshot(), generated_at=moment)
    with SiteRenderer(report) as renderer:
        return report, renderer.live_pages(ArchiveState(index_of_one(report)))


def _publish(folder, report, site):
    write_site(folder, site)
    latest = {"id": report.id, "generated_at": iso(report.generated_at), "schedule_seconds": 300, "pages": site.pages}
    (folder / "latest.json").write_text(json.dumps(latest))
    return site


@pytest.fixture
def site(tmp_path):
    with PreviewServer(tmp_path) as server:
        yield tmp_path, server.url


def rev(page):
    return page.evaluate("document.documentElement.dataset.rev")


def test_a_new_report_arrives_within_20_seconds_and_disturbs_nothing(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of(own_window=True, viewport={"width": 1000, "height": 700})
    page.clock.install()
    page.goto(url)
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=5))  # so that it looks once, and not before
    summary = page.locator("[data-panel=budgets] details.data summary").first
    page.get_by_label("6h", exact=True).check()
    summary.click()
    summary.focus()
    page.evaluate("document.querySelector('[data-panel=signals]').dataset.same = 'kept'")
    top = summary.bounding_box()["y"]
    scrolled = page.evaluate("scrollY")
    assert scrolled > 100
    worse = [
        replace(factories.overspent_service("api"), signals=factories.healthy_service().signals),
        factories.at_risk_service(),
    ]
    wanted = publish(folder, snapshot(0, worse)).pages["index.html"]
    page.clock.run_for(20_000)
    page.wait_for_selector(f'html[data-rev="{wanted}"]')
    assert "Budget spent" in page.locator("[data-panel=verdict]").inner_text()
    assert summary.evaluate("(e) => e.parentElement.open && document.activeElement === e")
    assert abs(summary.bounding_box()["y"] - top) < 2 or page.evaluate("scrollY") == scrolled
    assert page.get_by_label("6h", exact=True).is_checked()
    assert page.locator("[data-announce]").inner_text() == "Status changed from Ticket, at risk to Ticket, budget spent"
    assert page.complaints == []


def test_a_panel_that_did_not_change_is_left_alone(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    page.evaluate("document.querySelector('[data-panel=slos]').dataset.same = 'kept'")
    wanted = publish_ordinary(folder, 0).pages["index.html"]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("(rev) => document.documentElement.dataset.rev === rev", arg=wanted, timeout=5_000)
    assert page.evaluate("document.querySelector('[data-panel=slos]').dataset.same") == "kept"


def test_a_service_page_is_refreshed_from_its_depth(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url + "services/api/")
    wanted = publish_ordinary(folder, 0).pages["services/api/index.html"]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("(rev) => document.documentElement.dataset.rev === rev", arg=wanted, timeout=5_000)


def test_updates_can_be_paused_and_resumed(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    before = rev(page)
    page.get_by_role("button", name="Pause updates").click()
    publish_ordinary(folder, 0)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert rev(page) == before
    assert page.locator("[data-pause]").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Resume updates").click()
    page.wait_for_function("(rev) => document.documentElement.dataset.rev !== rev", arg=before, timeout=5_000)


@pytest.mark.parametrize(("minutes", "words"), [(4, ""), (8, "▲ Late"), (16, "✕ Stale")])
def test_an_old_report_says_that_the_job_is_late(page_of, site, minutes, words):
    folder, url = site
    publish(folder, fresh(minutes, [factories.small_service()]))
    page = page_of()
    page.goto(url)
    assert f"({minutes} min ago)" in page.locator("[data-panel=freshness]").inner_text()
    if words:
        assert words in page.locator("[data-stale]").inner_text()
        assert "The job that builds it is late or has stopped" in page.locator("[data-stale]").inner_text()
    else:
        assert page.locator("[data-stale]").is_hidden()


def test_a_reader_who_is_offline_reads_so(page_of, site):
    folder, url = site
    publish_ordinary(folder, 8)
    page = page_of(own_window=True)
    page.goto(url)
    page.context.set_offline(True)
    page.get_by_role("button", name="Pause updates").click()
    page.get_by_role("button", name="Resume updates").click()
    page.wait_for_function(
        "() => document.querySelector('[data-stale]').textContent.includes('Your browser is offline')", timeout=5_000
    )


def test_a_page_that_left_the_report_says_so(page_of, site):
    folder, url = site
    publish_ordinary(folder, 8)
    page = page_of()
    page.goto(url + "services/web/")
    (folder / "latest.json").write_text(
        json.dumps({"pages": {"index.html": "x"}, "generated_at": "2030-01-01T00:00:00Z"})
    )
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function(
        "() => document.querySelector('[data-stale]').textContent.includes('not in the latest report')", timeout=5_000
    )


def test_a_page_that_is_served_as_it_was_says_that_a_cache_may_be_why(page_of, site):
    folder, url = site
    publish_ordinary(folder, 8)
    page = page_of()
    page.goto(url)
    pages = {"index.html": "0123456789"}
    (folder / "latest.json").write_text(json.dumps({"pages": pages, "generated_at": "2030-01-01T00:00:00Z"}))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('[data-stale]').textContent.includes('A cache may hold it')")


def test_a_fresh_page_that_has_left_the_report_says_so_too(page_of, site):
    folder, url = site
    publish_ordinary(folder, 0)
    page = page_of()
    page.goto(url + "services/web/")
    (folder / "latest.json").write_text(json.dumps({"pages": {"index.html": "x"}}))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => !document.querySelector('[data-stale]').hidden")
    assert "not in the latest report" in page.locator("[data-stale]").inner_text()


def test_a_login_page_in_place_of_the_pointer_is_named(page_of, site):
    folder, url = site
    publish_ordinary(folder, 8)
    page = page_of()
    page.goto(url)
    (folder / "latest.json").write_text("<!doctype html><title>Sign in</title>")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('[data-stale]').textContent.includes('Is it a login page?')")


def test_a_stale_report_looks_good_nowhere(page_of, site):
    folder, url = site
    publish(folder, fresh(16, [factories.healthy_service()]))
    page = page_of(color_scheme="light")
    page.goto(url)
    grey, blue = "rgb(91, 100, 114)", "rgb(21, 98, 148)"
    colours = "(all) => all.map((e) => getComputedStyle(e).color)"
    for place in ("[data-panel=bar] .badge", ".verdict .badge.big", ".slos .badge", "#side .glyph.ok"):
        assert set(page.locator(place).evaluate_all(colours)) == {grey}, place
    before = "(all) => all.map((e) => getComputedStyle(e, '::before').content)"
    assert page.locator(".verdict .badge.big").evaluate_all(before) == ['"last known:"', "none"]
    publish(folder, fresh(0, [factories.healthy_service()]))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('[data-stale]').hidden")
    assert page.locator(".verdict .badge.big").evaluate_all(colours) == [blue] * 2


def test_a_new_report_leaves_the_tours_mark_and_what_is_sought(page_of, site):
    folder, url = site
    many = [factories.small_service(f"service-{index}") for index in range(10)]
    publish(folder, snapshot(1, many))
    page = page_of(viewport={"width": 1440, "height": 900})
    page.goto(url)
    page.get_by_role("searchbox", name="Find a service").fill("service-7")
    page.get_by_role("button", name="Tour").click()
    wanted = publish(folder, snapshot(0, [factories.overspent_service("service-0"), *many[1:]])).pages["index.html"]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("(rev) => document.documentElement.dataset.rev === rev", arg=wanted, timeout=5_000)
    assert page.locator(".toured").get_attribute("data-panel") == "verdict"
    assert page.get_by_role("searchbox", name="Find a service").input_value() == "service-7"
    assert page.locator("#services-list li:visible").count() == 1
    assert page.complaints == []


def test_an_unchanged_poll_costs_next_to_nothing(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url, wait_until="networkidle")
    requested = []
    page.on("requestfinished", lambda request: requested.append(request))  # noqa: PLW0108 - it marks what it calls
    with page.expect_event("requestfinished"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)  # and nothing more
    assert [request.url.removeprefix(url) for request in requested] == ["latest.json"]
    assert sum(request.sizes()["responseBodySize"] for request in requested) <= 1024


def test_the_icon_changes_with_the_state_and_no_other_time(page_of, site):
    folder, url = site
    icon = "document.querySelector('link[rel=icon]')"
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    assert "/assets/icon-risk." in page.evaluate(f"{icon}.href")
    page.evaluate(f"{icon}.isKept = true")
    for services, name, kept in (
        ([factories.healthy_service(), factories.at_risk_service(), factories.healthy_service("new", 3)], "risk", True),
        ([factories.burning_service()], "bad", False),
    ):
        wanted = publish(folder, snapshot(0, services)).pages["index.html"]
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_function("(rev) => document.documentElement.dataset.rev === rev", arg=wanted, timeout=5_000)
        assert f"/assets/icon-{name}." in page.evaluate(f"{icon}.href")
        assert page.evaluate(f"'isKept' in {icon}") is kept
        assert page.evaluate("document.querySelectorAll('link[rel=icon]').length") == 1
    assert page.complaints == []


def test_new_assets_are_loaded_once_by_a_full_reload_that_keeps_the_chosen_window(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    page.get_by_label("6h", exact=True).check()
    report = snapshot(0)
    other = replace(report, site=replace(report.site, accent="#0f766e"))
    loads = []
    page.on("load", lambda _: loads.append(1))
    wanted = publish(folder, other).pages["index.html"]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("(rev) => document.documentElement.dataset.rev === rev", arg=wanted, timeout=5_000)
    page.wait_for_load_state("load")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert len(loads) == 1
    assert page.get_by_label("6h", exact=True).is_checked()
    assert page.complaints == []


def test_a_site_that_fails_is_asked_less_and_less_often(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of(own_window=True)
    requested = []

    def fail(route):
        requested.append(route.request.url)
        route.fulfill(status=503, body="")

    page.route("**/latest.json", fail)
    page.add_init_script(KEEPS_THE_ANSWERS)
    page.clock.install()
    page.goto(url)
    # Every 20 s it would be 30 in 10 minutes; after 1, 2, 4, 8, 15 times as long it is six or seven.
    for _ in range(60):
        page.clock.run_for(10_000)
        # The script's patience goes by the same clock, which must not run on while an answer is on its way.
        page.evaluate("() => Promise.allSettled(window.answers)")
    assert 4 <= len(requested) <= 9
    assert "The site answers HTTP 503" in page.locator("[data-stale]").inner_text()


def test_a_hidden_tab_asks_nothing_and_looks_at_once_when_it_is_shown(page_of, site):
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of(own_window=True)
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away ?? false})")
    page.clock.install()
    page.goto(url)
    requested = []
    page.on("request", lambda request: requested.append(request.url) if request.resource_type == "fetch" else None)
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(50_000)
    assert requested == []
    with page.expect_request("**/latest.json"):
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert [address.removeprefix(url) for address in requested] == ["latest.json"]
