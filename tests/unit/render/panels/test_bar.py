"""The line at the top of every page."""

from sresnap.render.panels.bar import bar
from sresnap.render.views import Panel
from tests import factories
from tests.panels import Document, Pages, pages_of, panel_html


def test_a_services_page_shows_its_own_state_beside_the_fleets():
    text = pages_of("mixed").document("services/api/index.html", "bar").text
    assert "api ✓ Healthy" in text
    assert "✕ 2 of 3 services need a ticket, 1 overspent" in text


def test_a_fleet_at_rest_shows_how_many_have_the_worst_status():
    assert "✕ 1 of 2 services overspent" in Document(panel_html(Panel("bar", "", "bar", view(at_rest())))).text


def at_rest():
    return factories.snapshot([factories.healthy_service(), factories.spent_service()])


def view(snapshot):
    return bar(snapshot, "./", Pages(snapshot).charts, "index.html")
