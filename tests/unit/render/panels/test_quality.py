"""What failed or is missing."""

from tests.panels import pages_of


def test_what_failed_is_listed_with_its_services():
    quality = pages_of("some_failed").document("index.html", "quality")
    assert "query failed" in quality.text
    assert "2 services · saturation" in quality.text
    assert "metric might not be a counter" in quality.text
