"""What `sresnap demo` writes, as a browser sees it: quiet wherever it is opened from, and followed by newer reports."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from sresnap.model.windows import MINUTE
from sresnap.preview import PreviewServer
from tests.browser.looks import VIOLATIONS
from tests.demo_sites import AT, build_demo

PAGES = ["index.html", "services/worker/index.html"]


@pytest.fixture(scope="module")
def site(demo_site, tmp_path_factory):
    return shutil.copytree(demo_site, tmp_path_factory.mktemp("demo") / "public")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_quiet_from_a_server_and_from_a_folder(page_of, site, path):
    page = page_of(viewport={"width": 1280, "height": 800})
    page.add_init_script(VIOLATIONS)
    with PreviewServer(site) as server:
        page.goto(server.url + path)
        page.wait_for_timeout(300)
    page.goto((site / path).as_uri())
    page.wait_for_timeout(300)
    assert page.locator("h1").inner_text()
    assert page.complaints == []


def test_a_newer_report_shows_within_20_seconds_where_the_reader_is(page_of, site):
    page = page_of(own_window=True, viewport={"width": 1280, "height": 800})
    page.clock.install(time=datetime.now(UTC))
    with PreviewServer(site) as server:
        page.goto(server.url)
        page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=5))  # so that it looks once, and not before
        page.evaluate("window.scrollTo(0, 1200)")
        old = page.locator("html").get_attribute("data-rev")
        build_demo(site, AT + 5 * MINUTE)
        new = json.loads((site / "latest.json").read_bytes())["pages"]["index.html"]
        assert new != old
        # By the clock of the page.
        page.clock.run_for(20_000)
        page.wait_for_selector(f'html[data-rev="{new}"]')
        assert "12:39 UTC" in page.locator("body").inner_text()
        assert page.evaluate("window.scrollY") == 1200
    assert page.complaints == []
