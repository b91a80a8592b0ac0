"""What an answer of a survey says of a series."""

import pytest

from sresnap.discovery.survey import row, survey
from tests.unit.discovery.sources import candidate


@pytest.mark.parametrize("absent", [{}, {"sresnap_has_status": ""}], ids=["Prometheus", "VictoriaMetrics"])
def test_a_label_that_a_series_lacks_does_not_count_as_one_of_its_codes(absent):
    found = row({"service": "shop", "sresnap_has_code": "1", **absent}, 5.0)
    assert (found.labels, found.codes, found.events) == ({"service": "shop"}, {"code"}, 5.0)


@pytest.mark.parametrize(("preset", "label"), [("fastapi", "handler"), ("micrometer", "uri")])
def test_an_application_is_found_by_a_label_that_its_exporter_always_has(preset, label):
    """Others have http_requests_total with a status, too."""
    assert f'{label}!=""' in survey(candidate(preset)).promql


def test_a_label_that_is_empty_on_most_series_is_not_asked_for():
    assert 'subresource!=""' not in survey(candidate("kube-apiserver")).promql
