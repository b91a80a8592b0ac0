"""A configuration of a large fleet."""

from __future__ import annotations

from pathlib import Path

from sresnap.config import loads


def test_a_thousand_services_load() -> None:
    rows = "".join(f"  - {{name: s{i}, slo_target: 99.9, labels: {{env: e{i % 3}}}}}\n" for i in range(1000))
    assert len(loads(f"services:\n{rows}", "sresnap.yaml", {}, cwd=Path.cwd()).services) == 1000
