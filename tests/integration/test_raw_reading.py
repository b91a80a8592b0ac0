"""Samples that a real Prometheus refuses to answer at once are read in parts, and count the same."""

from __future__ import annotations

from pathlib import Path

from sresnap.app.gather import gather
from sresnap.app.query_records import query_records
from sresnap.compute.service_report import service_report
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.windows import HOUR, MINUTE, parse_time
from sresnap.progress import Quiet
from tests.accuracy.engines import victoria
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-11-20T12:20:00Z")
RESTART = AT - 26 * MINUTE + 17
SERVICES = ("one", "two", "three")
CODES = {"200": 60, "404": 2, "429": 3, "500": 1}


def exposition(scale=1):
    """(counters, start times), with times in seconds or, by scale 1000, in milliseconds."""
    times = range(AT - 8 * HOUR + 17, AT, MINUTE)
    counters = [
        f'http_requests_total{{job="{service}",instance="{service}",service="{service}",code="{code}"}} '
        f"{((time - (AT - 8 * HOUR)) if time <= RESTART else (time - RESTART)) // 60 * per_minute} {time * scale}\n"
        for service in SERVICES
        for code, per_minute in CODES.items()
        for time in times
    ]
    starts = [
        f'process_start_time_seconds{{job="{service}",instance="{service}"}} '
        f"{AT - 9 * HOUR if time <= RESTART else RESTART} {time * scale}\n"
        for service in SERVICES
        for time in times
    ]
    return "".join(counters), "".join(starts)


def report(url):
    services = ", ".join(f"{{name: {name}, slo_target: 99.9}}" for name in SERVICES)
    text = f"provider: http\nwindow: 3d\nprometheus: {{url: '{url}'}}\nservices: [{services}]"
    gathered, _ = gather(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(), AT, Quiet())
    slos = [service_report(gathered, service).slos[0] for service in gathered.services]
    return slos, [
        query for query in query_records(gathered.answers.results, len(gathered.services)) if query.purpose == "raw"
    ]


def assert_exact(slos):
    for slo in slos:
        assert slo.windows["6h"].total == 360 * 66
        assert slo.windows["6h"].bad_bounds == (360, 360)


def test_too_many_samples_are_read_in_halves_of_the_time(tmp_path):
    # 510 minutes of 12 series are 6120 samples.
    counters, starts = exposition()
    text = f"# TYPE http_requests counter\n{counters}# TYPE process_start_time_seconds gauge\n{starts}"
    with prometheus_of(text, tmp_path, flags=("--query.max-samples=5000",)) as url:
        slos, reads = report(url)
    assert_exact(slos)
    refused = [read for read in reads if read.error]
    assert [read.promql.partition("[")[2] for read in refused] == ["30600s]"]
    assert sum(read.promql.startswith("http_") and read.promql.endswith("[15300s]") for read in reads) == 2


def test_too_many_series_are_read_for_half_of_the_services(tmp_path):
    with victoria("".join(exposition(1000)), tmp_path, "-search.maxUniqueTimeseries=8") as url:
        slos, reads = report(url)
    assert_exact(slos)
    whole = [read.promql for read in reads if not read.error and "code" not in read.promql and "http_" in read.promql]
    assert whole
    assert not any(all(name in text for name in SERVICES) for text in whole)
