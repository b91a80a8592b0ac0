"""Every query of the shipped presets, evaluated by Prometheus' own engine on series whose answers are known.

Two services, one of them with a name that would be a regex, a string's end and an escape if it were not quoted.
Requests: 54 good and 6 bad a minute, so 60 a minute, 1 a second, 10 % errors; 30 of 60 under 0.3 s.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sresnap import promql
from sresnap.config import loads
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.signals import SIGNALS
from tests.promql.conftest import Judge, counter, series

ODD = 'a"b\\c.*'
SERVICES = ("api", ODD)
MINUTES = 120
AT = f"{MINUTES}m"
BETWEEN_SAMPLES = f"{MINUTES - 1}m30s"
"""Where a sample at the start of a range would matter: Prometheus 2 takes it, Prometheus 3 leaves it out."""
WINDOWS = ("5m", "1h", "1734s")
# 120 min − 1734 s is 91 min 6 s: the last sample before it is minute 91's, 29 minutes before the end.
MINUTES_IN = {"5m": 5, "1h": 60, "1734s": 29}
EVERYTHING = {
    "http": {"total", "bad", "latency_good", "availability", "request_rate", "latency_p99", "error_rate"},
    "traefik": set(SIGNALS) - {"good"},
}
METRICS = {
    "http": ("http_requests_total", "http_request_duration_seconds_bucket"),
    "traefik": ("traefik_service_requests_total", "traefik_service_request_duration_seconds_bucket"),
}


def preset(provider: str) -> dict[str, QueryTemplate]:
    text = f"provider: {provider}\nservices: [{{name: api, slo_target: 99, labels: {{container: api}}}}]"
    return dict(loads(text, "test.yaml", {}, cwd=Path()).templates)


def rendered(
    provider: str, key: str, purpose: Purpose = Purpose.SIGNAL, *, form: str = "promql", **variables: str
) -> str:
    members = tuple(Member(name, {"service": name, "container": name}) for name in SERVICES)
    values = {"window": "1h", "rate": "5m", "threshold": "0.3", **variables}
    template = replace(preset(provider)[key], promql=getattr(preset(provider)[key], form))
    return promql.render(Query(template, members, values, Grid.instant(0), purpose, key, "1h"))


def rounded(text: str) -> str:
    """For quotients, whose last bit may differ."""
    return f"round(({text}), 0.000001)"


def each(label: str, value: float) -> dict[str, float]:
    return {series("", **{label: name}): value for name in SERVICES}


def steady(provider: str) -> dict[str, str]:
    """The series of the module's docstring, for both services and one that no query selects."""
    requests, buckets = METRICS[provider]
    given = {}
    for name in (*SERVICES, "axbxcxyz"):
        given |= {
            series(requests, service=name, code="200"): f"0+54x{MINUTES}",
            series(requests, service=name, code="503"): f"0+6x{MINUTES}",
            series(buckets, service=name, le="0.3"): f"0+30x{MINUTES}",
            series(buckets, service=name, le="1.0"): f"0+30x{MINUTES}",
            series(buckets, service=name, le="2.0"): f"0+60x{MINUTES}",
            series(buckets, service=name, le="+Inf"): f"0+60x{MINUTES}",
        }
    return given


@pytest.mark.parametrize("provider", ["http", "traefik"])
def test_this_module_checks_every_query_of_the_preset(provider: str) -> None:
    assert set(preset(provider)) == EVERYTHING[provider]


@pytest.mark.parametrize("provider", ["http", "traefik"])
@pytest.mark.parametrize(("key", "a_minute"), [("total", 60), ("bad", 6), ("latency_good", 30)])
def test_events_are_counted_exactly_over_every_window(judge: Judge, provider: str, key: str, a_minute: int) -> None:
    judge(
        steady(provider),
        [
            (rendered(provider, key, window=window), AT, each("service", a_minute * MINUTES_IN[window]))
            for window in WINDOWS
        ],
    )


@pytest.mark.parametrize("provider", ["http", "traefik"])
@pytest.mark.parametrize(
    ("key", "value"),
    # p99: 30 of 60 under 1 s, all under 2 s. Rank 59.4 is 29.4 of 30 into the bucket from 1 to 2: 1.98 s.
    [("request_rate", 1.0), ("error_rate", 10.0), ("latency_p99", 1.98)],
)
def test_signals_are_per_second_percent_and_seconds(judge: Judge, provider: str, key: str, value: float) -> None:
    texts = [rendered(provider, key, rate=rate) for rate in ("5m", "1h")]
    texts.append(rendered(provider, key, Purpose.PEAK, rate="5m"))
    judge(steady(provider), [(rounded(text), AT, each("service", value)) for text in texts])


@pytest.mark.parametrize("provider", ["http", "traefik"])
def test_a_peak_is_the_hours_highest_five_minutes(judge: Judge, provider: str) -> None:
    # 60 a minute, but 600 a minute from 1:30 to 1:35. Over the hour's 59 intervals: (54 × 60 + 5 × 600) / 3540 s.
    requests, _ = METRICS[provider]
    given = {series(requests, service="api", code="200"): counter([60] * 90 + [600] * 5 + [60] * 25)}
    api = series("", service="api")
    judge(
        given,
        [
            (rounded(rendered(provider, "request_rate", Purpose.PEAK)), BETWEEN_SAMPLES, {api: 10.0}),
            (rounded(rendered(provider, "request_rate", rate="1h")), BETWEEN_SAMPLES, {api: 1.762712}),
        ],
    )


def up_and_down() -> str:
    """Down in even minutes, up in odd ones."""
    return " ".join(str(minute % 2) for minute in range(MINUTES + 1))


def halves(window: str) -> float:
    # Of the minutes before 1:59:30. 5m: 115..119, 3 of 5 up. 1h: 60..119, 30 of 60. 1734s: 91..119, 15 of 29.
    up, seen = {"5m": (3, 5), "1h": (30, 60), "1734s": (15, 29)}[window]
    return round(100 * up / seen, 6)


@pytest.mark.parametrize("window", WINDOWS)
def test_http_availability_is_the_percentage_of_time_that_the_job_was_up(judge: Judge, window: str) -> None:
    given = {series("up", job="api", instance="1"): up_and_down(), series("up", job=ODD, instance="1"): f"1x{MINUTES}"}
    expected = {series("", service="api"): halves(window), series("", service=ODD): 100.0}
    judge(given, [(rounded(rendered("http", "availability", window=window)), BETWEEN_SAMPLES, expected)])


@pytest.mark.parametrize("window", WINDOWS)
def test_traefik_availability_is_the_mean_over_a_services_servers(judge: Judge, window: str) -> None:
    name = "traefik_service_server_up"
    given = {
        series(name, service="api", url="http://1"): up_and_down(),
        series(name, service="api", url="http://2"): f"1x{MINUTES}",
        series(name, service=ODD, url="http://3"): f"1x{MINUTES}",
    }
    expected = {series("", service="api"): round((halves(window) + 100) / 2, 6), series("", service=ODD): 100.0}
    judge(given, [(rounded(rendered("traefik", "availability", window=window)), BETWEEN_SAMPLES, expected)])


@pytest.mark.parametrize(
    ("key", "metric"),
    [
        ("saturation", "dockerstats_cpu_usage_ratio"),
        ("cap_container_cpu", "dockerstats_cpu_usage_ratio"),
        ("cap_container_mem", "dockerstats_memory_usage_ratio"),
    ],
)
def test_traefik_containers_are_read_by_name_and_the_fullest_copy_counts(judge: Judge, key: str, metric: str) -> None:
    given = {
        series(metric, name="api", id="1"): f"20x{MINUTES}",
        series(metric, name="api", id="2"): f"35x{MINUTES}",
        series(metric, name=ODD, id="3"): f"50x{MINUTES}",
        series(metric, name="other", id="4"): f"99x{MINUTES}",
    }
    expected = {series("", container="api"): 35.0, series("", container=ODD): 50.0}
    judge(given, [(rendered("traefik", key), AT, expected)])


def test_a_container_peaks_where_it_was_fullest(judge: Judge) -> None:
    # Full for the five minutes that the look at 1:35 falls into.
    fill = " ".join("90" if 93 <= minute <= 97 else "20" for minute in range(MINUTES + 1))
    given = {series("dockerstats_cpu_usage_ratio", name="api"): fill}
    text = rendered("traefik", "saturation", Purpose.PEAK)
    judge(given, [(text, AT, {series("", container="api"): 90.0})])


def test_traefik_host_capacity_has_one_answer_for_all_services(judge: Judge) -> None:
    given = {
        # Idle 45 of 60 s and 30 of 60 s: 37.5 % of the two cores busy.
        series("node_cpu_seconds_total", cpu="0", mode="idle"): f"0+45x{MINUTES}",
        series("node_cpu_seconds_total", cpu="1", mode="idle"): f"0+30x{MINUTES}",
        series("node_cpu_seconds_total", cpu="1", mode="user"): f"0+30x{MINUTES}",
        # 6 of 8 GB available: 25 % used.
        series("node_memory_MemAvailable_bytes", instance="h"): f"6x{MINUTES}",
        series("node_memory_MemTotal_bytes", instance="h"): f"8x{MINUTES}",
        series("node_filesystem_avail_bytes", mountpoint="/"): f"10x{MINUTES}",
        series("node_filesystem_size_bytes", mountpoint="/"): f"40x{MINUTES}",
        series("node_filesystem_avail_bytes", mountpoint="/boot"): f"0x{MINUTES}",
        series("node_filesystem_size_bytes", mountpoint="/boot"): f"40x{MINUTES}",
    }
    expected = {"cap_vps_cpu": 37.5, "cap_vps_mem": 25.0, "cap_vps_disk": 75.0}
    judge(given, [(rounded(rendered("traefik", key)), AT, {"{}": value}) for key, value in expected.items()])
