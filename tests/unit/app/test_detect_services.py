"""Which of the found services a file has already."""

import pytest

from sresnap.app.detect_services import _known
from sresnap.config import loads
from tests.unit.discovery.sources import chosen


@pytest.mark.parametrize(
    ("service", "is_there"),
    [
        ("{name: neu, slo_target: 99}", True),
        ("{name: neu, slo_target: 99, labels: {service: old}}", False),
        # Its queries ask for exported_service only: that its name is neu says nothing of the label `service`.
        (
            "{name: neu, slo_target: 99, parameters: {identity: exported_service}, labels: {exported_service: old}}",
            False,
        ),
        ("{name: x, slo_target: 99, labels: {service: neu, team: a}}", True),
    ],
)
def test_a_service_is_there_where_the_queries_of_the_file_find_it(tmp_path, service, is_there):
    known = loads(f"provider: http\nservices: [{service}]\n", "sresnap.yaml", {}, cwd=tmp_path)
    (found,) = chosen("http", {"service": "neu"}).services
    (there,) = _known(known, known.prometheus.name)
    assert there.is_of(found) is is_there
