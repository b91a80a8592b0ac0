"""The text of `sresnap rules`: one rule where one query serves many services, Sloth's names, no duplicates."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sresnap import promql
from sresnap.app.generate_rules import RulesRequest, generate_rules
from sresnap.cli import cli
from sresnap.compute.slo.first_days import remaining_over_time
from sresnap.config import burn_pairs, loads
from sresnap.errors import UsageError
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Kind
from sresnap.rules import document, rules_yaml

FLEET = """
services:
  - {name: web, slos: [{name: availability, objective: 99.9, window: [28d, month]}]}
  - {name: api, slos: [{name: availability, objective: 99.5}, {name: latency, objective: 99, latency_threshold: 300ms}]}
  - {name: old, slo_target: 99, labels: {service: legacy}}
  - name: batch
    slos:
      - {name: up, objective: 99, kind: time, window: 7d}
      - {name: minutes, objective: 99, kind: timeslices}
      - name: jobs
        objective: 95
        queries: {total: 'sum(increase(jobs_total[{window}]))', good: 'sum(increase(ok_total[{window}]))'}
"""


@cache
def rules(text=FLEET):
    rules_text = rules_yaml(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), burn_pairs(), 60)
    return [rule for group in yaml.load(rules_text, yaml.CSafeLoader)["groups"] for rule in group["rules"]]


def named(found, name, **labels):
    return [r for r in found if r.get("record") == name and labels.items() <= r.get("labels", {}).items()]


def test_services_that_share_a_query_share_a_rule_and_others_have_their_own():
    found = rules()
    # old answers as `legacy`, so the rule must set its name.
    assert [r["labels"] for r in named(found, "slo:sli_total:increase1h", slo="availability")] == [
        {"slo": "availability"},
        {"service": "old", "slo": "availability"},
    ]
    one = rules("services: [{name: web, slo_target: 99.9}, {name: api, slo_target: 99}]")
    (rule,) = named(one, "slo:sli_total:increase1h")
    assert 'service=~"api|web"' in rule["expr"]


SPACED = """
services:
  - name: "we  b"
    slos:
      - name: "a  b"
        objective: 99
        queries:
          total: |
            sum(  # of all
              increase(t_total{{c="d  e"}}[{window}]))
          bad: 'sum(increase(b_total[{window}]))'
"""


def test_spaces_within_a_name_are_kept_so_that_an_alert_finds_what_was_recorded():
    found = rules(SPACED)
    (total,) = named(found, "slo:sli_total:increase1h")
    assert total["labels"] == {"service": "we  b", "slo": "a  b"}
    assert total["expr"] == '(sum( increase(t_total{c="d  e"}[1h])))'
    alert = next(rule for rule in found if "alert" in rule)
    assert 'service=~"we  b", slo="a  b"' in alert["expr"]


def test_braces_in_a_name_are_escaped_in_an_alert():
    # Labels of recording rules are plain text; labels of alerts are templates.
    found = rules('services: [{name: "{{web}}", slos: [{name: "a{{ .b }}", objective: 99}]}]')
    assert named(found, "slo:objective:ratio")[0]["labels"]["slo"] == "a{{ .b }}"
    alert = next(rule for rule in found if "alert" in rule)
    assert alert["labels"]["slo"] == 'a{{ "{{" }} .b }}'
    assert 'of a{{ "{{" }} .b }} more' in alert["annotations"]["summary"]
    assert 'service=~"\\\\{\\\\{web\\\\}\\\\}", slo="a{{ .b }}"' in alert["expr"]


def test_services_share_an_alert_unless_it_is_for_others():
    shop = "{name: %s, slo_target: 99, team: Shop, description: %s, tags: [%s]}"
    services = [shop % (name, name, name) for name in ("web", "api")] + ["{name: job, slo_target: 99, owner: Ann}"]
    pages = [
        rule
        for rule in rules(f"services: [{', '.join(services)}]")
        if "alert" in rule and rule["labels"]["long"] == "1h"
    ]
    assert [rule["labels"].get("team") for rule in pages] == ["Shop", None]
    assert [rule["annotations"].get("owner") for rule in pages] == [None, "Ann"]
    assert 'service=~"api|web"' in pages[0]["expr"]
    assert not any("runbook_url" in rule["annotations"] for rule in pages)


def test_no_two_rules_have_the_same_name_and_labels():
    keys = [(r.get("record") or r["alert"], tuple(sorted(r.get("labels", {}).items()))) for r in rules()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("selector", "is_guarded"), [("t{{code='500'}}", False), ("e", True)])
def test_errors_count_without_a_total_only_if_they_are_part_of_it(selector, is_guarded):
    # Errors of another metric may have hours without a total. Its selector shows restarts, and surrounds none of them.
    bad = f'{{form: counted, selector: "{selector}", siblings: "t"}}'
    slo = f"{{name: x, objective: 99, queries: {{total: {{form: counted, selector: t}}, bad: {bad}}}}}"
    found = rules(f"provider: custom\nservices: [{{name: web, slos: [{slo}]}}]\nprometheus: {{url: 'http://p'}}")
    (expr,) = {rule["expr"] for rule in named(found, "slo:sli_bad:increase1h")}
    assert (") and on () (" in expr) is is_guarded


def test_every_expression_is_promql():
    assert [r["expr"] for r in rules() if promql.check_syntax(r["expr"])] == []


@pytest.mark.parametrize("window", ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "7d", "28d"])
def test_every_window_has_its_error_ratio_under_sloth_s_name(window):
    (rule,) = named(rules(), f"slo:sli_error:ratio_rate{window}")
    assert rule["expr"] == f"slo:sli_bad:increase{window} / (slo:sli_total:increase{window} > 0)"


def test_alerts_have_the_thresholds_of_their_own_window_and_want_ten_bad_events():
    alerts = [r for r in rules() if "alert" in r and r["labels"]["slo"] == "availability"]
    page = next(r for r in alerts if r["labels"]["long"] == "1h" and r["labels"]["objective"] == "0.999")
    # 0.02 × 672 h / 1 h = 13.44; of a budget of 0.001.
    assert "> 0.01344 " in page["expr"]
    own, six_hours, day = page["expr"].split(" or ")
    assert own.endswith('slo:sli_bad:increase1h{service=~"web", slo="availability"} >= 10')
    # With fewer the next longer windows decide, at the same threshold, until a day.
    assert "ratio_rate6h{" in six_hours
    # Five events are expected in 5m of an hour with 60.
    assert six_hours.endswith(
        'unless on (service, slo) (slo:sli_bad:increase1h{service=~"web", slo="availability"} >= 10'
        ' and on (service, slo) slo:sli_total:increase1h{service=~"web", slo="availability"} >= 60)'
    )
    assert "ratio_rate1d{" in day
    assert (six_hours.count("> 0.01344 "), day.count("> 0.01344 "), day.count(" unless ")) == (2, 2, 2)
    seven = [r["labels"]["long"] for r in rules() if "alert" in r and r["labels"]["window"] == "7d"]
    assert seven == ["1h", "6h"], "of 7 days the ticket pairs would fire at a pace that the budget lasts through"


def test_slices_and_time_have_no_count_of_events_to_wait_for():
    for slo in ("up", "minutes"):
        alerts = [r for r in rules() if "alert" in r and r["labels"]["slo"] == slo]
        assert alerts
        assert not any(">= 10" in r["expr"] for r in alerts)


def test_an_slo_weighted_by_time_counts_seconds():
    (total,) = named(rules(), "slo:sli_total:increase1h", slo="up")
    (bad,) = named(rules(), "slo:sli_bad:increase1h", slo="up")
    assert total["expr"].endswith("+ 3600")
    assert bad["expr"].startswith("(1 - ")
    assert bad["expr"].endswith("/ 100) * 3600")


def test_a_window_that_gets_no_alert_says_why(tmp_path):
    slos = "[{name: a, objective: 99, window: 7d}, {name: b, objective: 99}]"
    (tmp_path / "sresnap.yaml").write_text(f"services: [{{name: web, slos: {slos}}}]")
    result = CliRunner().invoke(cli, ["rules", "--config", str(tmp_path / "sresnap.yaml")], standalone_mode=False)
    # Of 7 days: 0.1 x 7 / 1 = 0.7 over a day, 0.1 x 7 / 3 = 0.23 over three.
    assert result.stderr == (
        "note: window 7d: no ticket alerts over 1d and 3d. They would fire at 0.7× and 0.23×, and at such a pace the "
        "budget outlasts the window (web/a)\n"
    )


def test_an_answer_of_several_series_records_nothing_where_the_report_takes_no_number():
    def expression(query, record="slo:sli_total:increase1h"):
        slos = f"[{{name: up, objective: 99, kind: time, queries: {{availability: '{query}'}}}}]"
        (rule,) = named(rules(f"services: [{{name: web, slos: {slos}}}]"), record)
        return rule["expr"]

    # scalar() of several series is NaN, which no comparison keeps.
    assert expression("100 * avg_over_time(up[{window}])") == (
        "0 * (vector(scalar((100 * avg_over_time(up[1h])) < Inf > -Inf)) > -Inf) + 3600"
    )
    assert expression("100 * avg(avg_over_time(up[{window}]))") == (
        "0 * ((100 * avg(avg_over_time(up[1h]))) < Inf > -Inf) + 3600"
    )


def test_only_our_own_rule_file_is_overwritten(tmp_path):
    (tmp_path / "sresnap.yaml").write_text("services: [{name: web, slo_target: 99}]")
    file, config = tmp_path / "rules.yml", str(tmp_path / "sresnap.yaml")
    call = ["rules", "--config", config, "-o", str(file)]
    runner = CliRunner()
    assert runner.invoke(cli, call, standalone_mode=False).return_value == 0
    first = file.read_text()
    assert runner.invoke(cli, call, standalone_mode=False).return_value == 0
    assert file.read_text() == first
    file.write_text("groups: []")
    assert isinstance(runner.invoke(cli, call, standalone_mode=False).exception, UsageError)
    assert file.read_text() == "groups: []"
    assert runner.invoke(cli, [*call, "--force", "--dry-run"], standalone_mode=False).return_value == 0
    assert file.read_text() == "groups: []"


def test_no_rules_are_made_from_recorded_series(tmp_path):
    (tmp_path / "sresnap.yaml").write_text("provider: recorded\nservices: [{name: web, slo_target: 99}]")
    result = CliRunner().invoke(cli, ["rules", "--config", str(tmp_path / "sresnap.yaml")], standalone_mode=False)
    assert isinstance(result.exception, UsageError)


def test_services_that_read_recorded_series_get_no_rules_and_the_others_do():
    text = "services: [{name: web, slo_target: 99}, {name: old, slo_target: 99, provider: recorded}]"
    made = generate_rules(RulesRequest(loads(text, "sresnap.yaml", {}, cwd=Path("/")), 60, None))
    assert made.notes[0] == "no rules for old, with provider recorded"
    assert "service: web" in made.text
    assert "old" not in made.text


def test_rules_are_of_one_source_as_they_are_loaded_into_one_prometheus():
    text = """
prometheus: {url: "http://home"}
sources: {eu: {url: "http://eu"}}
services: [{name: web, slo_target: 99}, {name: api, slo_target: 99, source: eu}]
"""
    config = loads(text, "sresnap.yaml", {}, cwd=Path("/"))
    made = generate_rules(RulesRequest(config, 60, None, source="eu"))
    assert "service: api" in made.text
    assert "service: web" not in made.text
    with pytest.raises(UsageError, match="several sources: prometheus, eu") as raised:
        generate_rules(RulesRequest(config, 60, None))
    assert "--source NAME" in raised.value.hint
    with pytest.raises(UsageError, match="no service has the source 'ue'"):
        generate_rules(RulesRequest(config, 60, None, source="ue"))


def test_the_preset_recorded_keeps_an_objectives_basis():
    slos = "[{name: up, objective: 99, kind: time}, {name: minutes, objective: 99, kind: timeslices}]"
    text = f"provider: recorded\nservices: [{{name: web, slos: {slos}}}]"
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    up, minutes = config.services[0].slos
    assert (up.kind, up.series) == (Kind.TIME, (SeriesKey("availability", "up"),))
    assert minutes.kind is Kind.TIMESLICES
    # The recorded series count slices already.
    assert config.services[0].series[minutes.series[0]].template.promql == config.templates["total"].promql


def test_the_preset_recorded_reads_each_objective_s_own_events():
    text = "provider: recorded\n" + FLEET.partition("  - {name: old")[0].replace(", latency_threshold: 300ms", "")
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    assert [tuple(map(str, slo.series)) for slo in config.services[1].slos] == [
        ("total#availability", "bad#availability"),
        ("total#latency", "bad#latency"),
    ]
    with_threshold = loads(
        text.replace("objective: 99}", "objective: 99, latency_threshold: 300ms}"), "a", {}, cwd=Path()
    )
    assert tuple(map(str, with_threshold.services[1].slos[1].series)) == ("total#latency", "bad#latency")


def test_the_first_days_differ_from_the_report_by_as_much_as_the_documentation_says():
    pace, hours, window = 0.33, 25, 28 * 24
    # 100,000 events in each hour, 0.33 × 0.5 % of them bad.
    counts = HourlyCounts.of(0, [EventCount(100_000 - pace * 500, 100_000)] * hours)
    report = remaining_over_time(counts, 0, 0, window, 0.995)[-1]
    assert report == pytest.approx(1 - pace * hours / window)
    (rule,) = named(rules(), "slo:period_error_budget_remaining:ratio", window="28d")
    assert rule["expr"].startswith("1 - (slo:sli_error:ratio_rate28d and "), "of what was recorded, unweighted"
    text = " ".join((Path(__file__).parents[3] / "docs/rules.md").read_text("utf-8").split())
    assert f"the rule says {1 - pace:.2f} and the report {report:.3f}, marked provisional" in text


ODD = """
provider: custom
queries:
  total: {by: service, promql: 'sum by (service) (increase(t{{service=~"{service}",a="ü ✓ 🐎: # \\\\ x"}}[{window}]))'}
  bad: {by: service, promql: 'sum by (service) (increase(b{{service=~"{service}", path!="''"}}[{window}]))'}
services: [{name: "a: b", slo_target: 99, labels: {service: "yes"}}, {name: "- x", slo_target: 99.95}]
"""


@pytest.mark.parametrize("text", [SPACED, ODD, ODD.replace("🐎", "")], ids=["spaced", "emoji", "odd"])
def test_the_fast_emitter_writes_the_same_bytes_as_the_one_in_python(text, monkeypatch):
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    fast = rules_yaml(config, burn_pairs(), 60)

    monkeypatch.setattr(document, "_FastDumper", document._Dumper)
    assert rules_yaml(config, burn_pairs(), 60) == fast
