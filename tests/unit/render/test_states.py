"""What a page says in each state that it must get right. Late, stale and frozen are the browser's: tests/browser."""

import re

import pytest

from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.panels.nav import nav
from sresnap.render.site import render
from tests import factories
from tests.unit.render.pages.test_pages import Document, panel

SAYS = [
    # First report, with 1 of 28 days
    ("first_report", "index.html", "verdict", "The only service has too little data to judge."),
    ("first_report", "index.html", "slos", "data for 3.4 % of 28d"),
    ("first_report", "index.html", "changes", "This is the first report, so there is nothing to compare it with."),
    ("first_report", "services/api/index.html", "verdict", "Only 3.4 % of the window of 28d has data"),
    # No data ever
    ("no_data", "index.html", "verdict", "? No data The only service has no data."),
    ("no_data", "services/batch/index.html", "verdict", "Unknown: mend the measuring first"),
    ("no_data", "services/batch/index.html", "quality", "no series batch · total No series came for it."),
    # Some queries failed: the panels keep their place, and the verdict is not green
    ("some_failed", "index.html", "verdict", "? Incomplete As far as is known: all 2 services are healthy."),
    ("some_failed", "index.html", "signals", "The query failed: 422 from Prometheus"),
    ("some_failed", "index.html", "quality", "query failed 2 services · saturation 422 from Prometheus"),
    # Overspent
    ("overspent", "index.html", "verdict", "✕ Budget spent The only service has spent its error budget."),
    ("overspent", "services/worker/index.html", "key_numbers", "Error budget left −52 %"),
    # Recovered
    ("recovered", "index.html", "verdict", "✓ Healthy All 2 services are healthy."),
    ("recovered", "index.html", "changes", "✓ Healthy worker availability was ✕ Budget spent ;"),
    ("recovered", "index.html", "changes", "of the budget came back"),
    # Low traffic
    ("low_traffic", "index.html", "attention", "12 events in 28d, not judged: so few allow not one bad event."),
    ("low_traffic", "index.html", "slos", "12 events, not judged"),
    ("low_traffic", "index.html", "slos", "? Too little data"),
    # No traffic
    ("no_traffic", "index.html", "slos", "no traffic"),
    # One service, and names that are long and foreign
    ("one_service", "index.html", "verdict", "The only service is healthy."),
    ("weird_names", "index.html", "slos", "خدمة الدفع"),
    ("weird_names", "index.html", "slos", "日本語サービス"),
    ("no_service", "index.html", "verdict", "No service is configured."),
]


@pytest.mark.parametrize(("state", "page", "name", "words"), SAYS)
def test_a_state_is_said(sites, state, page, name, words):
    assert words in panel(sites[state], page, name).text


def test_five_hundred_services_fit_on_a_page():
    report = factories.five_hundred()
    with Easel() as easel:
        page = fleet_page(report, Studio(Clock.of("UTC"), easel))
    views = {panel.name: panel.view for panel in page.panels}
    assert views["verdict"].sentence == "Of 500 services, 1 has spent its error budget, 2 are at risk, 497 are healthy."
    assert [concern.link.text for concern in views["attention"].concerns] == [f"service-{i:03}" for i in range(3)]
    assert (len(views["slos"].rows), views["slos"].rest) == (40, "957 more objectives, all healthy")
    assert len(nav(report, "./", "index.html").services) == 3


def test_a_gap_in_a_curve_is_a_gap():
    site = render(factories.mixed())
    document = site.files["services/web/index.html"].decode()
    lines = re.findall(r'<path class="line" d="([^"]*)"', document)
    assert any(line.count("M") > 1 for line in lines)
    assert Document(document.encode()).ids
