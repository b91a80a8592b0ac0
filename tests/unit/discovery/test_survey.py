"""What an answer of a survey says of a series."""

import pytest

from sresnap.discovery.survey import row


@pytest.mark.parametrize("absent", [{}, {"sresnap_has_status": ""}], ids=["Prometheus", "VictoriaMetrics"])
def test_a_label_that_a_series_lacks_does_not_count_as_one_of_its_codes(absent):
    found = row({"service": "shop", "sresnap_has_code": "1", **absent}, 5.0)
    assert (found.labels, found.codes, found.events) == ({"service": "shop"}, {"code"}, 5.0)
