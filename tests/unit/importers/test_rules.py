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


def _rule(record, window="5m", errors="e", **labels):
    expr = f"sum(rate({errors}[{window}])) / sum(rate(t[{window}]))" if ":burnrate" in record else "1"
    return f"{{record: '{record}', expr: '{expr}', labels: {{{', '.join(f'{k}: {v}' for k, v in labels.items())}}}}}"


def _alert(expr):
    return f"{{alert: Burn, expr: '{expr}'}}"


def _file(*rules):
    return f"groups: [{{name: g, rules: [{', '.join(rules)}]}}]"


def _of(found):
    return [(slo.service, slo.name, slo.objective, slo.window) for slo in found.slos]


def _resource(namespace, *rules):
    head = f"kind: PrometheusRule, metadata: {{name: {namespace}, namespace: {namespace}}}"
    return f"{{{head}, spec: {{{_file(*rules)}}}}}"


def test_slos_of_one_name_in_two_namespaces_are_both_imported(imported):
    first = _resource("a", _rule("m:burnrate5m", slo="one", errors="a"), _alert("m:burnrate5m > (14 * (1-0.99))"))
    second = _resource("b", _rule("m:burnrate5m", slo="one", errors="b"), _alert("m:burnrate5m > (14 * (1-0.9))"))
    found = imported(f"kind: List\nitems: [{first}, {second}]")
    assert _of(found) == [("one", "one", 99, None), ("one", "one-2", 90, None)]
    assert found.slos[0].queries != found.slos[1].queries
    notes = [str(note) for note in found.notes]
    assert not any("the SLO itself" in note for note in notes)
    assert any("0.yaml: b/one/one: another SLO of one has this name, so it is named one-2" in note for note in notes)


def test_two_queries_of_one_name_in_one_document_are_two_slos(imported):
    budget = _alert('m:burnrate5m{slo="one"} > (14 * (1-0.99))')
    rules = [_rule("m:burnrate5m", slo="one", errors=errors) for errors in "ab"]
    long = _rule("m:burnrate1h", "1h", slo="one", errors="a")
    assert [slo.name for slo in imported(_file(long, *rules, budget)).slos] == ["one", "one-2"]
    other = _alert('n:burnrate5m{slo="one"} > (14 * (1-0.9))')
    found = imported(_file(rules[0], budget, _rule("n:burnrate5m", slo="one", errors="b"), other))
    assert [(slo.name, slo.objective) for slo in found.slos] == [("one", 99), ("one-2", 90)]


def test_the_same_rules_in_two_resources_are_one_slo_with_a_true_note(imported):
    found = imported(PYRRA, PYRRA)
    assert len(found.slos) == 1
    assert any("it is read once" in note.text for note in found.notes)


@pytest.mark.parametrize("other", ['slo!="one"', 'slo=~"two|three"', 'slo!~"o.*"', 'slo=~"one|two"', ""])
def test_the_objective_is_from_the_alert_that_names_the_slo(imported, other):
    wrong = _alert(f"m:burnrate5m{{{other}}} > (14 * (1-0.5))")
    right = _alert('m:burnrate5m{slo="one"} > (14 * (1-0.99))')
    rule = _rule("m:burnrate5m", slo="one")
    for alerts in ((wrong, right), (right, wrong)):
        assert [slo.objective for slo in imported(_file(rule, *alerts)).slos] == [99]


@pytest.mark.parametrize("matcher", ['slo!="two"', 'slo=~"one|two"', 'slo!~"two"', 'slo=~".+", cluster!="x"'])
def test_an_alert_that_selects_an_slo_without_naming_it_has_its_objective(imported, matcher):
    found = imported(_file(_rule("m:burnrate5m", slo="one"), _alert(f"m:burnrate5m{{{matcher}}} > 14 * 0.01")))
    assert [slo.objective for slo in found.slos] == [99]


@pytest.mark.parametrize("matcher", ['slo!="one"', 'slo=~"on"', 'slo!~"one|two"', 'cluster="x"', 'cluster=~"x"'])
def test_an_alert_that_cannot_select_an_slo_has_no_objective_for_it(imported, matcher):
    with pytest.raises(UsageError, match="one/one: none of these rules says its objective"):
        imported(_file(_rule("m:burnrate5m", slo="one"), _alert(f"m:burnrate5m{{{matcher}}} > 14 * 0.01")))


def test_alerts_that_disagree_leave_their_slo_out_with_both_objectives(imported):
    alerts = [_alert(f'm:burnrate5m{{slo="one"}} > (14 * (1-{objective}))') for objective in (0.99, 0.5)]
    found = imported(_file(_rule("m:burnrate5m", slo="one"), *alerts), PYRRA)
    assert [slo.name for slo in found.slos] == ["http"]
    assert found.missing["SLO"] == 1
    assert "one/one: its rules name several objectives: 50 %, 99 %" in found.mistakes[0]


def test_sloth_s_rules_that_disagree_leave_their_slo_out(imported):
    labels = 'sloth_id: shop-availability, sloth_service: shop, sloth_slo: availability, sloth_objective: "95"'
    more = f'    - {{name: x, rules: [{{record: sloth_slo_info, expr: "1", labels: {{{labels}}}}}]}}\n'
    found = imported(sloth() + more, PYRRA)
    assert [slo.name for slo in found.slos] == ["http"]
    assert "its rules name several objectives: 95 %, 99.9 %" in found.mistakes[0]


def test_the_window_is_of_the_rules_with_the_slo_s_own_labels(imported):
    rules = [
        _rule(f"m:{what}", slo="errors", service=service)
        for service, weeks in (("a", 2), ("b", 4))
        for what in ("burnrate5m", f"increase{weeks}w")
    ]
    found = imported(_file(*rules, _alert("m:burnrate5m > 14 * (1-0.99)")))
    assert _of(found) == [("a", "errors", 99, "14d"), ("b", "errors", 99, "28d")]


@pytest.mark.parametrize(
    ("periods", "note"),
    [
        ((), "no rule says its window"),
        (("increase2w", "increase4w"), "its rules name several windows: 2w, 4w"),
        (("increase0w",), "its window 0w is not whole days, 1 to 3660"),
        (("availability9999999d",), "its window 9999999d is not whole days"),
        ((f"increase{'9' * 5000}d",), "is not whole days"),
    ],
)
def test_a_window_that_rules_do_not_say_is_noted(imported, periods, note):
    rules = [_rule(f"m:{name}", slo="one") for name in ("burnrate5m", *periods)]
    found = imported(_file(*rules, _alert("m:burnrate5m > 14 * (1-0.99)")))
    assert _of(found) == [("one", "one", 99, None)]
    [said] = [str(one) for one in found.notes if note in one.text]
    assert "the file's window is used" in said
    _config(found)


@pytest.mark.parametrize(("days", "shown"), [("0", "0d"), ("2.5", "2.5d"), ("-1", "-1d"), ("1e9", "1e+09d")])
def test_a_window_of_sloth_that_no_file_can_have_is_noted(imported, days, shown):
    found = imported(sloth().replace("vector(28)", f"vector({days})"))
    assert [slo.window for slo in found.slos] == [None]
    assert any(f"its window {shown} is not whole days, 1 to 3660" in note.text for note in found.notes)
    _config(found)


@pytest.mark.parametrize(
    "limit",
    ["((1-0.99) * 14)", "(14 * (1-0.99))", "0.01 * 14.4", "14.4 * 0.01", "(0.5 * (1-0.99))", "((1-0.99) * 0.5)"],
)
def test_the_budget_is_read_in_either_order(imported, limit):
    for expr in (f"m:burnrate5m > {limit}", f"{limit} < m:burnrate5m"):
        found = imported(_file(_rule("m:burnrate5m", slo="one"), _alert(expr)))
        assert [slo.objective for slo in found.slos] == [99]


@pytest.mark.parametrize("limit", ["14 * 14", "0.5 * 0.01", "14 * 0", "(1-0.99) * (1-0.9)"])
def test_a_limit_without_one_budget_says_no_objective(imported, limit):
    with pytest.raises(UsageError, match="none of these rules says its objective"):
        imported(_file(_rule("m:burnrate5m", slo="one"), _alert(f"m:burnrate5m > {limit}")))


@pytest.mark.parametrize(("ratio", "shown"), [("-13", "-1300"), ("NaN", "nan"), ("Inf", "inf"), ("0.001", "0.1")])
def test_an_impossible_objective_is_left_out_with_the_name_of_its_file(imported, ratio, shown):
    found = imported(_file(_rule("m:burnrate5m", slo="one"), _alert(f"m:burnrate5m > 14 * (1-({ratio}))")), PYRRA)
    assert [slo.name for slo in found.slos] == ["http"]
    [mistake] = found.mistakes
    assert f"0.yaml: document 1/one/one: an objective of {shown} % is not from 1 to below 100 %" in mistake


@pytest.mark.parametrize(
    ("of_resource", "of_rules", "objectives"),
    [("a", "a", [99.5]), ("", "a", [99.5]), ("a", "", [99.5]), ("a", "b", [99.5, 99.9])],
)
def test_an_slo_of_another_namespace_is_not_the_one_of_these_rules(imported, of_resource, of_rules, objectives):
    resource = f"""
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {{name: shop, namespace: "{of_resource}"}}
spec:
  service: shop
  slos:
    - name: availability
      objective: 99.5
      sli: {{events: {{errorQuery: 'sum(rate(e[{{{{.window}}}}]))', totalQuery: 'sum(rate(t[{{{{.window}}}}]))'}}}}
"""
    rules = sloth().replace("  name: sloth-slo-shop", f'  name: sloth-slo-shop\n  namespace: "{of_rules}"')
    found = imported(rules, resource)
    assert [slo.objective for slo in found.slos] == objectives
    assert any("the SLO itself is in these files" in note.text for note in found.notes) is (len(objectives) == 1)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "(a|aa){9,99}", "a*a*a*a*a*a*a*a*", "(((a+)?)+)?"])
def test_a_regex_that_would_take_years_is_not_tried(imported, pattern):
    name = f"{'a' * 40}b"
    with pytest.raises(UsageError, match="none of these rules says its objective"):
        imported(_file(_rule("m:burnrate5m", slo=name), _alert(f'm:burnrate5m{{slo=~"{pattern}"}} > 14 * 0.01')))
