"""Runs promtool, which evaluates PromQL on given series with Prometheus' own engine, without a server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.prometheus_server import need_tool

SHORT_RUN = {"GOMAXPROCS": "1", "GOGC": "off"}
"""Of Go's runtime, for a process of a tenth of a second: collecting its garbage takes a third of it."""
Labels = Mapping[str, str]
Judge = Callable[[Mapping[str, str], Sequence[tuple[str, str, Mapping[str, float]]]], None]


def quoted(text: str) -> str:
    """A text in PromQL's double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def series(name: str, /, **labels: str) -> str:
    return f"{name}{{{', '.join(f'{key}={quoted(value)}' for key, value in labels.items())}}}"


def counter(increments: Sequence[float], *, start: float = 0) -> str:
    """The samples of a counter, one per minute, that begins at start and grows by the increments."""
    values = [start]
    for increment in increments:
        values.append(values[-1] + increment)
    return " ".join(f"{value:g}" for value in values)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Evaluate queries on series of one sample a minute: (promql, time, expected value by series)."""
    promtool = need_tool("promtool")

    def run(given: Mapping[str, str], checks: Sequence[tuple[str, str, Mapping[str, float]]]) -> None:
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
        file = tmp_path / "test.yaml"
        file.write_text(yaml.dump({"evaluation_interval": "1m", "tests": [test]}, Dumper=yaml.CSafeDumper), "utf-8")
        command = [promtool, "test", "rules", str(file)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **SHORT_RUN})
        assert ran.returncode == 0, ran.stdout + ran.stderr

    return run
