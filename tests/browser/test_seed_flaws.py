"""The one of the seed's flaws that only a browser shows; the others are in tests/integration/test_seed_flaws.py."""

import json
from datetime import UTC, datetime

from tests import factories
from tests.browser.test_refresh import fresh, publish, site  # noqa: F401 - site is a fixture


def test_flaw_8_a_page_whose_reports_have_stopped_does_not_keep_saying_that_all_is_well(page_of, site):  # noqa: F811
    folder, url = site
    publish(folder, fresh(services=[factories.small_service()]))
    pointer = json.loads((folder / "latest.json").read_text())
    page = page_of(own_window=True)
    # The pointer without a Date, by which the page would find out that its clock is made to run ahead.
    page.route("**/latest.json", lambda route: route.fulfill(json=pointer))
    page.clock.install(time=datetime.now(UTC))
    page.goto(url)
    assert page.locator("[data-stale]").is_hidden()
    # No build ends, as when Prometheus has died: 20 minutes go by in the open page.
    page.clock.run_for(20 * 60 * 1000)
    assert "✕ Stale" in page.locator("[data-stale]").inner_text()
    assert "(20 min ago)" in page.locator("[data-panel=bar] [data-ago]").inner_text()
    assert "LIVE" not in page.locator("body").inner_text()
