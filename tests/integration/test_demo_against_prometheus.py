"""The demo's server gives the same answers as a real Prometheus that scraped the same model.

Without this the demo, and every test that builds on it, would only show that sresnap agrees with itself.
"""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sresnap import promql
from sresnap.config import loads
from sresnap.demo import DemoServer, Scrapes, demo_config
from sresnap.demo.backfill import main as backfill
from sresnap.demo.backfill import write_openmetrics
from sresnap.demo.beginning import fleet_of
from sresnap.demo.exporter import Exporter
from sresnap.demo.model import services
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.windows import DAY, HOUR, MINUTE
from tests.integration import prometheus_server
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import need_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
SCRAPES = Scrapes(interval_seconds=60, offset_seconds=17)
NAMES = ("frontend", "api", "worker")
RESTART = next(s for s in services() if s.name == "api").restarts(1794900000, 1794900000 + 9 * DAY)[0]
START = RESTART - RESTART % HOUR - 40 * HOUR
DAYS = 3
END = START + DAYS * DAY

EVERY = "ROUNDS" in os.environ
"""Whether each key is asked at each instant over each window, as in `make soak`, or over two of them by turns."""
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1734s")
INSTANTS = {
    "the last moment": END,
    "with milliseconds": END - 4 * HOUR + 0.337,
    "between the last sample and the end of its lookback": END + 200,
    "at the very end of that lookback": SCRAPES.last(END) + 5 * MINUTE,
    "with a hole before the first sample": SCRAPES.between(START, END)[0] - 68 + HOUR,
    "after everything": END + 6 * MINUTE,
    "on the restart": RESTART,
    "two samples after the restart": RESTART + 100,
    "an hour after the restart": RESTART + HOUR,
    "before the second sample": START + 70,
    "in the first quarter of an hour": START + 15 * MINUTE,
    "before everything": START - HOUR,
}
RANGES = {
    "1h at 1m over the restart": (RESTART - 30 * MINUTE, RESTART + 30 * MINUTE, 60, "5m"),
    "6h at 5m": (END - 6 * HOUR, END, 300, "5m"),
    "all at 1h": (START - HOUR, END + HOUR, HOUR, "1h"),
    "off the scrapes' beat at 37s": (RESTART - 1000, RESTART + 3000, 37, "1734s"),
}


def _templates(text: str) -> Mapping[str, QueryTemplate]:
    return loads(text, "sresnap.yaml", {}, cwd=ROOT).templates


HTTP = _templates(demo_config())
TRAEFIK = _templates("provider: traefik\nservices: [{name: api, slo_target: 99, labels: {service: a, container: b}}]")


def _render(template: QueryTemplate, window: str, suffix: str = "", purpose: Purpose = Purpose.SLI) -> str:
    variables = {"window": window, "rate": window, "threshold": "0.3"}
    members = tuple(Member(name, {"service": name + suffix, "container": name}) for name in NAMES)
    grid = Grid.instant(END)
    return promql.render(Query(template, members, variables, grid, purpose, template.key, window))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that has both flavours of the model; its URL."""
    tsdb = tmp_path_factory.mktemp("prometheus") / "tsdb"
    for flavour in ("http", "traefik"):
        text = io.StringIO()
        write_openmetrics(text, START, END, SCRAPES, flavour=flavour)
        prometheus_server.make_blocks(text.getvalue(), tsdb)
    with prometheus_server.prometheus(tsdb) as url:
        yield url


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with DemoServer(HTTP, now=lambda: END, scrapes=SCRAPES, history_days=DAYS) as server:
        yield server.url


def _ask(url: str, path: str, **form: object) -> dict[tuple[tuple[str, str], ...], list[tuple[float, float]]]:
    """The answer's points by labels."""
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{url}/api/v1/{path}", data, timeout=20) as response:
        answer = json.load(response)
    return {
        tuple(sorted(series["metric"].items())): [
            (float(t), float(v)) for t, v in (series["values"] if "values" in series else [series["value"]])
        ]
        for series in answer["data"]["result"]
    }


def _assert_same(prometheus: str, demo: str, path: str, **form: object) -> int:
    """Both answer alike; returns the number of points."""
    real, ours = _ask(prometheus, path, **form), _ask(demo, path, **form)
    assert ours.keys() == real.keys(), form
    for labels, points in real.items():
        assert [t for t, _ in ours[labels]] == [t for t, _ in points], (labels, form)
        values, expected = [v for _, v in ours[labels]], [v for _, v in points]
        assert values == pytest.approx(expected, rel=1e-9, abs=0), (labels, form)
        whole = [(v, e) for v, e in zip(values, expected, strict=True) if e.is_integer()]
        assert all(v == e for v, e in whole), (labels, form)
    return sum(map(len, real.values()))


@pytest.mark.parametrize("key", HTTP)
def test_each_key_has_the_same_answer_at_any_instant_and_window(prometheus: str, demo: str, key: str) -> None:
    points, turn = 0, list(HTTP).index(key)
    for number, moment in enumerate(INSTANTS.values(), turn):
        for window in WINDOWS if EVERY else (WINDOWS[number % 6], WINDOWS[(number + 3) % 6]):
            points += _assert_same(prometheus, demo, "query", query=_render(HTTP[key], window), time=moment)
    assert points > 0


@pytest.mark.parametrize("span", RANGES)
@pytest.mark.parametrize("key", HTTP)
def test_each_key_has_the_same_answer_over_ranges(prometheus: str, demo: str, key: str, span: str) -> None:
    start, end, step, window = RANGES[span]
    query = _render(HTTP[key], window)
    assert _assert_same(prometheus, demo, "query_range", query=query, start=start, end=end, step=step) > 0


@pytest.mark.parametrize("key", HTTP)
def test_peaks_have_the_same_answer(prometheus: str, demo: str, key: str) -> None:
    query = _render(HTTP[key], "5m", purpose=Purpose.PEAK)
    form = {"query": query, "start": START - HOUR, "end": END + 2 * HOUR, "step": HOUR}
    assert _assert_same(prometheus, demo, "query_range", **form) > 0
    _assert_same(prometheus, demo, "query", query=query, time=RESTART + 111)


def test_the_hours_of_prometheus_add_up_to_what_the_model_says_was_seen(prometheus: str) -> None:
    start, end = START + HOUR, END
    for key in ("total", "bad", "latency_good"):
        query = _render(HTTP[key], "1h")
        answer = _ask(prometheus, "query_range", query=query, start=start + HOUR, end=end, step=HOUR)
        for service in services():
            points = answer[("service", service.name),]
            # Only the hour of api's restart is left to the samples.
            left_open = [time for time, value in points if value == math.inf]
            assert left_open == ([RESTART - RESTART % HOUR + HOUR] if service.name == "api" else [])
            spans = [(time - HOUR, time) for time, _ in points if time not in left_open]
            seen = [service.seen(int(a), int(b), SCRAPES, 0.3 if key == "latency_good" else None) for a, b in spans]
            parts = {
                "total": [s.total for s in seen],
                "bad": [s.bad for s in seen],
                "latency_good": [s.good for s in seen],
            }
            assert sum(value for time, value in points if time not in left_open) == sum(parts[key])


@pytest.mark.parametrize("form", ["{}[7200s]", "last_over_time({}[1d])", "{}"])
@pytest.mark.parametrize("key", ["total", "bad", "latency_good"])
def test_raw_samples_are_the_same(prometheus: str, demo: str, key: str, form: str) -> None:
    template = replace(HTTP[key], promql=HTTP[key].raw or "")
    query = form.format(_render(template, "1h"))
    for moment in (START, RESTART + 60, END):
        real, ours = (_ask(url, "query", query=query, time=moment) for url in (prometheus, demo))
        assert ours == real


@pytest.mark.parametrize("key", ["total", "bad", "latency_good"])
def test_the_traefik_flavour_has_the_same_counts(prometheus: str, key: str) -> None:
    form = {"start": START + HOUR, "end": END, "step": HOUR}
    http = _ask(prometheus, "query_range", query=_render(HTTP[key], "1h"), **form)
    traefik = _ask(prometheus, "query_range", query=_render(TRAEFIK[key], "1h", "@docker"), **form)
    theirs = {((label, name.removesuffix("@docker")),): points for ((label, name),), points in traefik.items()}
    assert theirs.keys() == http.keys()
    for labels, points in http.items():
        assert [t for t, _ in theirs[labels]] == [t for t, _ in points], labels
        # Prometheus adds up a restart's estimated parts in no fixed order, so their sum differs in its last bit.
        assert [v for _, v in theirs[labels]] == pytest.approx([v for _, v in points], rel=1e-12, abs=0), labels


@pytest.mark.parametrize("key", [key for key in TRAEFIK if key.startswith("cap_") or key == "availability"])
def test_the_traefik_flavour_shows_the_same_capacity(prometheus: str, key: str) -> None:
    """CPU of the host is a rate over the last five minutes there and a gauge here, so it is near, not equal."""
    near = {"cap_vps_cpu": 5.0}.get(key, 1e-6)
    ours = sorted(
        v for points in _ask(prometheus, "query", query=_render(HTTP[key], "5m"), time=END).values() for _, v in points
    )
    text = _render(TRAEFIK[key], "5m", "@docker")
    theirs = sorted(v for points in _ask(prometheus, "query", query=text, time=END).values() for _, v in points)
    assert theirs == pytest.approx(ours, abs=near)


def test_the_stack_s_prometheus_configuration_is_valid() -> None:
    command = [need_tool("promtool"), "check", "config", ROOT / "demo" / "prometheus.yml"]
    completed = subprocess.run(command, check=False, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus with two hours of the stack's history, which scrapes its exporter; its URL."""
    folder = tmp_path_factory.mktemp("stack")
    began, history = folder / "began", folder / "demo.om"
    assert backfill(["--began", str(began), "--out", str(history), "--days", "0.084", "--interval", "60"]) == 0
    blocks = prometheus_server.make_blocks(history.read_text("utf-8"), folder / "tsdb")
    with Exporter(("127.0.0.1", 0), fleet_of(3, began)) as exporter:
        thread = threading.Thread(target=exporter.serve_forever, args=(0.01,))
        thread.start()
        config = (ROOT / "demo" / "prometheus.yml").read_text("utf-8")
        config = config.replace("exporter:8000", f"127.0.0.1:{exporter.server_port}").replace("30s", "1s")
        try:
            with prometheus_server.prometheus(blocks, config=config) as url:
                _wait_for(url, "count_over_time(demo_vps_cpu_percent[5s]) >= 3")
                yield url
        finally:
            exporter.shutdown()
            thread.join()


def test_the_exporter_scraped_by_the_stack_s_configuration_has_every_series_under_its_own_name(stack: str) -> None:
    """Without honor_labels `up` of the services would lose its job, and sre-framework's availability found nothing."""
    for key in ("total", "latency_good", "availability", "saturation"):
        answer = _ask(stack, "query", query=_render(HTTP[key], "1m"))
        assert {labels[0][1] for labels in answer} == set(NAMES), key


def test_the_stack_has_a_service_that_burns_now_as_sresnap_demo_has(stack: str, tmp_path: Path) -> None:
    """Over the seam of the backfill and the scrapes: one counter, which never falls."""
    resets = _ask(stack, "query", query='resets(http_requests_total{service!="api"}[2h])')
    assert len(resets) == 8
    assert {value for points in resets.values() for _, value in points} == {0}
    config = loads(demo_config(url=stack), "sresnap.yaml", {}, cwd=tmp_path)
    report = build_without_pages(config, tmp_path / "public", int(time.time()))
    assert {service.name: service.now.state.value for service in report.services if service.name != "api"} == {
        "frontend": "quiet", "worker": "paging"
    }  # fmt: skip


def _wait_for(url: str, query: str) -> None:
    """Until a query has an answer."""
    deadline = time.monotonic() + 15
    while not _ask(url, "query", query=query):
        assert time.monotonic() < deadline, f"{query} stays empty"
        time.sleep(0.1)
