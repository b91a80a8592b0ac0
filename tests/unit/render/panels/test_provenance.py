"""Where the numbers come from."""

from tests.panels import pages_of


def test_a_services_page_shows_its_queries_and_no_others():
    text = pages_of("some_failed").document("services/frontend/index.html", "provenance").text
    assert "increase(http_requests_total" in text
    assert "4 queries" in text
    assert "5 queries" in pages_of("some_failed").document("services/api/index.html", "provenance").text


def test_the_fleets_page_says_where_all_queries_are_as_some_are_on_no_page():
    pages = pages_of("some_failed")
    text = pages.document("index.html", "provenance").text
    assert "each service's page shows its own, and queries.txt has all as they were sent" in text
