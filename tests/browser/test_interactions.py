"""What a reader can do on a page by keyboard, mouse and touch."""

import csv
import io
import json

import pytest

from sresnap.documents.layout import SNAPSHOT
from tests import factories
from tests.browser.looks import violations
from tests.browser.test_refresh import fresh, publish, publish_ordinary, site, snapshot  # noqa: F401 - site is a fixture

TERM = "[data-panel=slos] .term[popovertarget=t-sli]"


def test_a_term_explains_itself_to_the_keyboard(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    page.locator(TERM).first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#t-sli").is_visible()
    assert "share of events that were good" in page.locator("#t-sli").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#t-sli").is_hidden()
    assert page.evaluate("document.activeElement.textContent").startswith("SLI")
    assert page.complaints == []


def test_a_term_explains_itself_to_a_finger_and_without_javascript(page_of, served):
    page = page_of(has_touch=True, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(served("mixed") + "services/api/index.html")
    page.locator("[data-panel=key_numbers] .term").first.tap()
    assert page.locator(".pop:popover-open").is_visible()
    page.locator(".pop:popover-open a").tap()
    page.wait_for_url("**/concepts/index.html#sli")
    assert page.locator("#sli h3").is_visible()


def test_the_tour_walks_through_the_panels_and_gives_the_focus_back(page_of, served):
    page = page_of(viewport={"width": 1440, "height": 900})
    page.goto(served("mixed"))
    page.get_by_role("button", name="Tour").click()
    box = page.locator("#tour")
    seen = []
    while box.is_visible():
        seen.append(page.locator(".toured").get_attribute("data-panel"))
        assert box.locator("[data-tour-words]").inner_text()
        page.keyboard.press("Enter")
    assert seen == ["verdict", "key_numbers", "slos", "budgets", "signals", "capacity", "quality"]
    assert page.evaluate("document.activeElement.textContent") == "Tour"
    page.get_by_role("button", name="Tour").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Back").click()
    assert page.locator(".toured").get_attribute("data-panel") == "verdict"
    page.keyboard.press("Escape")
    assert box.is_hidden()
    assert page.locator(".toured").count() == 0
    assert page.complaints == []


def test_the_drawer_opens_on_a_phone_and_closes_by_escape(page_of, served):
    page = page_of(viewport={"width": 390, "height": 800})
    page.goto(served("mixed"))
    assert page.locator("#side").is_hidden()
    page.get_by_role("button", name="Menu").click()
    assert page.locator("#side").get_by_role("link", name="web").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()
    page.get_by_role("button", name="Menu").click()
    page.locator("#side").get_by_role("link", name="web").click()
    assert page.locator("h1").inner_text() == "web"


def test_what_a_reader_chooses_stays_on_every_page(page_of, served):
    page = page_of(color_scheme="light")
    page.goto(served("mixed") + "customize/index.html")
    page.locator("input[name=theme][value=dark]").check()
    page.locator("input[name=density][value=compact]").check()
    page.get_by_label("Green").check()
    page.goto(served("mixed"))
    style = "getComputedStyle(document.documentElement).getPropertyValue('{}').trim()"
    assert page.evaluate(style.format("--bg")) == "#0f1318"
    assert page.evaluate(style.format("--gap")) == "8px"
    # #3f7d20 is too dark for the dark theme: it was made lighter.
    accent = page.evaluate(style.format("--accent"))
    assert accent not in {"#3f7d20", ""}
    page.get_by_role("button", name="Hide sidebar").click()
    assert page.locator("#side").is_hidden()
    page.goto(served("mixed") + "customize/index.html")
    assert page.locator("#side").is_hidden()
    page.get_by_role("button", name="Reset to site defaults").click()
    assert page.locator("#side").is_visible()
    assert page.evaluate(style.format("--bg")) == "#fff"
    assert page.complaints == []


def test_a_hidden_sidebar_can_be_brought_back_by_keyboard(page_of, served):
    page = page_of(viewport={"width": 1440, "height": 900})
    page.goto(served("mixed"))
    page.get_by_role("button", name="Hide sidebar").press("Enter")
    assert page.locator("#side").is_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    assert page.locator("#side").get_by_role("link", name="web").is_visible()
    page.get_by_role("button", name="Show sidebar").press("Enter")
    assert page.locator("#side").is_visible()
    assert page.get_by_role("button", name="Menu").is_hidden()
    assert page.complaints == []


def test_the_chosen_window_is_kept_from_page_to_page(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    page.get_by_label("6h", exact=True).check()
    page.goto(served("mixed") + "services/web/index.html")
    assert page.get_by_label("6h", exact=True).is_checked()
    assert page.locator(".curve.w0").first.is_hidden()


def test_a_pause_holds_from_page_to_page(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    page.get_by_role("button", name="Pause updates").click()
    page.goto(served("mixed") + "services/web/index.html")
    assert page.get_by_role("button", name="Resume updates").get_attribute("aria-pressed") == "true"


def test_an_open_explanation_is_accessible(page_of, served):
    page = page_of()
    page.goto(served("mixed"))
    page.locator(TERM).first.click()
    assert page.locator("#t-sli").is_visible()
    assert violations(page, contrast_of="#t-sli, #t-sli *") == []


def test_the_glossary_and_the_simulator_are_walked_by_keyboard(page_of, served):
    page = page_of()
    page.goto(served("mixed") + "concepts/index.html")
    page.get_by_role("searchbox", name="Find a term").focus()
    page.keyboard.type("burn window")
    assert 0 < page.locator(".concept:visible").count() < 8
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.locator("[data-simulator] [name=target]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("99")
    # 1 % of 28 days: 6 h 43 min.
    assert page.locator("[data-out=budget]").inner_text() == "6 h 43 min"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "days"


def test_a_custom_accent_is_made_readable(page_of, served):
    page = page_of(color_scheme="light")
    page.goto(served("mixed") + "customize/index.html")
    page.get_by_label("Custom accent").fill("#ffff00")
    accent = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()")
    channels = [int(accent[i : i + 2], 16) for i in (1, 3, 5)]
    assert max(channels) < 0x90, "yellow on white is not"


def test_the_glossary_is_searched_while_one_types(page_of, served):
    page = page_of()
    page.goto(served("mixed") + "concepts/index.html")
    page.get_by_role("searchbox", name="Find a term").fill("burn window")
    shown = page.locator(".concept:visible")
    assert 0 < shown.count() < 8
    assert f"{shown.count()} of" in page.locator("[data-found-for]").inner_text()
    page.get_by_role("searchbox", name="Find a term").fill("")
    assert page.locator(".concept:visible").count() == page.locator(".concept").count()


def test_the_simulator_reckons_as_the_formulas_do(page_of, served):
    page = page_of()
    page.goto(served("mixed") + "concepts/index.html")
    form = page.locator("[data-simulator]")
    for name, value in (("target", "99.9"), ("days", "28"), ("outage", "20"), ("burn", "2")):
        form.locator(f"[name={name}]").fill(value)
    # 0.1 % of 28 days = 40.32 min; 20 of them spent: 50.4 % left, which at 2× lasts 0.504 × 14 d = 7 d 1 h.
    out = {name: form.locator(f"[data-out={name}]").inner_text() for name in ("budget", "left", "sli", "lasts")}
    assert out == {"budget": "40 min", "left": "50\u202f%", "sli": "99.95\u202f%", "lasts": "7 d 1 h"}
    form.locator("[name=outage]").fill("90")
    assert form.locator("[data-out=left]").inner_text().startswith("−123")
    assert form.locator("[data-out=lasts]").inner_text() == "overspent"
    form.locator("[name=target]").fill("100")
    assert form.locator("[data-out=left]").inner_text() == "—"
    form.locator("[name=preset]").select_option(index=1)
    assert form.locator("[name=target]").input_value() == "99.5"


def test_numbers_are_saved_unrounded_from_the_report_itself(page_of, site):  # noqa: F811
    folder, url = site
    report = snapshot()
    publish(folder, report)
    from sresnap.documents import snapshots

    name = SNAPSHOT.path(report.id)
    (folder / name).parent.mkdir()
    (folder / name).write_bytes(snapshots.encode(report))
    page = page_of()
    page.goto(url)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV of all objectives").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text())))
    first = next(row for row in rows if row["window"] == "28d")
    slo = report.services[0].slos[0]
    assert (first["service"], first["slo"]) == (report.services[0].name, slo.name)
    assert float(first["sli"]) == slo.windows["28d"].sli
    assert float(first["budget_remaining"]) == slo.budget.remaining_ratio
    page.locator("[data-panel=signals] details.data summary").first.click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON of Latency p99, 1h").click()
    assert json.loads(saved.value.path().read_text())["step_seconds"] == 60
    assert page.complaints == []


def test_a_new_report_leaves_an_open_explanation_open(page_of, site):  # noqa: F811
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    page.locator(TERM).first.click()
    published = publish(folder, snapshot(0, [factories.overspent_service(), factories.at_risk_service()]))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector(f'html[data-rev="{published.pages["index.html"]}"]')
    assert page.locator("#t-sli").is_visible()
    assert page.complaints == []


def test_a_new_report_waits_while_text_is_selected(page_of, site):  # noqa: F811
    folder, url = site
    publish_ordinary(folder, 1)
    page = page_of()
    page.goto(url)
    old = page.locator("html").get_attribute("data-rev")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.sentence'))")
    publish(folder, snapshot(0, [factories.overspent_service()]))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert page.locator("html").get_attribute("data-rev") == old
    page.evaluate("getSelection().removeAllRanges()")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("(rev) => document.documentElement.dataset.rev !== rev", arg=old, timeout=5_000)


@pytest.mark.parametrize(("minutes", "words"), [(30, "30 min fast"), (-30, "30 min slow")])
def test_a_wrong_clock_does_not_look_like_a_late_job(page_of, site, minutes, words):  # noqa: F811
    from datetime import UTC, datetime, timedelta

    folder, url = site
    publish(folder, fresh(20, [factories.small_service()]))
    page = page_of(own_window=True)
    page.clock.install(time=datetime.now(UTC) + timedelta(minutes=minutes))
    page.goto(url)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('[data-stale]').textContent.includes('Your clock is')")
    text = page.locator("[data-stale]").inner_text()
    assert words in text
    assert "this report is 20 min old" in text
