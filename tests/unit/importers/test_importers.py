"""SLO files of other tools become a sresnap.yaml that loads, with a list of everything left out."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sresnap import promql
from sresnap.cli import cli
from sresnap.config import loads
from sresnap.errors import ConfigError, UsageError
from sresnap.importers import config_yaml, read_files
from sresnap.importers.sli import from_events
from sresnap.model.history import History
from sresnap.model.service import Kind
from sresnap.model.windows import CalendarWindow, Window, parse_time
from sresnap.plan import plan

SLOTH = """
version: "prometheus/v1"
service: "checkout"
labels: {owner: shop}
slos:
  - name: "requests-availability"
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="checkout",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="checkout"}[{{.window}}]))
    alerting: {name: CheckoutErrors}
  - name: "ratio"
    objective: 99
    sli: {raw: {error_ratio_query: 'sum(rate(e_total[{{.window}}])) / sum(rate(t_total[{{.window}}]))'}}
  - name: "plugged"
    objective: 99
    sli: {plugin: {id: sloth-common/kubernetes/apiserver/availability}}
"""

SLOTH_CRD = """
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: x}
spec:
  service: login
  slos:
    - name: ok
      objective: 99.5
      sli: {events: {errorQuery: 'sum(rate(e[{{ .window }}]))', totalQuery: 'sum(rate(t[{{ .window }}]))'}}
"""

PYRRA = """
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: api-errors, labels: {pyrra.dev/service: api}}
spec:
  target: "99.5"
  window: 4w
  indicator:
    ratio:
      errors: {metric: 'http_requests_total{job="api",code=~"5.."}'}
      total: {metric: 'http_requests_total{job="api"}'}
      grouping: [handler]
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: api-latency, labels: {pyrra.dev/service: api}}
spec:
  target: "99"
  window: 2w
  indicator:
    latency:
      success: {metric: 'http_request_duration_seconds_bucket{job="api",le="1"}'}
      total: {metric: 'http_request_duration_seconds_count{job="api"}'}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: up}
spec: {target: "99", window: 30d, indicator: {bool_gauge: {metric: 'up{job="api"}'}}}
"""

OPENSLO = """
apiVersion: openslo/v1
kind: DataSource
metadata: {name: prom}
spec: {type: Prometheus, connectionDetails: {url: "https://prom.example"}}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: web-availability}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {metricSourceRef: prom, spec: {query: 'http_requests_total{code=~"5.."}'}}}
    total: {metricSource: {metricSourceRef: prom, spec: {query: http_requests_total}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: web
  indicatorRef: web-availability
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: good, target: 0.999}, {displayName: perfect, target: 0.9999}]
  alertPolicies: [{kind: AlertPolicy}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: minutes}
spec:
  service: web
  indicator:
    metadata: {name: own}
    spec:
      ratioMetric:
        good: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(ok_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(all_total[5m]))'}}}
  timeWindow: [{duration: 1M, isRolling: false, calendar: {startTime: "2026-01-01 00:00:00", timeZone: Europe/Berlin}}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1m}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fill}
spec:
  service: db
  indicator:
    metadata: {name: own}
    spec:
      thresholdMetric: {metricSource: {type: Prometheus, spec: {query: 'max(disk_used_ratio{mount="/"})'}}}
  objectives: [{targetPercent: 99, op: lte, value: 0.8}, {targetPercent: 90, op: lt, value: 1234567.5}]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: page}
spec: {}
"""

GRAFANA = """
{"slos": [
  {"uuid": "a1", "name": "Kubelet requests", "description": "Not 5xx", "readOnly": {"status": {"type": "created"}},
   "query": {"type": "ratio", "ratio": {
     "successMetric": {"prometheusMetric": "kubelet_http_requests_total{status!~\\"5..\\"}"},
     "totalMetric": {"prometheusMetric": "kubelet_http_requests_total"}, "groupByLabels": ["instance"]}},
   "objectives": [{"value": 0.995, "window": "28d"}],
   "labels": [{"key": "team", "value": "platform"}, {"key": "service", "value": "kubelet"}],
   "destinationDatasource": {"uid": "grafanacloud-prom"},
   "alerting": {"fastBurn": {"annotations": []}}},
  {"uuid": "a2", "name": "jobs", "query": {"type": "failureRatio", "failureRatio": {
     "failureMetric": {"prometheusMetric": "jobs_failed_total"}, "totalMetric": {"prometheusMetric": "jobs_total"}}},
   "objectives": [{"value": 0.99, "window": "30d"}, {"value": 0.9, "window": "36h"}]},
  {"uuid": "a3", "name": "apiserver", "query": {"type": "freeform", "freeform": {"query":
     "sum(rate(api_total{code!=\\"500\\"}[$__rate_interval])) / sum(rate(api_total[$__rate_interval]))"}},
   "objectives": [{"value": 0.999, "window": "28d"}]},
  {"uuid": "a4", "name": "disks", "query": {"type": "threshold", "threshold": {}},
   "objectives": [{"value": 0.9, "window": "28d"}]}
]}
"""

ALL = {"sloth": SLOTH, "sloth-crd": SLOTH_CRD, "pyrra": PYRRA, "openslo": OPENSLO, "grafana": GRAFANA}


def read(tmp_path, *texts):
    files = []
    for index, text in enumerate(texts):
        files.append(tmp_path / f"slo{index}.yaml")
        files[-1].write_text(text)
    return read_files(files)


def config_of(found):
    return loads(config_yaml(found), "sresnap.yaml", {}, cwd=Path.cwd())


@pytest.mark.parametrize("tool", ALL)
def test_the_result_loads_and_its_promql_is_valid(tmp_path, tool):
    config = config_of(read(tmp_path, ALL[tool]))
    queries = plan(config, History(), parse_time("2026-11-22T21:34:00Z")).queries
    texts = {promql.render(query) for query in queries}
    assert texts
    assert [text for text in texts if promql.check_syntax(text)] == []


def test_sloth_s_rates_and_ratios_of_rates_become_counts(tmp_path):
    found = read(tmp_path, SLOTH)
    events, ratio = found.slos
    assert events.queries == {
        "total": {"form": "counted", "selector": 'http_requests_total{{job="checkout"}}'},
        "bad": {
            "form": "counted",
            "selector": 'http_requests_total{{job="checkout", code=~"(5..|429)"}}',
            "siblings": 'http_requests_total{{job="checkout"}}',
        },
    }
    assert ratio.queries == {
        "total": {"form": "counted", "selector": "t_total"},
        "bad": {"form": "counted", "selector": "e_total", "siblings": "t_total"},
    }
    notes = "\n".join(map(str, found.notes))
    for text in ("labels of alerts", "alerting is not carried over", "its rate is counted as events"):
        assert text in notes
    assert ["plugin" in mistake for mistake in found.mistakes] == [True]
    assert all(str(note) in config_yaml(found) for note in found.notes)


def test_grafana_s_metrics_are_counted_and_its_own_ratio_stays(tmp_path):
    found = read(tmp_path, GRAFANA)
    assert [(slo.service, slo.name, slo.objective, slo.window) for slo in found.slos] == [
        ("kubelet", "Kubelet requests", 99.5, "28d"),
        ("jobs", "jobs", 99, "30d"),
        ("jobs", "jobs-2", 90, None),
        ("apiserver", "apiserver", 99.9, "28d"),
    ]
    kubelet, jobs, _, apiserver = (slo.queries for slo in found.slos)
    assert kubelet["good"]["selector"] == 'kubelet_http_requests_total{{status!~"5.."}}'
    assert jobs == {
        "total": {"form": "counted", "selector": "jobs_total"},
        "bad": {"form": "counted", "selector": "jobs_failed_total", "siblings": "jobs_total"},
    }
    assert apiserver["total"] == {"form": "counted", "selector": "api_total"}
    assert found.missing == {"SLO": 1}
    said = "\n".join([*map(str, found.notes), *found.mistakes])
    for text in (
        "Kubelet requests: grouping by instance is not carried over",
        "Kubelet requests: alerting is not carried over",
        "jobs: its window 36h is not whole days",
        "apiserver: Grafana's variables for a range are read as 5m",
        "disks: a query of the type threshold is not read",
        "not carried over: slos[0].description",
    ):
        assert text in said


def test_pyrra_s_selectors_windows_and_gauges(tmp_path):
    found = read(tmp_path, PYRRA)
    config = config_of(found)
    slos = {slo.name: slo for service in config.services for slo in service.slos}
    assert slos["api-errors"].window == Window(28 * 86400)
    assert slos["api-latency"].window == Window(14 * 86400)
    assert slos["up"].kind is Kind.TIME
    assert [service.name for service in config.services] == ["api", "up"]
    assert any("grouping by handler" in str(note) for note in found.notes)


def test_openslo_s_references_objectives_slices_calendars_and_thresholds(tmp_path):
    found = read(tmp_path, OPENSLO)
    config = config_of(found)
    slos = {slo.name: slo for service in config.services for slo in service.slos}
    assert config.prometheus.url == "https://prom.example"
    assert config.timezone == "Europe/Berlin"
    assert (slos["availability"].objective, slos["perfect"].objective) == (0.999, 0.9999)
    assert (slos["minutes"].kind, slos["minutes"].slice_seconds, slos["minutes"].slice_target) == (
        Kind.TIMESLICES,
        60,
        0.95,
    )
    assert isinstance(slos["minutes"].window, CalendarWindow)
    assert slos["fill"].kind is Kind.TIME
    by_name = {slo.name: slo for slo in found.slos}
    assert by_name["fill"].queries["availability"] == (
        '100 * (1 - avg_over_time((max(disk_used_ratio{{mount="/"}}) > bool 0.8)[{within}:1m]))'
    )
    assert by_name["minutes"].queries["good"] == {"form": "counted", "selector": "ok_total", "siblings": "all_total"}
    notes = "\n".join(map(str, found.notes))
    for text in ("AlertPolicy", "alertPolicies", "fixed range [5m]", "plain selector", "minute by minute"):
        assert text in notes


def test_a_gauge_with_a_threshold_keeps_its_own_ranges(tmp_path):
    # An hour's mean rate can be under a limit that a five-minute rate exceeded.
    found = read(tmp_path, OPENSLO.replace('max(disk_used_ratio{mount="/"})', 'max(rate(errors_total{a="b"}[5m]))'))
    queries = {slo.name: slo.queries for slo in found.slos}
    assert queries["fill"]["availability"] == (
        '100 * (1 - avg_over_time((max(rate(errors_total{{a="b"}}[5m])) > bool 0.8)[{within}:1m]))'
    )


@pytest.mark.parametrize(
    ("query", "selector"),
    [
        ('sum(rate(x{path=~"/exchange-rate(s)?"}[5m]))', 'x{{path=~"/exchange-rate(s)?"}}'),
        ("sum(rate(x{a=~'[0-9][5m]|rate(b)'}[5m]))", 'x{{a=~"[0-9][5m]|rate(b)"}}'),
        ("sum(  # all of [5m]\n  rate(x[5m]) # rate()\n)", "x"),
        ("sum(rate # of\n (x[1h30m]))", "x"),
        ('sum(rate(x{a="b  c", d="#e"}[5m]))', 'x{{a="b  c", d="#e"}}'),
        ("sum(rate(x{a=`b\n\\`}[5m]))", r'x{{a="b\n\\"}}'),
        (r'sum(rate(x{a="\" # rate(x[5m])"}[5m]))', r'x{{a="\" # rate(x[5m])"}}'),
        ('x{a="}"} # all', 'x{{a="}}"}}'),
        ('{__name__="x"}', '{{__name__="x"}}'),
    ],
)
def test_only_code_is_changed_never_what_a_string_says(query, selector):
    sli = from_events(query, query, "good", counters=True)
    assert sli.queries["total"] == {"form": "counted", "selector": selector}
    rendered = f"sum(increase({selector}[1h]))".replace("{{", "{").replace("}}", "}")
    assert promql.check_syntax(rendered) is None


def test_files_of_several_tools_go_into_one_configuration(tmp_path):
    config = config_of(read(tmp_path, *ALL.values()))
    assert [service.name for service in config.services] == [
        "checkout", "login", "api", "up", "kubelet", "jobs", "apiserver", "web", "db",
    ]  # fmt: skip


BAD = {
    "": "it is empty",
    "[]": "expected mappings, found a list",
    "a: [": "not YAML",
    "a: 1": "no apiVersion or version, so its tool is not known; its keys: 'a'",
    '{"slos": []}': "its list `slos` is empty: there is no SLO in it",
    "version: prometheus/v1\nversion: x": "the key version is there twice, in lines 1 and 2",
    "[" * 1200 + "]" * 1200: "nested hundreds of levels deep",
    '{"a":' * 1200 + "1" + "}" * 1200: "nested hundreds of levels deep",
    "a: *x": "not YAML: a syntax error: an alias (*name) without an anchor (&name) before it, at line 1",
    "a:\n\tb: 1": "not YAML: a syntax error: a tab: YAML is indented by spaces, at line 2",
    "a: \0": "not YAML: the character U+0000",
    'a: "b': "not YAML: a syntax error: quotes that are not closed, at line 1",
    "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}": "kind 'Namespace' is not from a tool",
    "version: prometheus/v1": "service: expected text, found nothing",
    "{version: prometheus/v1, service: a, slos: 3}": "slos: expected a list, found 3",
    "{version: prometheus/v1, service: a, slos: [{name: b, objective: x, sli: {}}]}": "objective: expected a number",
    "{apiVersion: openslo/v2, kind: SLO}": "apiVersion: expected openslo/v1 or openslo/v1alpha",
    "{apiVersion: openslo/v1, kind: SLO, metadata: {name: a}, spec: {service: b, indicatorRef: c}}": "no SLI 'c'",
    "{apiVersion: pyrra.dev/v1alpha1, metadata: {name: a}, spec: {target: '99'}}": "indicator: expected a mapping",
    "{apiVersion: pyrra.dev/v1alpha1, metadata: {name: a, labels: [b]}}": "a: metadata.labels: expected a mapping",
    "{version: prometheus/v1, service: a, slos: [{name: b, objective: 2024-99-99}]}": "found '2024-99-99'",
    "{version: prometheus/v1, service: a, slos: [{name: b, objective: .inf}]}": "a/b: objective: expected a number",
    "{version: prometheus/v1, service: a, slos: [{name: b, sli: {}}]}": "a/b: sli: expected events, raw or plugin",
    f"{{version: prometheus/v1, service: a, slos: [{{objective: {'9' * 5000}}}]}}": "a/slos[0]: objective: expected",
    "{apiVersion: openslo/v1, kind: SLO, metadata: {name: a}, spec: {budgetingMethod: x}}": "expected Occurrences,",
    "{name: a, query: {type: ratio}}": "a: query.ratio: expected a mapping",
    "{name: a, query: {type: grafanaQueries}}": "a: a query of the type grafanaQueries is not read",
    "{slos: [{query: 3, name: b}]}": "b: query: expected a mapping, found 3",
    "{apiVersion: openslo/v1, kind: AlertPolicy, metadata: {name: a}}": "there is no SLO to import",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:40])
def test_bad_input_is_one_clear_message(tmp_path, text):
    with pytest.raises(UsageError, match="import") as error:
        read(tmp_path, text)
    assert BAD[text] in error.value.message


def test_all_wrong_files_are_reported_at_once(tmp_path):
    with pytest.raises(UsageError) as error:
        read_files([tmp_path / "missing.yaml", tmp_path])
    assert "no such file" in error.value.message
    assert "it is a folder" in error.value.message


def test_all_mistakes_of_a_file_are_reported_without_their_consequences(tmp_path):
    wrong = PYRRA.replace("grouping: [handler]", "grouping: 5").replace('"99"', "x").replace("2w", "[2w]")
    found = read(
        tmp_path,
        wrong,
        SLOTH.replace("objective: 99.9", "sla: 99.9").replace("error_query: sum", "error_query: [1] # "),
    )
    assert [mistake.partition("yaml: ")[2] for mistake in found.mistakes] == [
        "api-errors: spec.indicator.ratio.grouping: expected a list of labels, found 5",
        "api-latency: spec.target: expected a number, found 'x'",
        "api-latency: spec.window: expected text, found a list",
        "up: spec.target: expected a number, found 'x'",
        "checkout/requests-availability: objective: expected a number, found nothing",
        "checkout/requests-availability: sli.events.error_query: expected text, found a list",
        "checkout/plugged: an SLI plugin's query is not in the file; write its queries by hand",
    ]
    assert [slo.name for slo in found.slos] == ["ratio"], "what is right is imported"


def test_a_file_that_cannot_be_read_stops_no_other_and_is_named(tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SLOTH)
    bad.write_text("a: [")
    result = invoke(good, bad, tmp_path / "missing.yaml", "--quiet")
    assert result.return_value == 3
    assert [slo["name"] for slo in yaml.safe_load(result.stdout)["services"][0]["slos"]] == [
        "requests-availability",
        "ratio",
    ]
    for text in ("bad.yaml: not YAML", "missing.yaml: "):
        assert f"left out: {tmp_path}/{text}" in result.stderr
        assert f"#   {tmp_path}/{text}" in result.stdout


def test_what_several_slos_refer_to_is_one_mistake_and_leaves_all_of_them_out(tmp_path):
    found = read(tmp_path, OPENSLO.replace("{query: http_requests_total}", "{query: 3}"))
    assert [slo.name for slo in found.slos] == ["minutes", "fill", "fill-2"]
    (mistake,) = found.mistakes
    assert "web-availability: spec.ratioMetric.total.metricSource.spec.query: expected text, found 3" in mistake


V1ALPHA = """
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: requests, displayName: Requests}
spec:
  service: shop
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
      ratioMetrics:
        incremental: true
        good: {source: prometheus, queryType: promql, query: 'sum(rate(r_total{code!="500"}[{{.window}}]))'}
        total: {source: prometheus, queryType: promql, query: 'sum(rate(r_total[{{.window}}]))'}
    - displayName: slower
      target: 0.9
      ratioMetrics:
        bad: {query: e_total}
        total: {query: r_total}
  timeWindows: [{count: 4, unit: Week, isRolling: true}]
---
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: age}
spec:
  service: shop
  indicator: {thresholdMetric: {source: prometheus, queryType: promql, query: max(age_seconds)}}
  objectives: [{target: 0.99, op: lte, value: 60}]
  timeWindows: [{count: 1, unit: Month, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}}]
---
apiVersion: openslo/v1alpha
kind: Service
metadata: {name: shop}
spec: {description: The shop}
"""


def test_sloth_s_version_of_openslo_is_read(tmp_path):
    found = read(tmp_path, V1ALPHA)
    requests, slower, age = found.slos
    assert requests.queries["good"] == {"form": "counted", "selector": 'r_total{{code!="500"}}', "siblings": "r_total"}
    assert (requests.service, requests.objective, requests.window) == ("shop", 99.9, "28d")
    assert (slower.name, slower.queries["bad"]) == (
        "slower",
        {"form": "counted", "selector": "e_total", "siblings": "r_total"},
    )
    assert (age.kind, age.window) == ("time", "month")
    assert "max(age_seconds) > bool 60" in age.queries["availability"]
    assert [str(slo) for slo in config_of(found).services] != []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("unit: Week", "unit: Year"), "a window of 4 Year is not carried over"),
        (("count: 4", "count: x"), "spec.timeWindows[0].count: expected a number, found 'x'"),
        (("source: prometheus, queryType: promql, query: 'sum(rate(r", "source: datadog, query: 'sum(rate(r"),
         "source: expected prometheus, found 'datadog'"),
        (("op: lte, ", ""), "a thresholdMetric needs `op`"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_it_is_said(tmp_path, change, expected):
    found = read(tmp_path, V1ALPHA.replace(*change))
    assert expected in "\n".join([*map(str, found.notes), *found.mistakes])


def test_osko_s_kubernetes_resources_are_openslo(tmp_path):
    text = OPENSLO.replace("openslo/v1", "openslo.com/v1").replace(
        "{query: 'sum(rate(ok_total[5m]))'}", "'sum(rate(ok[5m]))'"
    )
    text = text.replace("type: Prometheus", "type: Mimir")
    minutes = next(slo for slo in read(tmp_path, text).slos if slo.name == "minutes")
    assert minutes.queries["good"] == {"form": "counted", "selector": "ok", "siblings": "all_total"}


def test_lists_of_documents_are_read_as_documents(tmp_path):
    def listed(text):
        return [document for document in yaml.safe_load_all(text) if document]

    as_kubectl = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": listed(SLOTH_CRD) + listed(PYRRA)})
    found = read(tmp_path, as_kubectl, yaml.safe_dump(listed(SLOTH)), yaml.safe_dump(listed(V1ALPHA)))
    assert [slo.name for slo in found.slos] == [
        "ok", "api-errors", "api-latency", "up", "requests-availability", "ratio", "requests", "slower", "age",
    ]  # fmt: skip


def test_what_kubernetes_adds_to_a_resource_is_not_listed(tmp_path):
    given = (
        PYRRA.replace("{name: up}", "{name: up, uid: a, generation: 3, managedFields: [{a: b}]}") + "status: {a: b}\n"
    )
    assert not any("not carried over: " in str(note) and "up" in note.place for note in read(tmp_path, given).notes)


def test_pyrra_s_kind_is_enough_where_the_version_lacks_the_group(tmp_path):
    found = read(tmp_path, PYRRA.replace("pyrra.dev/v1alpha1", "v1alpha1"))
    assert [slo.name for slo in found.slos] == ["api-errors", "api-latency", "up"]


def test_pyrra_s_gauges_count_each_sample_once_however_many_series_have_them(tmp_path):
    """The mean of means would give five minutes of a new instance the weight of the hour before it."""
    (up,) = (slo for slo in read(tmp_path, PYRRA).slos if slo.name == "up")
    assert up.queries["availability"] == (
        '100 * sum(sum_over_time(up{{job="api"}}[{window}])) / sum(count_over_time(up{{job="api"}}[{window}]))'
    )


def test_pyrra_s_native_histograms_use_the_shipped_forms(tmp_path):
    given = "latencyNative: {latency: 250ms, total: {metric: 'r_seconds{job=\"api\"}'}, grouping: [route]}"
    found = read(tmp_path, PYRRA.replace("bool_gauge: {metric: 'up{job=\"api\"}'}", given))
    (slo,) = [slo for service in config_of(found).services for slo in service.slos if slo.name == "up"]
    assert (slo.threshold_seconds, slo.kind) == (0.25, Kind.OCCURRENCES)
    assert found.slos[2].queries["latency_good"] == {"form": "native", "selector": 'r_seconds{{job="api"}}'}
    assert any("grouping by route" in str(note) for note in found.notes)


@pytest.mark.parametrize(
    "details", ["[{url: 'https://prom.example'}]", "[{a: b}, {name: url, value: 'https://prom.example'}]"]
)
def test_connection_details_may_be_a_list(tmp_path, details):
    text = OPENSLO.replace('{url: "https://prom.example"}', details)
    assert read(tmp_path, text).url == "https://prom.example"


SOURCE = """
apiVersion: openslo/v1
kind: DataSource
metadata: {name: NAME}
spec: {type: Prometheus, connectionDetails: {url: "https://NAME.example"}}
"""


def test_the_configured_prometheus_is_the_one_that_the_slos_refer_to(tmp_path):
    found = read(tmp_path, SOURCE.replace("NAME", "other"), OPENSLO, SOURCE.replace("NAME", "third"))
    assert found.url == "https://prom.example"
    left = [note for note in found.notes if "no imported SLO refers to it" in note.text]
    assert [note.place.rpartition(": ")[2] for note in left] == ["other", "third"]
    elsewhere = read(
        tmp_path, OPENSLO.replace("metricSourceRef: prom", "metricSourceRef: third"), SOURCE.replace("NAME", "third")
    )
    assert (elsewhere.url, elsewhere.sources) == ("https://third.example", {})
    assert read(tmp_path, OPENSLO.replace("metricSourceRef: prom", "type: Prometheus")).url == "https://prom.example"


def test_an_slo_whose_queries_go_to_several_servers_is_left_out(tmp_path):
    query = "spec: {query: http_requests_total}"
    both = OPENSLO.replace(f"metricSourceRef: prom, {query}", f"metricSourceRef: third, {query}")
    found = read(tmp_path, both, SOURCE.replace("NAME", "third"))
    assert any("its queries go to several DataSources: prom, third" in text for text in found.mistakes)
    assert all(slo.name != "availability" for slo in found.slos)


def slo_of(source, name, service):
    return f"""
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec:
  service: {service}
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {{metricSource: {{metricSourceRef: {source}, spec: {{query: 'requests_total{{code="500"}}'}}}}}}
        total: {{metricSource: {{metricSourceRef: {source}, spec: {{query: requests_total}}}}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  objectives: [{{target: 0.99}}]
"""


def test_each_slo_is_asked_of_the_server_that_it_names(tmp_path):
    """One Prometheus for all of them would have given the numbers of another cluster."""
    sources = [SOURCE.replace("NAME", name) for name in ("us", "7-eu", "again")]
    sources[2] = sources[2].replace("again.example", "us.example")
    slos = [slo_of("us", "a", "web"), slo_of("7-eu", "b", "shop"), slo_of("again", "c", "cart")]
    slos.append(slo_of("7-eu", "d", "web"))
    found = read(tmp_path, *sources, *slos)
    config = config_of(found)
    assert config.prometheus.url == "https://us.example"
    assert {name: one.url for name, one in config.sources.items()} == {"source-7-eu": "https://7-eu.example"}
    assert {service.name: (service.source, [slo.name for slo in service.slos]) for service in config.services} == {
        "web": ("prometheus", ["a"]),
        "shop": ("source-7-eu", ["b"]),
        "cart": ("prometheus", ["c"]),
        "web-source-7-eu": ("source-7-eu", ["d"]),
    }
    assert any("other SLOs of web are asked of another Prometheus" in note.text for note in found.notes)


def test_a_server_without_an_address_is_not_another_one(tmp_path):
    bare = SOURCE.replace("NAME", "eu").replace(', connectionDetails: {url: "https://eu.example"}', "")
    found = read(tmp_path, SOURCE.replace("NAME", "us"), bare, slo_of("us", "a", "web"), slo_of("eu", "b", "shop"))
    assert (found.url, found.sources) == ("https://us.example", {"eu": ""})
    assert [slo.source for slo in found.slos] == ["", "eu"]
    assert any("set sources.eu.url" in note.text for note in found.notes)
    with pytest.raises(ConfigError, match=r"sources\.eu\.url"):
        config_of(found)


LISTED = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: web, displayName: Web, labels: {team: a}}
spec: {description: The shop}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fast, displayName: Fast, annotations: {a: b}}
spec:
  service: web
  description: Quick
  indicator:
    spec:
      ratioMetric:
        counter: false
        good: {metricSource: {type: Prometheus, spec: {query: 'sum(increase(a[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(increase(b[5m]))'}}}
  timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-15 00:00:00, timeZone: UTC}}]
  objectives:
    - {displayName: Most, target: 0.9}
    - {target: 0.9, compositeWeight: 2, indicatorRef: cart-latency}
---
version: prometheus/v1
service: login
slo_plugins: {chain: [{id: x}]}
slos:
  - name: ok
    objective: 99
    description: Logging in
    labels: {a: b}
    slo_plugins: {chain: [{id: y}]}
    sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: up, namespace: shop}
spec: {target: "99", window: 30d, description: It is up, indicator: {bool_gauge: {metric: up}}}
"""


@pytest.mark.parametrize(
    "text",
    [
        "shop: skipped: apiVersion 'v1', kind 'Namespace' is not from a tool that sresnap reads",
        "web: not carried over: metadata.displayName, metadata.labels",
        "fast: its window begins at 2026-01-15 00:00:00, which is not the start of a month",
        "fast: counter: false: a selector without a range is a gauge",
        "fast: spec.objectives[1]: its own indicator cart-latency, a composite's, is not carried over",
        "fast: not carried over: metadata.displayName, metadata.annotations, spec.description, spec.objectives[0].disp",
        ", spec.objectives[1].compositeWeight",
        "login: not carried over: slo_plugins, slos[0].description, slos[0].labels, slos[0].slo_plugins",
        "up: not carried over: metadata.namespace, spec.description",
    ],
)
def test_everything_left_out_is_listed(tmp_path, text):
    found = read(tmp_path, LISTED)
    assert [slo.name for slo in found.slos] == ["ok", "up", "fast"]
    assert text in "\n".join([*map(str, found.notes), *found.mistakes])
    assert text in config_yaml(found)


@pytest.mark.parametrize(
    ("duration", "start", "is_noted"),
    [("1w", "2026-01-05", False), ("1w", "2026-01-01", True), ("1Q", "2026-04-01 00:00:00", False),
     ("1Q", "2026-05-01 00:00:00", True), ("1M", "2026-05-01 06:00:00", True)],
)  # fmt: skip
def test_a_calendar_s_start_counts_when_its_unit_starts_there(tmp_path, duration, start, is_noted):
    # 5 January 2026 is a Monday.
    text = LISTED.replace("duration: 1M", f"duration: {duration}").replace("2026-01-15 00:00:00", start)
    assert any("its window begins at" in str(note) for note in read(tmp_path, text).notes) == is_noted


def test_names_that_come_twice_in_a_service_are_numbered_and_noted(tmp_path):
    twice = SLOTH.replace('"ratio"', '"requests-availability"')
    found = read(tmp_path, twice)
    assert [slo.name for slo in found.slos] == ["requests-availability", "requests-availability-2"]
    assert any("it is named requests-availability-2" in str(note) for note in found.notes)


def test_a_name_with_line_breaks_cannot_end_its_comment(tmp_path):
    text = (
        'version: prometheus/v1\nservice: "a\\nprovider: http\\u2028b\\0"\nlabels: {a: b}\n'
        + SLOTH.partition("shop}\n")[2]
    )
    config_text = config_yaml(read(tmp_path, text))
    assert yaml.safe_load(config_text)["provider"] == "custom"
    assert "\\nprovider: http" in config_text


def invoke(*arguments):
    return CliRunner().invoke(cli, ["import", *map(str, arguments)], standalone_mode=False)


def test_the_command_writes_lists_and_never_overwrites(tmp_path):
    source, target = tmp_path / "slo.yaml", tmp_path / "sresnap.yaml"
    source.write_text(SLOTH)
    shown = invoke(source)
    assert shown.return_value == 3, "an SLO of a plugin is left out"
    assert yaml.safe_load(shown.stdout)["services"][0]["name"] == "checkout"
    assert "note: " in shown.stderr
    assert "plugin" in shown.stderr
    assert invoke(source, "-o", target, "--dry-run").return_value == 3
    assert not target.exists()
    assert invoke(source, "-o", target).return_value == 3
    target.write_text("mine")
    assert isinstance(invoke(source, "-o", target).exception, UsageError)
    assert target.read_text() == "mine"
    assert invoke(source, "-o", target, "--force").return_value == 3
    source.write_text(SLOTH_CRD)
    complete = invoke(source, "-o", target, "--force")
    assert (complete.return_value, complete.stdout) == (0, f"{target}: 1 service, 1 SLO written\n")


REFUSED = """
    - name: odd
      objective: 99
      sli: {events: {errorQuery: 'sum(rate(e[5m]))', totalQuery: 'sum(increase(t[5m]))'}}
"""


def test_an_slo_that_is_refused_and_a_document_of_another_tool_are_missing_and_counted(tmp_path):
    source, target = tmp_path / "slo.yaml", tmp_path / "sresnap.yaml"
    source.write_text(SLOTH_CRD.rstrip("\n") + REFUSED + "---\nnothing: 1\n")
    result = invoke(source, "-o", target, "--quiet")
    assert result.return_value == 3
    assert result.stderr.splitlines() == [
        f"left out: {source}: x/odd: total is a count and bad is a rate: their ratio has no meaning",
        f"left out: {source}: document 2: no apiVersion or version, so its tool is not known; its keys: 'nothing'",
    ]
    assert "# Wrong, so left out:\n#   " in target.read_text()
    said = invoke(source, "-o", target, "--force").stdout
    assert said == f"{target}: 1 service, 1 SLO written; 1 SLO and 1 document left out\n"


@pytest.mark.parametrize(
    ("text", "kept", "missing"),
    [
        (SLOTH, 2, {"SLO": 1}),
        (SLOTH.replace("objective: 99.9", "objective: x"), 1, {"SLO": 2}),
        (SLOTH_CRD + "---\n" + SLOTH_CRD.replace("slos:", "sla:"), 1, {"document": 1}),
        (PYRRA.replace('"99.5"', "x"), 2, {"SLO": 1}),
        (PYRRA.replace("    ratio:", "    ratios:"), 2, {"SLO": 1}),
        (V1ALPHA.replace("op: lte, ", ""), 2, {"SLO": 1}),
        (OPENSLO.replace("openslo/v1", "openslo/v9", 1), 5, {"document": 1}),
    ],
    ids=["plugin", "objective", "slos", "target", "indicator", "op", "version"],
)
def test_everything_that_is_missing_is_counted(tmp_path, text, kept, missing):
    found = read(tmp_path, text)
    assert len(found.slos) == kept
    assert {noun: amount for noun, amount in found.missing.items() if amount} == missing
    assert found.mistakes


def test_the_slos_of_a_refused_indicator_are_each_missing_and_said_once(tmp_path):
    found = read(tmp_path, OPENSLO.replace("{query: http_requests_total}", "{query: 'x >'}"))
    assert [slo.name for slo in found.slos] == ["minutes", "fill", "fill-2"]
    (mistake,) = found.mistakes
    assert "availability: total is not PromQL" in mistake
    assert found.missing["SLO"] == 2


def test_a_window_without_some_alerts_is_noted_with_the_reason(tmp_path):
    source = tmp_path / "slo.yaml"
    source.write_text(PYRRA.replace("4w", "7d"))
    assert "note: alerts: window 7d: no ticket alerts over 1d and 3d. They would fire at 0.7×" in invoke(source).stderr


def test_queries_to_complete_by_hand_are_written_and_noted(tmp_path):
    source = tmp_path / "slo.yaml"
    source.write_text(SLOTH_CRD.replace("service: ", "service: '' #"))
    result = invoke(source)
    assert result.return_value == 3
    assert "complete it by hand" in result.stderr


UNUSABLE = """
    - name: odd
      objective: 99
      sli: {events: {errorQuery: QUERY, totalQuery: 'sum(rate(t[5m]))'}}
"""


@pytest.mark.parametrize("query", ["'e[{{.window}}]'", "'0'", "'\"e\"'", "'sum(rate(e[5m] @ 1700000000))'"])
def test_a_query_without_a_number_at_each_moment_leaves_out_its_slo_and_no_other(tmp_path, query):
    found = read(tmp_path, SLOTH_CRD.rstrip("\n") + UNUSABLE.replace("QUERY", query))
    assert [slo.name for service in config_of(found).services for slo in service.slos] == ["ok"]
    (mistake,) = found.mistakes
    assert "x/odd: bad " in mistake
    assert found.missing["SLO"] == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (PYRRA.replace("""metric: 'up{job="api"}'""", "metric: 'up[5m]'"), ["api-errors", "api-latency"]),
        (PYRRA.replace("""metric: 'up{job="api"}'""", "metric: 'sum(up)'"), ["api-errors", "api-latency"]),
        (PYRRA.replace("""metric: 'up{job="api"}'""", "metric: 'up{'"), ["api-errors", "api-latency"]),
    ],
    ids=["range", "sum", "wrong"],
)
def test_a_gauge_of_pyrra_is_one_selector_or_left_out(tmp_path, text, kept):
    found = read(tmp_path, text)
    assert [slo.name for service in config_of(found).services for slo in service.slos] == kept
    assert "up: metric is not " in "".join(found.mistakes)


def test_an_objective_of_100_percent_is_left_out_with_the_reason(tmp_path):
    # `check` would refuse the whole configuration for it.
    two = SLOTH.replace("objective: 99.9", "objective: 100", 1)
    assert two != SLOTH
    found = read(tmp_path, two)
    assert "0.yaml: checkout/requests-availability: an objective of 100 % leaves no error budget" in " ".join(
        found.mistakes
    )
    assert found.missing["SLO"] == 2, "and the one with a plugin"
    assert [slo.name for service in config_of(found).services for slo in service.slos] == ["ratio"]
    with pytest.raises(UsageError, match="leaves no error budget"):
        read(tmp_path, re.sub(r"objective: [\d.]+", "objective: 100", SLOTH))


def test_a_file_that_is_not_yaml_is_named_once_with_the_place(tmp_path):
    with pytest.raises(UsageError) as refused:
        read(tmp_path, "a: [1\nb: }")
    assert "byte string" not in refused.value.message
    assert "at line 2" in refused.value.message


BOMB = "a: &a0 [1]\n" + "\n".join(f"b{i}: &a{i} [{10 * f'*a{i - 1}, '}]" for i in range(1, 8))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]", "it has an alias to something that contains it"),
        (BOMB, "more than 200,000 values"),
    ],
    ids=["loop", "bomb"],
)
def test_aliases_without_an_end_are_reported_and_stop_no_other_file(tmp_path, text, words):
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(text, "utf-8")
    good.write_text(SLOTH, "utf-8")
    found = read_files([bad, good])
    assert found.slos
    assert any(words in mistake for mistake in found.mistakes), found.mistakes


@pytest.mark.parametrize("value", [r'"\UFFFFFFFF"', r'"\U00110000"', "!!python/name:os x"])
def test_a_value_that_yaml_cannot_make_stops_its_file_only_and_is_named_with_its_line(tmp_path, value):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SLOTH)
    bad.write_text(f"a: 1\nb: {value}\n")
    found = read_files((bad, good))
    assert found.slos
    assert found.missing["file"] == 1
    [mistake] = [mistake for mistake in found.mistakes if "bad.yaml" in mistake]
    assert "not YAML" in mistake
    assert "line 2" in mistake
