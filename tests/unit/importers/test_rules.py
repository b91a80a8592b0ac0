"""The rules that other tools made become the SLOs that they were made from."""

from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.errors import UsageError
from sresnap.importers import config_yaml, read_files
from sresnap.model.service import Kind

ERRORS = 'sum(rate(http_requests_total{job="shop",code=~"5.."}[%s]))'
TOTAL = 'sum(rate(http_requests_total{job="shop"}[%s]))'


def _ratio(window):
    return f"({ERRORS % window})\\n/\\n({TOTAL % window})".replace("\\n", " ")


def sloth(objective="99.9", meta=True):
    labels = "sloth_id: shop-availability, sloth_service: shop, sloth_slo: availability"
    infos = f"""
        - {{record: "slo:objective:ratio", expr: vector(0.9990000000000001), labels: {{{labels}}}}}
        - {{record: "slo:time_period:days", expr: vector(28), labels: {{{labels}}}}}
        - {{record: sloth_slo_info, expr: vector(1), labels: {{{labels}, sloth_objective: "{objective}"}}}}
    """
    return f"""
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: sloth-slo-shop
  labels: {{app.kubernetes.io/managed-by: sloth}}
  ownerReferences: [{{kind: PrometheusServiceLevel, name: shop}}]
spec:
  groups:
    - name: sloth-slo-sli-recordings-shop-availability
      rules:
        - record: slo:sli_error:ratio_rate30m
          expr: '{_ratio("30m")}'
          labels: {{{labels}, sloth_window: 30m}}
        - record: slo:sli_error:ratio_rate5m
          expr: '{_ratio("5m")}'
          labels: {{{labels}, sloth_window: 5m}}
        - record: slo:sli_error:ratio_rate28d
          expr: 'sum_over_time(slo:sli_error:ratio_rate5m[28d]) / count_over_time(slo:sli_error:ratio_rate5m[28d])'
          labels: {{{labels}, sloth_window: 28d}}
    - name: meta
      rules: {infos if meta else "[]"}
"""


PYRRA = f"""
groups:
- name: http-increase
  rules:
  - {{record: "http_requests:increase4w", expr: 'sum(increase(http_requests_total[4w]))', labels: {{slo: http}}}}
  - {{alert: SLOMetricAbsent, expr: 'absent(http_requests_total) == 1', labels: {{slo: http}}}}
- name: http
  rules:
  - {{record: "http_requests:burnrate5m", expr: '{_ratio("5m")}', labels: {{slo: http, job: shop}}}}
  - {{record: "http_requests:burnrate1h", expr: '{_ratio("1h")}', labels: {{slo: http, job: shop}}}}
  - alert: ErrorBudgetBurn
    expr: >-
      http_requests:burnrate5m{{job="shop",slo="http"}} > (14 * (1-0.995))
      and http_requests:burnrate1h{{job="shop",slo="http"}} > (14 * (1-0.995))
    labels: {{long: 1h, short: 5m, slo: http}}
"""

MIXIN = f"""
groups:
- name: kube-apiserver-burnrate.rules
  rules:
  - {{record: "apiserver_request:burnrate5m", expr: '{_ratio("5m")}', labels: {{verb: read}}}}
  - {{record: "apiserver_request:burnrate5m", expr: '{_ratio("5m")}', labels: {{verb: write}}}}
  - {{record: "apiserver_request:availability30d", expr: '1 - x', labels: {{verb: read}}}}
- name: kube-apiserver-slos
  rules:
  - alert: KubeAPIErrorBudgetBurn
    expr: sum(apiserver_request:burnrate5m) > (14.40 * 0.01000)
"""


@pytest.fixture
def imported(tmp_path):
    def imported(*texts):
        files = []
        for number, text in enumerate(texts):
            files.append(tmp_path / f"{number}.yaml")
            files[-1].write_text(text)
        return read_files(tuple(files))

    return imported


def _config(found):
    return loads(config_yaml(found), "imported.yaml", {}, cwd=Path())


def test_sloth_s_rules_in_a_cluster_are_the_slo_that_they_were_made_from(imported):
    found = imported(sloth())
    config = _config(found)
    [service] = config.services
    [slo] = service.slos
    assert (service.name, slo.name, slo.objective, slo.window.name) == ("shop", "availability", 0.999, "28d")
    bad = service.series[slo.bad].template.raw
    assert bad == 'http_requests_total{{job="shop", code=~"5.."}}'
    assert found.mistakes == []


def test_sloth_s_objective_is_read_from_either_of_its_rules(imported):
    [slo] = imported(sloth(objective="unknown")).slos
    assert slo.objective == 99.9


def test_rules_without_an_objective_are_left_out_with_the_reason(imported):
    found = imported(sloth(meta=False), PYRRA)
    assert [slo.name for slo in found.slos] == ["http"]
    assert found.missing["SLO"] == 1
    assert any("none of these rules says its objective" in mistake for mistake in found.mistakes)


def test_pyrra_s_rules_have_the_objective_of_their_alerts_and_the_window_of_their_increase(imported):
    config = _config(imported(PYRRA))
    [service] = config.services
    [slo] = service.slos
    assert (service.name, slo.name, slo.objective, slo.window.name) == ("http", "http", 0.995, "28d")
    assert slo.kind is Kind.OCCURRENCES


def test_burn_rates_of_kubernetes_mixin_are_an_slo_for_each_verb(imported):
    found = imported(MIXIN)
    slos = found.slos
    assert [(slo.service, slo.name, slo.objective) for slo in slos] == [
        ("apiserver_request", "read", 99.0),
        ("apiserver_request", "write", 99.0),
    ]
    assert {slo.window for slo in slos} == {"30d"}
    assert any("adds up read, write" in note.text for note in found.notes)


def test_an_slo_and_its_rules_together_are_one_slo(imported):
    resource = """
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: shop}
spec:
  service: shop
  slos:
    - name: availability
      objective: 99.5
      sli: {events: {errorQuery: 'sum(rate(e[{{.window}}]))', totalQuery: 'sum(rate(t[{{.window}}]))'}}
"""
    found = imported(sloth(), resource)
    [slo] = found.slos
    assert slo.objective == 99.5
    assert any("the SLO itself is in these files" in note.text for note in found.notes)


def test_a_list_of_a_cluster_with_other_rules_names_what_it_leaves_out(imported):
    rules = "{groups: [{name: a, rules: [{alert: X, expr: up == 0}]}]}"
    other = f"{{kind: PrometheusRule, metadata: {{name: node}}, spec: {rules}}}"
    found = imported(f"kind: List\nitems:\n  - {other}\n  - {other.replace('spec', 'spex')}", PYRRA)
    assert len(found.slos) == 1
    assert any("0.yaml: node: no rule records an SLO's ratio of errors" in str(note) for note in found.notes)
    assert len(found.mistakes) == 1
    assert "spec: expected a mapping, found nothing" in found.mistakes[0]


@pytest.mark.parametrize(
    "rules",
    [
        "{}",
        "[1, null, x]",
        "[{record: 5, expr: {}}]",
        "[{record: 'x:burnrate5m', expr: 3, labels: [a]}]",
        "[{labels: {slo: 1}}]",
    ],
)
def test_rules_of_other_shapes_are_reported_in_words(imported, rules):
    with pytest.raises(UsageError, match=r"no rule records an SLO's ratio|cannot be imported"):
        imported(f"groups: [{{name: a, rules: {rules}}}]")
