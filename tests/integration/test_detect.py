"""`init --detect` against a real Prometheus: a configuration that `check --online` passes, and equal counts."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.config import load
from sresnap.errors import ExitCode, SresnapError, UsageError
from sresnap.model.windows import HOUR, MINUTE, iso, parse_time
from tests.accuracy.engines import victoria
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus_of

# ruff: noqa: E501 - series in one line

END = parse_time("2026-11-22T21:00:00Z")
START = END - 4 * HOUR
# Events a minute.
COUNTERS = {
    # Two services of Traefik; the scrape renamed its label. 1 % of shop's requests fail, 99.7 % are under 1.2 s.
    'traefik_service_requests_total{service="traefik",exported_service="shop@docker",code="200"}': 990,
    'traefik_service_requests_total{service="traefik",exported_service="shop@docker",code="502"}': 10,
    'traefik_service_requests_total{service="traefik",exported_service="pay@docker",code="200"}': 60,
    'traefik_service_request_duration_seconds_bucket{service="traefik",exported_service="shop@docker",le="0.3"}': 900,
    'traefik_service_request_duration_seconds_bucket{service="traefik",exported_service="shop@docker",le="1.2"}': 997,
    'traefik_service_request_duration_seconds_bucket{service="traefik",exported_service="shop@docker",le="+Inf"}': 1000,
    # Both generations of OpenTelemetry, of one application; its checks of health are 60 a minute.
    'http_server_request_duration_seconds_count{job="prod/cart",http_route="/cart",http_response_status_code="200"}': 117,
    'http_server_request_duration_seconds_count{job="prod/cart",http_route="/cart",http_response_status_code="500"}': 3,
    'http_server_request_duration_seconds_count{job="prod/cart",http_route="/healthz",http_response_status_code="200"}': 60,
    'http_server_request_duration_seconds_bucket{job="prod/cart",http_route="/cart",le="0.25"}': 120,
    'http_server_request_duration_seconds_bucket{job="prod/cart",http_route="/cart",le="+Inf"}': 120,
    'http_server_duration_milliseconds_count{job="prod/cart",http_status_code="200"}': 117,
    'http_server_duration_milliseconds_count{job="prod/cart",http_status_code="500"}': 3,
    # The application behind Traefik's shop, which counts the same requests.
    'http_requests_total{job="shop",status="200"}': 990,
    'http_requests_total{job="shop",status="500"}': 10,
    # Istio: both proxies count.
    'istio_requests_total{reporter="destination",destination_service_namespace="a",destination_service_name="stock",response_code="200"}': 80,
    'istio_requests_total{reporter="source",destination_service_namespace="a",destination_service_name="stock",response_code="200"}': 82,
    'celery_task_succeeded_total{name="mail.send"}': 28,
    'celery_task_failed_total{name="mail.send"}': 2,
    'my_jobs_total{queue="letters",result="ok"}': 90,
    'my_jobs_total{queue="letters",result="failed"}': 10,
    'node_cpu_seconds_total{instance="db:9100",job="node",mode="idle",cpu="0"}': 50,
}  # fmt: skip
GAUGES = {
    'probe_success{instance="https://shop.example.com",job="blackbox"}': 1,
    'probe_success{instance="https://user:hunter22@pay.example/?token=abcdef12",job="blackbox"}': 1,
    'up{instance="db:9100",job="node"}': 1,
}
EXPECTED = {
    "shop": ("traefik", 1000 * 60, 10 * 60),
    "pay": ("traefik", 60 * 60, 0),
    "cart": ("otel-http", 120 * 60, 3 * 60),
    "stock": ("istio", 80 * 60, 0),
    "mail.send": ("celery", 30 * 60, 2 * 60),
}


def openmetrics():
    lines = []
    both = {
        **{name: (rate, 0) for name, rate in COUNTERS.items()},
        **{name: (0, one) for name, one in GAUGES.items()},
    }
    for metric in dict.fromkeys(name.partition("{")[0] for name in both):
        lines.append(f"# TYPE {metric} unknown")
        for name, (rate, first) in both.items():
            if name.startswith(f"{metric}{{"):
                lines += [f"{name} {first + rate * i} {t}" for i, t in enumerate(range(START, END + 1, MINUTE))]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with prometheus_of(openmetrics(), tmp_path_factory.mktemp("detect")) as address:
        yield address


def call(*arguments):
    result = CliRunner().invoke(cli, [*map(str, arguments), "--at", iso(END)], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture(scope="module")
def written(url, tmp_path_factory):
    """The file that was written, and what was printed."""
    path = tmp_path_factory.mktemp("found") / "sresnap.yaml"
    result = call("init", "--detect", "--prometheus-url", url, "--config", path)
    assert result.return_value == ExitCode.DONE
    return path, result.output


def config(path):
    return load(path, {}, cwd=Path.cwd())


def test_every_service_is_found_once(written):
    path, output = written
    found = config(path)
    assert {one.name: one.provider for one in found.services} == {
        **{name: source for name, (source, _, _) in EXPECTED.items()},
        "shop.example.com": "blackbox",
    }
    assert "wrote 6 services" in output
    assert re.search(r"shop +traefik +240 000 +1.0 % +1\.2s \(99 %\) +the scrape renamed service", output)


def test_it_says_what_it_left_out(written):
    _, output = written
    assert re.search(r"cart-otel-http-old +otel-http-old +28 800 +2\.5 % +a comment: cart counts the same", output)
    assert "a comment: shop counts the same requests" in output  # the application behind Traefik
    assert "reporter source left out: counted by destination" in output
    assert "without checks of health: /healthz" in output
    assert "left out: node: db:9100: hosts and containers" in output
    assert "traefik, istio, otel-http may be on the way of the same requests" in output
    assert "of the last 168 hours" in output


def test_a_label_with_a_login_is_left_out_and_never_shown(written):
    path, output = written
    assert "left out: blackbox: 1 value of the label instance with credentials in an address" in output
    assert not any(secret in output + path.read_text() for secret in ("hunter22", "abcdef12"))


def test_check_online_passes(written):
    path, _ = written
    result = call("check", "--online", "--json", "--config", path)
    assert result.return_value == ExitCode.DONE, [one for one in json.loads(result.stdout) if one["state"] != "ok"]


def test_the_reports_counts_are_what_was_sent(written, tmp_path):
    path, _ = written
    snapshot = build_without_pages(config(path), tmp_path, END)
    found = {
        service.name: (slo.windows["1h"].total, slo.windows["1h"].total - slo.windows["1h"].good)
        for service in snapshot.services
        for slo in service.slos[:1]
        if service.name in EXPECTED
    }
    assert found == {name: (total, bad) for name, (_, total, bad) in EXPECTED.items()}


def test_objectives_are_never_above_what_was_seen(written):
    path, _ = written
    for service in config(path).services:
        _, total, bad = EXPECTED.get(service.name, ("", 1, 0))
        assert service.slos[0].objective <= 1 - bad / total
    shop = next(one for one in config(path).services if one.name == "shop")
    assert [(slo.name, slo.objective, slo.threshold_seconds) for slo in shop.slos] == [
        ("availability", 0.98, None),  # 1 % failed: half of what 98 allows
        ("latency", 0.99, 1.2),
    ]


def test_what_is_new_is_added_and_the_rest_stays(url, tmp_path):
    path = tmp_path / "sresnap.yaml"
    before = f"""# Ours.
prometheus: {{url: "{url}"}}
services:
  - name: shop    # by hand
    slo_target: 99.9
    provider: traefik
    parameters: {{identity: exported_service}}
    queries: {{saturation: null, cap_container_cpu: null, cap_container_mem: null}}
    labels: {{exported_service: shop@docker}}

title: Ours
"""
    path.write_text(before)
    assert call("init", "--detect", "--add", "--config", path).return_value == ExitCode.DONE
    after = path.read_text()
    place = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    assert after.startswith(before[:place])
    assert after.endswith(before[place:])
    assert config(path).services[0].name == "shop"
    assert {one.name for one in config(path).services} == {*EXPECTED, "shop.example.com"}
    again = call("init", "--detect", "--add", "--config", path)
    assert "no other service that can be added" in again.output
    assert re.search(r"shop-http +http +240 000 +1\.0 % +a comment: shop counts the same requests", again.output)
    assert path.read_text() == after


def test_a_file_without_a_place_is_left_as_it_is(url, tmp_path):
    path = tmp_path / "sresnap.yaml"
    text = f'{{prometheus: {{url: "{url}"}}, services: [{{name: api, slo_target: 99}}]}}\n'
    path.write_text(text)
    result = call("init", "--detect", "--add", "--config", path)
    assert result.return_value == ExitCode.INCOMPLETE
    assert path.read_text() == text
    assert "was not changed" in result.stderr
    assert "- name: pay" in result.stdout


def test_what_is_added_names_the_source_that_was_asked(url, tmp_path):
    path = tmp_path / "sresnap.yaml"
    text = f"sources: {{eu: {{url: '{url}'}}, us: {{url: 'http://127.0.0.1:9'}}}}\nsource: us\nprovider: traefik\nservices:\n"
    text += "  - {name: pay, slo_target: 99}\n  - {name: own, slo_target: 99, source: eu}\n"
    path.write_text(text)
    with pytest.raises(UsageError, match="the services have several sources: eu, us"):
        call("init", "--detect", "--add", "--config", path)
    with pytest.raises(UsageError, match="no source 'asia'"):
        call("init", "--detect", "--add", "--source", "asia", "--config", path)
    assert path.read_text() == text
    assert call("init", "--detect", "--add", "--source", "eu", "--config", path).return_value == ExitCode.DONE
    found = {one.name: one for one in config(path).services}
    assert found.keys() == {"pay", "own", "shop", "pay-traefik", "cart", "stock", "mail.send"} | (
        found.keys() - EXPECTED.keys()
    )
    assert {one.source for name, one in found.items() if name != "pay"} == {"eu"}
    assert found["pay-traefik"].labels["exported_service"] == "pay@docker"


def test_presets_of_ones_own_are_looked_for_too(url, tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "jobs.yaml").write_text(
        "queries:\n"
        "  total: {by: queue, form: counted, selector: 'my_jobs_total{{queue=~\"{queue}\"}}'}\n"
        '  bad: {by: queue, form: counted, selector: \'my_jobs_total{{queue=~"{queue}", result="failed"}}\'}\n'
    )
    path = tmp_path / "ops" / "sresnap.yaml"
    path.parent.mkdir()
    result = call("init", "--detect", "--prometheus-url", url, "--preset-path", tmp_path / "ours", "--config", path)
    assert re.search(r"letters +jobs +24 000 +10 %", result.output)
    assert "preset_path: [../ours]" in path.read_text()
    found = next(one for one in config(path).services if one.name == "letters")
    assert (found.provider, found.labels["queue"]) == ("jobs", "letters")
    kept = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    path.write_text("\n".join(kept[: kept.index("services:")]) + "\nservices:\n  - {name: own, slo_target: 99}\n")
    result = call("init", "--detect", "--add", "--dry-run", "--json", "--config", path)
    assert "letters" in {one["name"] for one in json.loads(result.stdout)}


def test_a_file_that_is_there_is_not_overwritten(url, tmp_path):
    path = tmp_path / "sresnap.yaml"
    path.write_text("mine")
    with pytest.raises(SresnapError, match="already exists"):
        call("init", "--detect", "--prometheus-url", url, "--config", path)
    assert path.read_text() == "mine"


def test_the_table_is_available_as_json(url, tmp_path):
    result = call("init", "--detect", "--prometheus-url", url, "--dry-run", "--json", "--config", tmp_path / "x.yaml")
    found = {one["name"]: one for one in json.loads(result.stdout)}
    assert (found["shop"]["objective"], found["shop-http"]["counted_by"]) == (98, "shop")
    assert not (tmp_path / "x.yaml").exists()


def test_nothing_found_says_what_was_looked_for(tmp_path):
    text = "# TYPE shop_requests counter\n" + "".join(
        f'shop_requests_total{{job="shop"}} {i} {START + i * MINUTE}\n' for i in range(241)
    )
    with prometheus_of(text, tmp_path) as url:
        result = call("init", "--detect", "--prometheus-url", url, "--config", tmp_path / "sresnap.yaml")
    assert result.return_value == ExitCode.INCOMPLETE
    assert "looked for the metrics of aws-alb, blackbox" in result.stderr
    assert "these count something: shop_requests_total" in result.stderr
    assert not (tmp_path / "sresnap.yaml").exists()


def test_victoria_metrics_has_the_same_services(tmp_path):
    samples = "".join(
        re.sub(r" (\d+)$", r" \g<1>000\n", line) for line in openmetrics().splitlines() if not line.startswith("#")
    )
    with victoria(samples, tmp_path / "data") as url:
        result = call(
            "init", "--detect", "--prometheus-url", url, "--dry-run", "--json", "--config", tmp_path / "x.yaml"
        )
    found = {one["name"]: one["provider"] for one in json.loads(result.stdout) if one["objective"] is not None}
    assert found == {**{name: source for name, (source, _, _) in EXPECTED.items()}, "shop.example.com": "blackbox"}
