"""Every query of the shipped presets, evaluated by Prometheus' own engine on series whose answers are known.

Two services, one of them with a name that would be a regex, a string's end and an escape if it were not quoted.
Requests: 54 good and 6 bad a minute, so 60 a minute, 1 a second, 10 % errors; 30 of 60 under 0.3 s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sresnap import promql
from sresnap.config import loads
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
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


def of_services(
    provider: str, key: str, services: Sequence[Mapping[str, str]], purpose: Purpose = Purpose.SIGNAL, **variables: str
) -> str:
    """A query of a preset for services with some labels."""
    labels = {name: "x" for own in services for name in own}
    text = f"provider: {provider}\nservices: [{{name: api, slo_target: 99, labels: {labels}}}]"
    template = loads(text, "test.yaml", {}, cwd=Path()).templates[key]
    members = tuple(Member(str(place), own) for place, own in enumerate(services))
    values = {"window": "1h", "rate": "5m", "threshold": "250", **variables}
    return promql.render(Query(template, members, values, Grid.instant(0), purpose, SeriesKey(key), "1h"))


MESH = [
    {"destination_service_namespace": "shop", "destination_service_name": "cart"},
    {"destination_service_namespace": "blog", "destination_service_name": ODD},
]


def mesh() -> dict[str, str]:
    """60 a minute of both, 6 bad; counted by both proxies. The names of the other pairs are of services, too."""
    given = {}
    for namespace, name in (("shop", "cart"), ("blog", ODD), ("shop", ODD), ("blog", "cart"), ("other", "cart")):
        for reporter in ("destination", "source"):
            labels = {
                "destination_service_namespace": namespace, "destination_service_name": name, "reporter": reporter
            }  # fmt: skip
            given |= {
                series("istio_requests_total", **labels, response_code="200"): f"0+54x{MINUTES}",
                series("istio_requests_total", **labels, response_code="503"): f"0+6x{MINUTES}",
            }
            for le, count in (("250", 30), ("500", 30), ("1000.0", 60), ("+Inf", 60)):
                name_of = "istio_request_duration_milliseconds_bucket"
                given[series(name_of, **labels, le=le)] = f"0+{count}x{MINUTES}"
    return given


# All four pairs of the names are found; pairs of no service are dropped where series are assigned.
PAIRS = [
    {"destination_service_name": name, "destination_service_namespace": namespace}
    for namespace in ("blog", "shop")
    for name in ("cart", ODD)
]


@pytest.mark.parametrize(
    ("key", "value"),
    # p99: 30 of 60 under 500 ms, all under 1000. Rank 59.4 is 29.4 of 30 into the bucket from 500 to 1000: 990 ms.
    [("total", 3600), ("bad", 360), ("latency_good", 1800), ("request_rate", 1), ("error_rate", 10),
     ("latency_p99", 990)],
)  # fmt: skip
def test_istio_counts_what_one_proxy_saw_of_each_pair_of_names_in_milliseconds(
    judge: Judge, key: str, value: float
) -> None:
    judge(mesh(), [(rounded(of_services("istio", key, MESH)), AT, {series("", **pair): value for pair in PAIRS})])


TASKS = [{"name": "pay"}, {"name": ODD}, {"name": "mail"}]


def tasks() -> dict[str, str]:
    """pay: 50 succeed and 10 fail a minute, 4 of them otherwise. The odd one never failed, mail never succeeded."""
    given = {}
    for queue in ("a", "b"):
        own = {"name": "pay", "queue_name": queue, "hostname": "w"}
        given |= {
            series("celery_task_succeeded_total", **own): f"0+25x{MINUTES}",
            series("celery_task_failed_total", **own, exception="ValueError"): f"0+3x{MINUTES}",
            series("celery_task_failed_total", **own, exception="KeyError"): f"0+2x{MINUTES}",
            series("celery_task_runtime_bucket", **own, le="1.0"): f"0+20x{MINUTES}",
            series("celery_task_runtime_bucket", **own, le="10.0"): f"0+25x{MINUTES}",
            series("celery_task_runtime_bucket", **own, le="+Inf"): f"0+25x{MINUTES}",
        }
    given[series("celery_task_succeeded_total", name=ODD)] = f"0+7x{MINUTES}"
    given[series("celery_task_failed_total", name="mail")] = f"0+3x{MINUTES}"
    return given


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # A metric that a task does not have adds nothing; the other one is still counted.
        ("total", {"pay": 3600, ODD: 420, "mail": 180}),
        ("bad", {"pay": 600, "mail": 180}),
        ("latency_good", {"pay": 2400}),
        ("request_rate", {"pay": 1, ODD: round(7 / 60, 6), "mail": 0.05}),
        ("error_rate", {"pay": round(100 / 6, 6)}),
        # 40 of 50 under 1 s, all under 10. Rank 49.5 is 9.5 of 10 into the bucket from 1 to 10: 9.55 s.
        ("latency_p99", {"pay": 9.55}),
    ],
)
def test_celery_adds_up_tasks_that_succeeded_and_tasks_that_failed(
    judge: Judge, key: str, expected: Mapping[str, float]
) -> None:
    text = of_services("celery", key, TASKS, threshold="1")
    judge(tasks(), [(rounded(text), AT, {series("", name=name): value for name, value in expected.items()})])


def test_a_sum_in_which_one_metric_is_not_clear_is_not_clear(judge: Judge) -> None:
    """+Inf says that raw samples decide, here because of a restart of the counter of failures."""
    given = {
        series("celery_task_succeeded_total", name="pay"): f"0+25x{MINUTES}",
        series("celery_task_failed_total", name="pay"): f"100+3x90 0+3x{MINUTES - 91}",
    }
    judge(given, [(of_services("celery", "total", TASKS), AT, {series("", name="pay"): float("inf")})])


def test_a_state_is_the_percentage_of_time_that_it_was_1(judge: Judge) -> None:
    text = (
        "provider: custom\nservices: [{name: api, slo_target: 99, labels: {instance: x}}]\n"
        "queries: {availability: {by: instance, form: state, selector: 'probe_success{{instance=~\"{instance}\"}}'}}"
    )
    template = loads(text, "test.yaml", {}, cwd=Path()).templates["availability"]
    member = Member("api", {"instance": "https://a"})
    query = Query(template, (member,), {"window": "1h"}, Grid.instant(0), Purpose.SLI, SeriesKey("availability"), "1h")
    given = {
        series("probe_success", instance="https://a", job="p"): up_and_down(),
        series("probe_success", instance="https://b", job="p"): f"0x{MINUTES}",
    }
    expected = {series("", instance="https://a"): halves("1h")}
    judge(given, [(rounded(promql.render(query)), BETWEEN_SAMPLES, expected)])


def test_a_state_of_several_instances_counts_each_for_as_long_as_it_was_there(judge: Judge) -> None:
    """A rollout: 55 samples of an instance that was up, 5 of its successor that was down. 100 × 55 / 60, not 50."""
    text = (
        "provider: custom\nservices: [{name: api, slo_target: 99, labels: {job: api}}]\n"
        "queries: {availability: {by: job, form: state, selector: 'up{{job=~\"{job}\"}}'}}"
    )
    template = loads(text, "test.yaml", {}, cwd=Path()).templates["availability"]
    members = (Member("api", {"job": "api"}),)
    query = Query(template, members, {"window": "1h"}, Grid.instant(0), Purpose.SLI, SeriesKey("availability"), "1h")
    given = {
        series("up", job="api", instance="old"): "1x114 stale",
        series("up", job="api", instance="new"): "_x115 0x5",
    }
    judge(given, [(rounded(promql.render(query)), BETWEEN_SAMPLES, {series("", job="api"): 91.666667})])


def summed(selector: str, period: str, window: str, lb: str = "a") -> str:
    text = (
        "provider: custom\nservices: [{name: api, slo_target: 99, labels: {lb: x}}]\n"
        f"queries: {{total: {{by: lb, form: summed, period: {period}, selector: {selector}}}, good: 'x[{{window}}]'}}"
    )
    template = loads(text, "test.yaml", {}, cwd=Path()).templates["total"]
    variables = {"window": window}
    query = Query(
        template, (Member("api", {"lb": lb}),), variables, Grid.instant(0), Purpose.SLI, SeriesKey("total"), ""
    )
    return promql.render(query)


REQUESTS = "'requests_sum{{lb=~\"{lb}\"}}'"


def test_gauges_that_are_sums_of_a_period_are_added_up_once_each(judge: Judge) -> None:
    """Minute i has the sum i. Over the hour to 2:00 the times 1:00 to 1:59 count: (60 + 119) × 60 / 2 = 5,370."""
    given = {
        series("requests_sum", lb="a"): " ".join(str(minute) for minute in range(MINUTES + 1)),
        series("requests_sum", lb="b"): f"1000x{MINUTES}",
    }
    a = series("", lb="a")
    checks = [(summed(REQUESTS, "1m", "1h"), AT, {a: 5370.0})]
    # Two half hours are the hour: 60 to 89 and 90 to 119.
    checks += [(summed(REQUESTS, "1m", "30m"), time, {a: value}) for time, value in (("90m", 2235.0), (AT, 3135.0))]
    judge(given, checks)


def test_a_sum_that_is_scraped_several_times_in_its_period_counts_once(judge: Judge) -> None:
    """Each sum of five minutes is scraped five times: minutes 60 to 64 have 12, …, 115 to 119 have 23.

    12 + … + 23 = 210. A sum over all samples would be five times as much.
    """
    given = {series("requests_sum", lb="a"): " ".join(str(minute // 5) for minute in range(MINUTES + 1))}
    judge(given, [(summed(REQUESTS, "5m", "1h"), AT, {series("", lb="a"): 210.0})])


def test_a_sum_that_is_written_only_now_and_then_counts_in_its_own_period(judge: Judge) -> None:
    """Exporters with timestamps of their own leave no mark where a sum ends: Prometheus shows it for five minutes more.

    One sum of 10 in the hour is 10. One every five minutes is 12 × 10 = 120, and one a minute is 600.
    """
    given = {
        series("requests_sum", lb="a"): "_x90 10 _x29",
        series("requests_sum", lb="b"): " ".join("_" if minute % 5 else "10" for minute in range(MINUTES + 1)),
        series("requests_sum", lb="c"): f"10x{MINUTES}",
    }
    for lb, expected in (("a", 10.0), ("b", 120.0), ("c", 600.0)):
        judge(given, [(summed(REQUESTS, "1m", "1h", lb), AT, {series("", lb=lb): expected})])
    # Each of its half hours has six of them; an hour without one has no answer, not zero.
    halves_of_b = [(summed(REQUESTS, "1m", "30m", "b"), time, {series("", lb="b"): 60.0}) for time in ("90m", AT)]
    judge(given, [*halves_of_b, (summed(REQUESTS, "1m", "1h"), "1h", {})])


def test_a_period_without_a_sum_adds_nothing_and_several_metrics_are_added_up(judge: Judge) -> None:
    """Of target errors every second minute has no sum: 30 times 4. Errors of the load balancer: 60 times 1."""
    given = {
        series("target_sum", lb="a"): " ".join("4" if minute % 2 else "NaN" for minute in range(MINUTES + 1)),
        series("elb_sum", lb="a"): f"1x{MINUTES}",
    }
    both = "['target_sum{{lb=~\"{lb}\"}}', 'elb_sum{{lb=~\"{lb}\"}}']"
    judge(given, [(summed(both, "1m", "1h"), AT, {series("", lb="a"): 180.0})])
