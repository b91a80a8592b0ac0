"""`check --online` and `explain` against a real Prometheus: they report whether there is data and, if not, why."""

import json

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.errors import ExitCode
from sresnap.model.windows import iso
from tests.integration.month import AT, HTTP
from tests.integration.prometheus_server import prometheus_of


def call(*arguments):
    result = CliRunner().invoke(cli, [*map(str, arguments)], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.stdout


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "sresnap.yaml"
    path.write_text(HTTP)
    return path


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """An exporter with its own service and job labels, scraped without honor_labels."""
    lines = ["# TYPE http_requests counter"]
    for i in range(120):
        stamp = AT - 7200 + 60 * i + 17
        lines.append(f'http_requests_total{{service="shop",exported_service="api",code="200"}} {100 * i} {stamp}')
    lines.append("# TYPE up gauge")
    lines += [f'up{{job="demo"}} 1 {AT - 7200 + 60 * i + 17}' for i in range(120)]
    lines.append("# EOF\n")
    with prometheus_of("\n".join(lines), tmp_path_factory.mktemp("renamed")) as url:
        yield url


def findings(config, url, *more):
    code, output = call(
        "check", "--online", "--json", "--config", config, "--prometheus-url", url, "--at", iso(AT), *more
    )
    return code, {(f["service"], f["signal"]): f for f in json.loads(output)}


def test_every_query_that_finds_data_shows_its_value(month, config):
    code, found = findings(config, month.url)
    assert code == ExitCode.DONE
    assert len(found) == 3 * (2 + 4 + 5) + 1
    assert {finding["state"] for finding in found.values()} == {"ok"}
    assert found["api", "total"]["value"] > 1000


def test_a_label_that_the_scrape_renamed_is_detected(renamed, config):
    code, found = findings(config, renamed)
    assert code == ExitCode.INCOMPLETE
    cause = found["api", "total"]["cause"]
    assert "exported_service" in cause
    assert "honor_labels: true" in cause
    assert "`parameters: {identity: exported_service}`" in cause


def test_a_missing_metric_is_named(renamed, config):
    _, found = findings(config, renamed)
    assert "no metric http_request_duration_seconds_bucket" in found["api", "latency_p99"]["cause"]


def test_an_unknown_label_value_is_shown_with_the_existing_ones(month, config):
    config.write_text(HTTP.replace("labels: {service: worker}", "labels: {service: wroker}"))
    code, found = findings(config, month.url)
    assert code == ExitCode.INCOMPLETE
    assert "'worker', 'frontend', 'api'; none matches 'wroker'" in found["worker", "request_rate"]["cause"]
    assert found["worker", "bad"]["state"] == "no data"
    assert "no series matches http_requests_total{" in found["worker", "bad"]["cause"]
    assert found["api", "request_rate"]["state"] == "ok"


def test_the_table_marks_missing_data_and_names_the_next_command(month, config):
    config.write_text(HTTP.replace("labels: {service: worker}", "labels: {service: wroker}"))
    code, output = call("check", "--online", "--config", config, "--prometheus-url", month.url, "--at", iso(AT))
    assert code == ExitCode.INCOMPLETE
    assert "✕ no data" in output
    assert "found no data, or only part, in" in output
    assert "sresnap explain" in output


def test_explain_shows_the_query_its_time_range_and_its_result(month, config):
    code, output = call(
        "explain", "api", "total", "--config", config, "--prometheus-url", month.url, "--at", iso(AT), "--json"
    )
    assert code == ExitCode.DONE
    rows = json.loads(output)
    hour = next(row for row in rows if (row["purpose"], row["window"]) == ("sli", "1h"))
    assert hour["time"] == iso(AT)
    assert 'service=~"api"' in hour["promql"]
    assert hour["last"] > 1000
    hourly = next(row for row in rows if row["purpose"] == "hourly")
    assert hourly["start"] < hourly["time"]
    assert hourly["points_with_data"] > 600
    _, text = call("explain", "api", "total", "--config", config, "--prometheus-url", month.url, "--at", iso(AT))
    assert hour["promql"] in text
    assert "api · total" in text


def test_a_bucket_that_only_some_instances_have_is_reported(tmp_path):
    lines = ["# TYPE http_request_duration_seconds histogram"]
    for instance, bounds in (("old", ("0.5", "+Inf")), ("new", ("0.3", "0.5", "+Inf"))):
        for bound in bounds:
            labels = f'service="api",instance="{instance}",le="{bound}"'
            lines += [
                f"http_request_duration_seconds_bucket{{{labels}}} {10 * i} {AT - 7200 + 60 * i + 17}"
                for i in range(120)
            ]
    path = tmp_path / "sresnap.yaml"
    slos = "[{name: latency, objective: 99, latency_threshold: 300ms}]"
    path.write_text(f"services: [{{name: api, slos: {slos}}}]\n")
    with prometheus_of("\n".join([*lines, "# EOF\n"]), tmp_path / "prometheus") as url:
        code, found = findings(path, url)
    assert code == ExitCode.INCOMPLETE
    finding = found["api", "latency_good@0.3"]
    assert finding["state"] == "in part"
    assert "only 1 of 2 series of http_request_duration_seconds_bucket have the bucket 0.3" in finding["cause"]
    assert "the boundaries found are 0.3, 0.5" in finding["cause"]


def test_row_16_the_check_says_until_when_reports_are_provisional(month, config):
    # The month has 29 days of data.
    _, output = call("check", "--online", "--config", config, "--prometheus-url", month.url, "--at", iso(AT))
    assert "provisional" not in output
    config.write_text(HTTP + "window: 60d\n")
    _, output = call("check", "--online", "--config", config, "--prometheus-url", month.url, "--at", iso(AT))
    (note,) = [line for line in output.splitlines() if "provisional" in line]
    assert "4 of 4 objectives: data for" in note
    assert "of 60 days. The report is provisional until 2026-04-" in note
    assert note.endswith("d would be whole today.")
