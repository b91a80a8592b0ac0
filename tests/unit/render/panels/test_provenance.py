"""Where the numbers come from."""

from tests.panels import pages_of


def test_a_services_page_shows_its_queries_and_no_others():
    text = pages_of("some_failed").document("services/frontend/index.html", "provenance").text
    assert "increase(http_requests_total" in text
    assert "4 queries" in text
    assert "5 queries" in pages_of("some_failed").document("services/api/index.html", "provenance").text
