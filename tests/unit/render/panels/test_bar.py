"""The line at the top of every page."""

from tests.panels import pages_of


def test_a_services_page_tells_its_own_state_from_the_fleets():
    text = pages_of("mixed").document("services/api/index.html", "bar").text
    assert "api ✓ Healthy" in text
    assert "Fleet ✕ Budget spent" in text
