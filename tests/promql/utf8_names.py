"""Names with dots on an engine that has them, Prometheus 3: `make engines` runs this file."""

from pathlib import Path

import pytest
import yaml

from sresnap.app.try_preset import try_preset
from sresnap.config.preset_files import preset_file
from sresnap.config.presets import shipped_text
from tests.integration.prometheus_server import need_tool

NAMES = {
    "identity": "service.name",
    "total": "http.server.request.duration_count",
    "duration": "http.server.request.duration",
    "code": "http.response.status_code",
}
COUNT, BUCKET = '"http.server.request.duration_count"', '"http.server.request.duration_bucket"'


@pytest.mark.parametrize("matchers", ["", '"deployment.environment"="prod"'])
def test_the_http_preset_reads_opentelemetry_s_own_names(tmp_path: Path, matchers: str) -> None:
    """A request a second, a tenth of them errors, half of them under 0.3 s and all under 2 s."""
    need_tool("promtool")
    of = '"service.name"="shop", "deployment.environment"="prod"'
    test = {
        "about": "Names with dots.",
        "labels": {"service.name": "shop"},
        "parameters": {**NAMES, "matchers": matchers},
        "series": {
            f'{{{COUNT}, {of}, "http.response.status_code"="200"}}': "0+54x120",
            f'{{{COUNT}, {of}, "http.response.status_code"="500"}}': "0+6x120",
            f'{{{BUCKET}, {of}, le="0.3"}}': "0+30x120",
            f'{{{BUCKET}, {of}, le="1.0"}}': "0+30x120",
            f'{{{BUCKET}, {of}, le="2.0"}}': "0+60x120",
            f'{{{BUCKET}, {of}, le="+Inf"}}': "0+60x120",
        },
        "expect": {
            "total": 3600, "bad": 360, "latency_good": 1800, "request_rate": 1, "error_rate": 10, "latency_p99": 1.98,
        },
    }  # fmt: skip
    preset = {**yaml.safe_load(shipped_text("http")), "tests": [test]}
    (tmp_path / "dotted.yaml").write_text(yaml.safe_dump(preset), "utf-8")
    tried = try_preset(preset_file("./dotted.yaml", tmp_path))
    assert tried.failed == ()
    assert tried.checks == 6
