"""SLO files of other tools become a sresnap.yaml that loads; what cannot be carried over is listed."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sresnap import promql
from sresnap.cli import cli
from sresnap.config import loads
from sresnap.errors import UsageError
from sresnap.imports import config_yaml, imported
from sresnap.imports import promql as promql_of_imports
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

ALL = {"sloth": SLOTH, "sloth-crd": SLOTH_CRD, "pyrra": PYRRA, "openslo": OPENSLO}


def read(tmp_path, *texts):
    files = []
    for index, text in enumerate(texts):
        files.append(tmp_path / f"slo{index}.yaml")
        files[-1].write_text(text)
    return imported(files)


def config_of(found):
    return loads(config_yaml(found), "sresnap.yaml", {}, cwd=Path.cwd())


@pytest.mark.parametrize("tool", ALL)
def test_the_result_loads_and_asks_only_right_promql(tmp_path, tool):
    config = config_of(read(tmp_path, ALL[tool]))
    queries = plan(config, History(), parse_time("2026-11-22T21:34:00Z")).queries
    texts = {promql.render(query) for query in queries}
    assert texts
    assert [text for text in texts if promql.check_syntax(text)] == []


def test_sloth_s_rates_become_counts_and_its_ratios_are_weighted_by_time(tmp_path):
    found = read(tmp_path, SLOTH)
    events, ratio = found.slos
    assert events.queries == {
        "total": 'sum(increase(http_requests_total{{job="checkout"}}[{window}]))',
        "bad": 'sum(increase(http_requests_total{{job="checkout",code=~"(5..|429)"}}[{window}]))',
    }
    assert ratio.kind == "time"
    assert ratio.queries["availability"].startswith("100 * (1 - (sum(rate(e_total[{window}]))")
    told = "\n".join(map(str, found.notes))
    for text in ("labels of alerts", "alerting is not carried over", "increase()", "weighted by time", "plugin"):
        assert text in told
    assert all(str(note) in config_yaml(found) for note in found.notes)


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
        '100 * avg_over_time(((max(disk_used_ratio{{mount="/"}})) <= bool 0.8)[{window}:1m])'
    )
    assert by_name["minutes"].queries["good"] == "sum(increase(ok_total[{window}]))"
    told = "\n".join(map(str, found.notes))
    for text in ("AlertPolicy", "alertPolicies", "fixed range [5m]", "plain selector", "minute by minute"):
        assert text in told


def test_the_ranges_of_a_gauge_that_is_held_against_a_value_are_its_own(tmp_path):
    # An hour's mean rate is under a limit that the rate of five minutes went over.
    found = read(tmp_path, OPENSLO.replace('max(disk_used_ratio{mount="/"})', 'max(rate(errors_total{a="b"}[5m]))'))
    queries = {slo.name: slo.queries for slo in found.slos}
    assert queries["fill"]["availability"] == (
        '100 * avg_over_time(((max(rate(errors_total{{a="b"}}[5m]))) <= bool 0.8)[{window}:1m])'
    )


@pytest.mark.parametrize(
    ("query", "template"),
    [
        (
            'sum(rate(x{path=~"/exchange-rate(s)?"}[5m]))',
            'sum(increase(x{{path=~"/exchange-rate(s)?"}}[{window}]))',
        ),
        ("sum(rate(x{a=~'[0-9][5m]|rate(b)'}[5m]))", "sum(increase(x{{a=~'[0-9][5m]|rate(b)'}}[{window}]))"),
        ("sum(  # all of [5m]\n  rate(x[5m]) # rate()\n)", "sum( increase(x[{window}]) )"),
        ("sum(rate # of\n (x[1h30m]))", "sum(increase (x[{window}]))"),
        ('sum(rate(x{a="b  c", d="#e"}[5m]))', 'sum(increase(x{{a="b  c", d="#e"}}[{window}]))'),
        ("sum(rate(x{a=`b\n\\`}[5m]))", "sum(increase(x{{a=`b\n\\`}}[{window}]))"),
        (r'sum(rate(x{a="\" # rate(x[5m])"}[5m]))', r'sum(increase(x{{a="\" # rate(x[5m])"}}[{window}]))'),
        ('x{a="}"} # all', 'sum(increase(x{{a="}}"}}[{window}]))'),
        ('{__name__="x"}', 'sum(increase({{__name__="x"}}[{window}]))'),
    ],
)
def test_only_code_is_changed_never_what_stands_in_a_string(query, template):
    text, told = promql_of_imports.counts(query)
    assert text == template
    assert told
    rendered = text.replace("{window}", "1h").replace("{{", "{").replace("}}", "}")
    assert promql.check_syntax(rendered) is None


def test_what_has_no_range_is_no_count_and_says_so():
    # Two selectors are none, though one brace opens and one closes.
    text, told = promql_of_imports.counts('a{b="c"} - d{e="f"}')
    assert text == 'a{{b="c"}} - d{{e="f"}}'
    assert told == ["it has no range, so nothing makes it a count over {window}; it is taken as it is"]
    assert promql_of_imports.ratio("job:errors:ratio")[1] == [
        "it has no range, so it is taken as it is: as of each moment that it is asked for"
    ]


def test_files_of_several_tools_go_into_one_configuration(tmp_path):
    config = config_of(read(tmp_path, *ALL.values()))
    assert [service.name for service in config.services] == ["checkout", "login", "api", "up", "web", "db"]


BAD = {
    "": "it is empty",
    "[]": "expected mappings, found list",
    "a: [": "no YAML",
    "a: 1": "neither apiVersion nor version",
    "version: prometheus/v1": "service: expected text, found nothing",
    "{version: prometheus/v1, service: a, slos: 3}": "slos: expected a list, found 3",
    "{version: prometheus/v1, service: a, slos: [{name: b, objective: x, sli: {}}]}": "objective: expected a number",
    "{apiVersion: openslo/v2, kind: SLO}": "apiVersion: expected openslo/v1",
    "{apiVersion: openslo/v1, kind: SLO, metadata: {name: a}, spec: {service: b, indicatorRef: c}}": "no SLI 'c'",
    "{apiVersion: pyrra.dev/v1alpha1, metadata: {name: a}, spec: {target: '99'}}": "indicator: expected a mapping",
    "{apiVersion: openslo/v1, kind: AlertPolicy, metadata: {name: a}}": "there is no SLO to import",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_input_is_one_clear_message(tmp_path, text):
    with pytest.raises(UsageError, match="import") as error:
        read(tmp_path, text)
    assert BAD[text] in error.value.message


def test_all_files_that_are_wrong_are_told_at_once(tmp_path):
    with pytest.raises(UsageError) as error:
        imported([tmp_path / "missing.yaml", tmp_path])
    assert "no such file" in error.value.message
    assert "is a directory" in error.value.message


def invoke(*arguments):
    return CliRunner().invoke(cli, ["import", *map(str, arguments)], standalone_mode=False)


def test_the_command_writes_lists_and_never_overwrites(tmp_path):
    source, target = tmp_path / "slo.yaml", tmp_path / "sresnap.yaml"
    source.write_text(SLOTH)
    shown = invoke(source)
    assert shown.return_value == 0
    assert yaml.safe_load(shown.stdout)["services"][0]["name"] == "checkout"
    assert "plugin" in shown.stderr
    assert invoke(source, "-o", target, "--dry-run").return_value == 0
    assert not target.exists()
    assert invoke(source, "-o", target).return_value == 0
    target.write_text("mine")
    assert isinstance(invoke(source, "-o", target).exception, UsageError)
    assert target.read_text() == "mine"
    assert invoke(source, "-o", target, "--force").return_value == 0


def test_what_has_to_be_completed_by_hand_is_written_and_told(tmp_path):
    source = tmp_path / "slo.yaml"
    source.write_text(SLOTH_CRD.replace("99.5", "100"))
    result = invoke(source)
    assert result.return_value == 3
    assert "complete it by hand" in result.stderr
