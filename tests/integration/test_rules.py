"""What `sresnap rules` writes, evaluated by a real Prometheus, against the report, hour by hour."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.parse
import urllib.request

import pytest
import yaml

from sresnap.app.gather import gather
from sresnap.compute.service_report import service_report
from sresnap.compute.slo.alerts import alerts
from sresnap.config import burn_pairs, loads
from sresnap.model.history import History
from sresnap.model.windows import DAY, HOUR, MINUTE, floor, format_duration, parse_duration, parse_time
from sresnap.progress import Quiet
from sresnap.rules import rules_yaml
from tests.integration.month import AT, configured
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import make_blocks, need_tool, prometheus

START, END = parse_time("2026-03-14T00:00:00Z"), parse_time("2026-03-15T00:00:00Z")
SOAK = int(os.environ.get("ROUNDS", "10")) >= 50
STEP = HOUR if SOAK else 4 * HOUR
COMPARED = range(START + STEP, END + 1, STEP) if SOAK else (START + 4 * HOUR, START + 16 * HOUR, END)
"""`make soak` compares every hour. An hour of the report costs a second, so `make test` compares three: one with
a page, one with a ticket, a quiet one."""
SLOS = """
window: 3d
services:
  - {name: frontend, slo_target: 99.99, labels: {service: frontend}}
  - name: api
    labels: {service: api}
    slos:
      - {name: availability, objective: 99.9, window: 28d}
      - {name: latency, objective: 99, latency_threshold: 300ms, window: 28d}
  - name: worker
    labels: {service: worker}
    slos:
      - {name: availability, objective: 99, window: 28d}
      - {name: up, objective: 99, kind: time, window: 28d}
      - {name: fives, objective: 99, kind: timeslices, slice: {length: 5m, target: 95}, window: 28d}
      - {name: halves, objective: 99, kind: timeslices, slice: {length: 2m30s, target: 95}, window: 28d}
"""


def groups(part):
    document = yaml.safe_load(rules_yaml(configured("http://localhost", SLOS), burn_pairs(), MINUTE))
    return [group for group in document["groups"] if group["name"].startswith(part)]


def ask(url, query, start, end, step):
    """The series of a range query."""
    data = urllib.parse.urlencode({"query": query, "start": start, "end": end, "step": step}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/query_range", data, timeout=60) as response:
        return json.load(response)["data"]["result"]


Samples = dict[tuple[str, int], str]
"""(series, time) → value."""


def evaluated(url, rules, start, end, step) -> Samples:
    """Recording rules as Prometheus evaluates them, at whole steps.

    promtool's own backfill of rules puts its evaluations off the whole hour by a hash of the group's name.
    """
    samples: Samples = {}
    for rule in rules:
        for series in ask(url, rule["expr"], start, end, step):
            labels = {k: v for k, v in series["metric"].items() if k != "__name__"} | rule.get("labels", {})
            inside = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
            samples |= {(f"{rule['record']}{{{inside}}}", int(t)): value for t, value in series["values"]}
    return samples


def openmetrics(samples: Samples) -> str:
    rows = sorted(samples.items(), key=lambda item: (item[0][1], item[0][0]))
    return "".join(f"{series} {value} {time}\n" for (series, time), value in rows)


@pytest.fixture(scope="module")
def recorded(month, tmp_path_factory):
    """A Prometheus that has only what the rules record: at each step, what is summed over days by the hour, and of the
    last hours by the minute.

    A rule's result is seen by the next rule only when it is stored, hence the starts.
    """
    folder = tmp_path_factory.mktemp("recorded")
    counts = [rule for group in groups("sresnap-count") for rule in group["rules"]]
    (slos,) = (group["rules"] for group in groups("sresnap-slos"))
    sums = [rule for rule in slos if rule["record"].startswith(("slo:sli_total", "slo:sli_bad"))]
    ratios = [rule for rule in slos if rule["record"].startswith("slo:sli_error")]
    by_hour = [rule for rule in counts if rule["record"].endswith("increase1h")]
    samples = evaluated(month.url, by_hour, START - 3 * DAY, floor(AT, HOUR), HOUR)
    samples |= evaluated(month.url, counts, START + STEP, END, STEP)
    by_minute = [rule for rule in counts if rule["record"].endswith(("increase1m", "increase5m"))]
    samples |= evaluated(month.url, by_minute, floor(AT, 5 * MINUTE) - 6 * HOUR, AT, MINUTE)
    samples |= evaluated(month.url, counts, AT, AT, MINUTE)
    for level, rules in enumerate((sums, ratios)):
        with prometheus(make_blocks(openmetrics(samples), folder / f"level{level}")) as url:
            samples |= evaluated(url, rules, START + STEP, END, STEP)
    with prometheus(make_blocks(openmetrics(samples), folder / "all")) as url:
        yield url


def firing(url, start, end):
    """The alerts of the rules that fire at the steps from start to end: (time, service, SLO, long window)."""
    return {
        (int(time), series["metric"]["service"], rule["labels"]["slo"], rule["labels"]["long"])
        for rule in groups("sresnap-alerts")[0]["rules"]
        for series in ask(url, rule["expr"], start, end, STEP)
        for time, _ in series["values"]
        if time in COMPARED
    }


def test_the_alerts_and_the_report_agree_over_the_hours_of_a_day_with_an_incident(month, recorded):
    expected_alerts, history, config = set(), History(), configured(month.url, SLOS)
    for time in COMPARED:
        # As a build gathers and judges, without its pages. The history of the first hour serves the later ones.
        gathered, _ = gather(config, history, time, Quiet())
        history = gathered.history
        expected_alerts |= {
            (time, service.name, slo.name, alert.long)
            for service in (service_report(gathered, service) for service in config.services)
            for slo in service.slos
            for alert in slo.alerts
            if alert.firing
        }
    assert firing(recorded, START + STEP, END) == expected_alerts
    pages = {alert for alert in expected_alerts if alert[3] in {"1h", "6h"}}
    assert pages, "the day has an incident, or the test shows nothing"
    assert len(pages) < len(COMPARED) * 2 * len({alert[1:3] for alert in expected_alerts})


def test_the_preset_recorded_gives_the_same_counts_from_recorded_series_only(month, recorded, tmp_path):
    text = SLOS.replace(", window: 28d", "").replace("window: 3d", "window: 3d\nprovider: recorded")
    direct = build_without_pages(configured(month.url, text.replace("recorded", "http")), tmp_path / "a", AT)
    read = build_without_pages(configured(recorded, text), tmp_path / "b", AT)
    for one, other in zip(direct.services, read.services, strict=True):
        for expected, found in zip(one.slos, other.slos, strict=True):
            for name, window in expected.windows.items():
                again = found.windows[name]
                assert (again.good, again.total) == pytest.approx((window.good, window.total), rel=1e-9), (
                    name,
                    one.name,
                )
                assert again.coverage == window.coverage, (name, one.name, found.name)
            assert (found.kind, found.basis) == (expected.kind, expected.basis)
            assert found.status is expected.status


def test_promtool_accepts_the_rules(tmp_path):
    file = tmp_path / "rules.yml"
    file.write_text(rules_yaml(loads(SLOS, "sresnap.yaml", {}, cwd=tmp_path), burn_pairs(), MINUTE))
    done = subprocess.run([need_tool("promtool"), "check", "rules", file], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "duplicate" not in done.stdout + done.stderr


BRACES = """
services:
  - name: "{{web}}"
    slos:
      - name: 'a{{ .b }}{{{"c'
        objective: 99
        queries: {total: 'sum(increase(t[{window}]))', bad: 'sum(increase(b[{window}]))'}
"""
EXPECTED = """
rule_files: [RULES]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'slo:sli_error:ratio_rate1h{service="{{web}}", slo="a{{ .b }}{{{\\"c"}', values: 0.5+0x10}
      - {series: 'slo:sli_error:ratio_rate5m{service="{{web}}", slo="a{{ .b }}{{{\\"c"}', values: 0.5+0x10}
      - {series: 'slo:sli_bad:increase1h{service="{{web}}", slo="a{{ .b }}{{{\\"c"}', values: 10+0x10}
    alert_rule_test:
      - eval_time: 5m
        alertname: SLOBudgetBurn
        exp_alerts:
          - exp_labels:
              {severity: page, service: "{{web}}", slo: 'a{{ .b }}{{{"c', objective: "0.99",
              window: 28d, basis: events, long: 1h, short: 5m}
            exp_annotations:
              summary: >-
                {{web}} burns the error budget of a{{ .b }}{{{"c more than 13.44 times as fast as it lasts, over 1h
                and 5m
              description: >-
                Objective 0.99 over 28d. 50% were bad, of the last 1h or, while it has too few events, of a longer
                window.
"""
LOW_TRAFFIC = """
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [SERIES]
    promql_expr_test:
      - expr: 'count by (severity, long, short) (ALERTS{alertstate="firing"})'
        eval_time: 5m
        exp_samples: [SAMPLES]
"""


@pytest.mark.parametrize(
    ("bad", "in_6h", "rate_2h", "firing"),
    [
        # The page pairs have too few in 1h and in 6h, and are judged over 1d and 2h: 0.9 / 0.01 = 90.
        ({"1h": 4, "6h": 6, "1d": 12, "3d": 12}, 1000, 0.9, {"1h", "6h", "1d"}),
        # Recovered, as the two hours show.
        ({"1h": 4, "6h": 6, "1d": 12, "3d": 12}, 1000, 0, set()),
        # Six hours have enough bad events and burn slowly, so the day is not looked at.
        ({"1h": 4, "6h": 10, "1d": 12, "3d": 12}, 1000, 0.9, {"1d"}),
        # Of 24 requests in six hours, two are expected in 30m: that it has none bad says nothing.
        ({"1h": 4, "6h": 10, "1d": 12, "3d": 12}, 24, 0.9, {"1h", "6h", "1d"}),
        # A page never looks at three days.
        ({"1h": 4, "6h": 4, "1d": 4, "3d": 12}, 1000, 0.9, {"1d", "3d"}),
    ],
)
def test_an_alert_with_too_few_events_looks_at_longer_windows_as_the_report_does(tmp_path, bad, in_6h, rate_2h, firing):
    rates = {"5m": 0, "30m": 0, "1h": 0, "2h": rate_2h, "6h": 0.9 * (bad["1d"] == 4), "1d": 0.9, "3d": 0.9}
    total = {"1h": 10, "6h": in_6h, "1d": 4000, "3d": 12_000}
    given = {f"slo:sli_bad:increase{name}": value for name, value in bad.items()}
    given |= {f"slo:sli_total:increase{name}": value for name, value in total.items()}
    given |= {f"slo:sli_error:ratio_rate{name}": value for name, value in rates.items()}
    labels = '{service="api", slo="availability"}'
    config = loads("provider: http\nservices: [{name: api, slo_target: 99}]", "sresnap.yaml", {}, cwd=tmp_path)
    document = yaml.safe_load(rules_yaml(config, burn_pairs(), MINUTE))
    document["groups"] = [group for group in document["groups"] if group["name"] == "sresnap-alerts"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    series = [{"series": f"{name}{labels}", "values": f"{value}+0x10"} for name, value in given.items()]
    found = [pair for pair in burn_pairs() if format_duration(pair.long_seconds) in firing]
    samples = [
        {
            "labels": f'{{severity="{pair.severity}", long="{format_duration(pair.long_seconds)}", '
            f'short="{format_duration(pair.short_seconds)}"}}',
            "value": 1,
        }
        for pair in found
    ]
    text = LOW_TRAFFIC.replace("[SERIES]", json.dumps(series)).replace("[SAMPLES]", json.dumps(samples))
    (tmp_path / "test.yml").write_text(text)
    command = [need_tool("promtool"), "test", "rules", "test.yml"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    # The report, from the same numbers.
    seconds = {name: int(parse_duration(name)) for name in rates}
    judged = alerts(
        burn_pairs(),
        {seconds[name]: rate / 0.01 for name, rate in rates.items()},
        28 * DAY,
        bad={seconds[name]: count for name, count in bad.items()},
        total={seconds[name]: count for name, count in total.items()},
    )
    assert {alert.long for alert in judged if alert.firing} == firing


def test_names_with_braces_come_out_of_prometheus_templates_as_they_went_in(tmp_path):
    promtool = need_tool("promtool")
    rules_text = rules_yaml(loads(BRACES, "sresnap.yaml", {}, cwd=tmp_path), burn_pairs(), MINUTE)
    (tmp_path / "rules.yml").write_text(rules_text)
    # Only the alerts: the recording rules would overwrite the series that the test provides.
    document = yaml.safe_load(rules_text)
    document["groups"] = [group for group in document["groups"] if group["name"] == "sresnap-alerts"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    (tmp_path / "test.yml").write_text(EXPECTED.replace("RULES", "alerts.yml"))
    for command in (["check", "rules", "rules.yml"], ["test", "rules", "test.yml"]):
        done = subprocess.run([promtool, *command], check=False, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


WHOM = """
services:
  - {name: api, slo_target: 99, team: 'Shop {{x}}', owner: Ann, runbook: "https://wiki.example/{{r}}?a=1&b=%20"}
  - {name: web, slo_target: 99}
"""
REACHED = """
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [SERIES]
    alert_rule_test:
      - eval_time: 5m
        alertname: SLOBudgetBurn
        exp_alerts:
          - exp_labels: {service: api, team: 'Shop {{x}}', LABELS}
            exp_annotations:
              summary: "api SUMMARY"
              description: "DESCRIPTION"
              owner: Ann
              runbook_url: "https://wiki.example/{{r}}?a=1&b=%20"
          - exp_labels: {service: web, LABELS}
            exp_annotations: {summary: "web SUMMARY", description: "DESCRIPTION"}
"""


def test_an_alert_says_which_team_it_is_for_and_what_to_do(tmp_path):
    text = rules_yaml(loads(WHOM, "sresnap.yaml", {}, cwd=tmp_path), burn_pairs(), MINUTE)
    document = yaml.safe_load(text)
    document["groups"] = [group for group in document["groups"] if group["name"] == "sresnap-alerts"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    values = {"slo:sli_error:ratio_rate1h": 0.5, "slo:sli_error:ratio_rate5m": 0.5, "slo:sli_bad:increase1h": 10}
    series = [
        {"series": f'{name}{{service="{service}", slo="availability"}}', "values": f"{value}+0x10"}
        for name, value in values.items()
        for service in ("api", "web")
    ]
    labels = 'severity: page, slo: availability, objective: "0.99", window: 28d, basis: events, long: 1h, short: 5m'
    summary = "burns the error budget of availability more than 13.44 times as fast as it lasts, over 1h and 5m"
    described = (
        "Objective 0.99 over 28d. 50% were bad, of the last 1h or, while it has too few events, of a longer window."
    )
    test = REACHED.replace("[SERIES]", json.dumps(series)).replace("LABELS", labels)
    (tmp_path / "test.yml").write_text(test.replace("SUMMARY", summary).replace("DESCRIPTION", described))
    promtool = need_tool("promtool")
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "test.yml"]):
        done = subprocess.run([promtool, *command], check=False, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
