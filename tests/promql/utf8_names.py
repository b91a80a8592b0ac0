"""Names with dots on engines that have them: `make engines` runs it on Prometheus 3 and VictoriaMetrics 1.145."""

from pathlib import Path

import pytest
import yaml

from sresnap.app.try_preset import try_preset
from sresnap.config import loads
from sresnap.config.preset_files import preset_file
from sresnap.config.presets import shipped_text
from tests.accuracy.engines import victoria
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import need_tool

AT = 1_795_305_600
"""22 November 2026, 00:00."""

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


def counters(service: str, bad: int) -> str:
    """A day of an OpenTelemetry histogram, of 60 requests a minute."""
    of = f'"service.name"="{service}"'
    a_minute = {
        f'{{{COUNT}, {of}, "http.response.status_code"="200"}}': 60 - bad,
        f'{{{COUNT}, {of}, "http.response.status_code"="500"}}': bad,
        f'{{{BUCKET}, {of}, le="0.3"}}': 30,
        f'{{{BUCKET}, {of}, le="+Inf"}}': 60,
    }
    return "".join(
        f"{series} {number * minute} {(AT - 86_400 + 60 * minute) * 1000}\n"
        for series, number in a_minute.items()
        if number
        for minute in range(1441)
    )


def test_a_report_counts_and_looks_up_series_with_dots(tmp_path: Path) -> None:
    """No errors of mail are a number, because its codes are looked up; a service without series has none."""
    given = ", ".join(f"{name}: {value}" for name, value in NAMES.items())
    with victoria(counters("shop", 6) + counters("mail", 0), tmp_path / "data") as url:
        text = f"prometheus: {{url: '{url}'}}\nparameters: {{{given}}}\nservices:\n"
        text += "- {name: shop, slos: [{name: a, objective: 99}, "
        text += "{name: b, objective: 99, latency_threshold: 300ms}]}\n"
        text += "- {name: post, slo_target: 99, labels: {service.name: mail}}\n- {name: gone, slo_target: 99}\n"
        snapshot = build_without_pages(loads(text, "sresnap.yaml", {}, cwd=tmp_path), tmp_path, AT)
    slos = [slo for service in snapshot.services for slo in service.slos]
    hours = [(slo.windows["1h"].good, slo.windows["1h"].total, slo.windows["1d"].total) for slo in slos]
    assert hours == [(3240, 3600, 86_400), (1800, 3600, 86_400), (3600, 3600, 86_400), (None, None, None)]
    assert "has service.name 'shop', 'mail'; none matches 'gone'" in slos[-1].reason
