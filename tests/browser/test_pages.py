"""The pages as a browser sees them: quiet, within their width, whole without JavaScript."""

import re

import pytest

from tests.browser.looks import EXAMINED, PAUSED, VIOLATIONS, WIDE, WIDTHS, look_at

PAGES = ["index.html", "services/api/index.html"]
EVERY = [*PAGES, "services/worker/index.html", "concepts/index.html", "customize/index.html", "404.html"]


@pytest.mark.parametrize("path", EVERY)
def test_a_page_is_accessible_quiet_and_fits_its_width_in_light_and_dark(page_of, served, path):
    page = page_of(viewport={"width": WIDTHS[0], "height": 800})
    page.add_init_script(VIOLATIONS)
    page.add_init_script(PAUSED)
    page.goto(served("evaluated") + path)
    look_at(page, WIDE if "worker" in path else EXAMINED)


BURSTING = """[...document.querySelectorAll('button')]
    .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth).map((e) => e.innerText)"""
"""Buttons whose text is wider than they are: it touches what is beside them."""


@pytest.mark.parametrize("state", ["weird_names", "no_data", "some_failed", "no_service"])
def test_odd_states_fit_too(page_of, served, state):
    page = page_of(viewport={"width": 1440, "height": 800})
    page.add_init_script(VIOLATIONS)
    page.goto(served(state))
    for width in (1440, 1000, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BURSTING) == [], width
    assert page.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opened_from_a_folder_is_quiet_and_styled(page_of, built, path):
    page = page_of()
    page.add_init_script(VIOLATIONS)
    page.goto((built("mixed") / path).as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("getComputedStyle(document.querySelector('.panel-slos')).borderRadius") == "8px"
    assert page.locator("[data-pause]").is_hidden()
    page.get_by_role("link", name="worker", exact=True).first.click() if path == "index.html" else None
    assert page.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_there_without_javascript(page_of, served, path):
    page = page_of(java_script_enabled=False)
    page.goto(served("mixed") + path)
    assert page.get_by_text("22 Nov 2026, 22:30 CET").first.is_visible()
    for name in ("slos", "budgets", "signals", "capacity", "quality"):
        assert page.locator(f"[data-panel={name}]").is_visible()
    assert page.locator(".curve svg[role=img]").count() == 12
    assert page.locator("[data-pause]").is_hidden()


def test_the_switch_of_windows_works_without_javascript(page_of, served):
    page = page_of(java_script_enabled=False)
    page.goto(served("mixed"))
    page.get_by_label("6h", exact=True).check()
    assert page.locator(".curve.w1").first.is_visible()
    assert page.locator(".curve.w0").first.is_hidden()


def test_a_page_asks_only_its_own_site_for_few_files(page_of, served):
    requested = []
    page = page_of()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(served("mixed"), wait_until="networkidle")
    assert all(url.startswith(served("mixed")) for url in requested)
    assert len(requested) <= 8


def test_the_keyboard_reaches_the_content(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_fleet_is_printed_on_two_pages_with_its_address_and_time(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    assert page.locator("[data-address]").inner_text() in ("", served("mixed"))
    page.emulate_media(media="print")
    assert page.locator("[data-pause]").is_hidden()
    assert page.locator("[data-panel=slos]").is_visible()
    assert page.locator("[data-panel=attention] .why").first.is_visible()
    assert page.locator(".alerts .alert-state").first.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".printed").inner_text().endswith(f"generated 22 Nov 2026, 22:30 CET · {served('mixed')}")
