"""The rules of `sresnap rules` where a series is missing, evaluated by promtool."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from sresnap.config import burn_pairs, loads
from sresnap.rules import rules_yaml
from tests.integration.prometheus_server import need_tool
from tests.promql.conftest import SHORT_RUN

GOOD = """
provider: http
services: [{name: api, slo_target: 99}, {name: "a b", slo_target: 99, labels: {service: api}}]
queries:
  total: {by: service, promql: 'sum by (service) (increase(total{{service=~"{service}"}}[{window}]))'}
  good: {by: service, promql: 'sum by (service) (increase(good{{service=~"{service}"}}[{window}]))'}
"""
LATENCY = """
provider: http
services: [{name: api, slos: [{name: latency, objective: 99, latency_threshold: 250ms}]}]
"""
GROWING = "0+60x65"
"""promtool evaluates each rule each minute, so the tests are short."""


def judged(tmp_path: Path, config: str, given: dict[str, str], checks: list[tuple[str, str, dict[str, float]]]) -> None:
    text = rules_yaml(loads(config, "test.yaml", {}, cwd=Path()), burn_pairs(), 60)
    (tmp_path / "rules.yml").write_text(text, "utf-8")
    expected: list[dict[str, Any]] = [
        {
            "expr": promql,
            "eval_time": time,
            "exp_samples": [{"labels": labels, "value": value} for labels, value in samples.items()],
        }
        for promql, time, samples in checks
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in given.items()],
        "promql_expr_test": expected,
    }
    document = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yml").write_text(yaml.dump(document, Dumper=yaml.CSafeDumper), "utf-8")
    command = [need_tool("promtool"), "test", "rules", str(tmp_path / "test.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **SHORT_RUN})
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_total_outage_without_a_series_of_good_events_is_recorded_and_pages(tmp_path: Path) -> None:
    # Good events end in minute 20; 45 minutes later all of 60 a minute are bad: 300 of 300 in 5 minutes.
    given = {'total{service="api"}': GROWING, 'good{service="api"}': "0+60x20 _x45"}
    checks: list[tuple[str, str, dict[str, float]]] = []
    for name in ("api", "a b"):
        labels = f'{{service="{name}", slo="availability"}}'
        alerts = f'count(ALERTS{{alertname="SLOBudgetBurn", severity="page", service="{name}"}} > 0) > bool 0'
        checks += [
            (f"slo:sli_bad:increase5m{labels}", "65m", {f"slo:sli_bad:increase5m{labels}": 300}),
            (f"slo:sli_total:increase5m{labels}", "65m", {f"slo:sli_total:increase5m{labels}": 300}),
            (f"slo:sli_bad:increase5m{labels}", "15m", {f"slo:sli_bad:increase5m{labels}": 0}),
            (alerts, "65m", {"{}": 1}),
        ]
    judged(tmp_path, GOOD, given, checks)


def test_a_query_for_good_events_that_never_found_any_records_neither_bad_events_nor_a_total(tmp_path: Path) -> None:
    judged(tmp_path, GOOD, {'total{service="api"}': GROWING}, [('{__name__=~"slo:sli_.*"}', "15m", {})])


def test_a_threshold_between_buckets_records_neither_slow_events_nor_a_total(tmp_path: Path) -> None:
    given = {
        'http_requests_total{service="api", code="200"}': GROWING,
        'http_request_duration_seconds_bucket{service="api", le="0.3"}': GROWING,
    }
    judged(tmp_path, LATENCY, given, [('{__name__=~"slo:sli_.*"}', "15m", {})])
