"""The line at the top of every page."""

from tests.panels import pages_of


def test_a_services_page_shows_its_own_state_beside_the_fleets():
    text = pages_of("mixed").document("services/api/index.html", "bar").text
    assert "api ✓ Healthy" in text
    assert "✕ 1 of 3 services overspent" in text
