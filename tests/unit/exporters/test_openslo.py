"""SLOs leave as OpenSLO v1, in documents that its schema allows and that come back with the same meaning."""

import re
from pathlib import Path

import pytest
import yaml

from sresnap.config import loads
from sresnap.exporters.openslo import openslo_yaml
from sresnap.importers import config_yaml, read_files
from tests.unit.cli.test_cli import run_here

CONFIG = """
prometheus: {url: "https://user:secret@prom.example.com/x"}
timezone: Europe/Berlin
provider: http
services:
  - name: api
    slos:
      - {name: availability, objective: 99.9, window: [28d, month]}
      - {name: fast, objective: 95, latency_threshold: 300ms}
      - {name: slices, objective: 99, kind: timeslices, slice: {length: 1m, target: 95}, window: week}
      - {name: up, objective: 99.5, kind: time, window: quarter}
  - name: Büro Süd
    labels: {service: buero}
    slos:
      - name: own
        objective: 99
        queries:
          total: 'sum(increase(jobs_total{{queue="x"}}[{window}]))'
          bad: 'sum(increase(jobs_failed_total{{queue="x"}}[{window}]))'
groups: [{name: all, services: [api, "Büro Süd"]}]
"""

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@pytest.fixture(scope="module")
def exported():
    return openslo_yaml(loads(CONFIG, "sresnap.yaml", {}, cwd=Path()))


@pytest.fixture(scope="module")
def documents(exported):
    return list(yaml.safe_load_all(exported.text))


def _slo(documents, name):
    return next(d["spec"] for d in documents if d["kind"] == "SLO" and d["metadata"]["name"] == name)


def _query(spec, side):
    return spec["indicator"]["spec"]["ratioMetric"][side]["metricSource"]["spec"]["query"]


def test_each_service_and_slo_is_a_document_with_a_name_that_openslo_allows(documents, exported):
    kinds = [document["kind"] for document in documents]
    assert kinds == ["DataSource", "Service", *["SLO"] * 5, "Service", "SLO"]
    assert exported.slos == 6
    assert {document["apiVersion"] for document in documents} == {"openslo/v1"}
    names = [(document["kind"], document["metadata"]["name"]) for document in documents]
    assert len(set(names)) == len(names)
    assert all(NAME.fullmatch(name) for _, name in names)
    services = {d["metadata"]["name"] for d in documents if d["kind"] == "Service"}
    assert {d["spec"]["service"] for d in documents if d["kind"] == "SLO"} == services


def test_a_name_that_is_not_allowed_is_kept_for_display(documents):
    [service] = [d for d in documents if d["kind"] == "Service" and d["metadata"]["name"] != "api"]
    assert service["metadata"]["displayName"] == "Büro Süd"


def test_names_that_would_be_one_stay_two():
    services = "".join(f"  - {{name: {name}, slo_target: 99}}\n" for name in ("a_b", "a-b", "a.b"))
    text = openslo_yaml(loads(f"provider: http\nservices:\n{services}", "sresnap.yaml", {}, cwd=Path())).text
    names = [(d["kind"], d["metadata"]["name"]) for d in yaml.safe_load_all(text)]
    assert len(set(names)) == 7
    assert ("Service", "a-b") in names


def test_counters_are_sums_of_their_series_as_in_openslo_s_own_examples(documents):
    spec = _slo(documents, "api-availability")
    assert spec["indicator"]["spec"]["ratioMetric"]["counter"] is True
    assert _query(spec, "total") == 'sum(http_requests_total{service=~"api"})'
    assert _query(spec, "bad") == 'sum(http_requests_total{service=~"api", code=~"5.."})'


def test_a_query_of_the_user_s_own_is_written_over_five_minutes(documents):
    [spec] = [d["spec"] for d in documents if d["kind"] == "SLO" and d["metadata"].get("displayName") == "own"]
    assert spec["indicator"]["spec"]["ratioMetric"]["counter"] is False
    assert _query(spec, "bad") == 'sum(increase(jobs_failed_total{queue="x"}[5m]))'


def test_windows_and_slices_are_openslo_s(documents):
    rolling = {"duration": "28d", "isRolling": True}
    month = {"duration": "1M", "isRolling": False}
    assert _slo(documents, "api-availability")["timeWindow"] == [rolling]
    [window] = _slo(documents, "api-availability-month")["timeWindow"]
    assert month.items() <= window.items()
    assert window["calendar"]["timeZone"] == "Europe/Berlin"
    slices = _slo(documents, "api-slices")
    assert slices["budgetingMethod"] == "Timeslices"
    [objective] = slices["objectives"]
    assert (objective["target"], objective["timeSliceTarget"], objective["timeSliceWindow"]) == (0.99, 0.95, "1m")


def test_two_pairs_with_one_joined_name_have_two():
    text = """
provider: http
services:
  - {name: a-b, slos: [{name: c, objective: 99}]}
  - {name: a, slos: [{name: b-c, objective: 99}]}
"""
    names = [d["metadata"]["name"] for d in yaml.safe_load_all(openslo_yaml(loads(text, "x", {}, cwd=Path())).text)]
    assert len(set(names)) == len(names)
    assert "a-b-c" in names


GAUGE = """
provider: custom
services:
  - name: lb
    slos:
      - name: requests
        objective: 99
        queries:
          total: {form: summed, period: 1m, selector: 'requests_sum{{lb="x"}}'}
          bad: {form: summed, period: 1m, selector: 'errors_sum{{lb="x"}}'}
      - name: fast
        objective: 99
        latency_threshold: 250ms
        queries:
          total: {form: native_total, selector: 'latency{{lb="x"}}'}
          latency_good: {form: native, selector: 'latency{{lb="x"}}'}
"""


def test_what_is_not_a_counter_is_not_exported_as_one():
    documents = list(yaml.safe_load_all(openslo_yaml(loads(GAUGE, "x", {}, cwd=Path())).text))
    for name, part in (("lb-requests", "sum_over_time"), ("lb-fast", "histogram_fraction(0, 0.25")):
        spec = _slo(documents, name)
        assert spec["indicator"]["spec"]["ratioMetric"]["counter"] is False
        side = "good" if name == "lb-fast" else "bad"
        assert part in _query(spec, side)
        assert _query(spec, side) != _query(spec, "total")


def test_weights_are_listed_and_signals_only_where_there_are_some():
    weighted = "provider: http\nservices: [{name: a, slo_target: 99, weight: 2}]"
    notes = openslo_yaml(loads(weighted, "x", {}, cwd=Path())).notes
    assert [note.partition(":")[0] for note in notes] == [
        "weights and composite", "queries of golden signals and capacity", "alerts",
    ]  # fmt: skip
    assert [note.partition(":")[0] for note in openslo_yaml(loads(GAUGE, "x", {}, cwd=Path())).notes] == ["alerts"]


def test_no_login_is_exported(exported):
    assert "secret" not in exported.text
    assert "https://prom.example.com/x" in exported.text


def test_what_openslo_has_no_place_for_is_listed(exported):
    assert [note.partition(":")[0] for note in exported.notes] == [
        "groups", "queries of golden signals and capacity", "alerts",
    ]  # fmt: skip


def test_what_is_exported_comes_back_with_the_same_meaning(exported, tmp_path):
    file = tmp_path / "slos.yaml"
    file.write_text(exported.text)
    found = read_files((file,))
    assert found.mistakes == []
    original, again = (
        loads(CONFIG, "sresnap.yaml", {}, cwd=Path()),
        loads(config_yaml(found), "imported.yaml", {}, cwd=Path()),
    )
    slos, back = ([slo for service in config.services for slo in service.slos] for config in (original, again))
    same = ("objective", "basis", "threshold_seconds", "window", "slice_seconds", "slice_target")
    assert [service.name for service in again.services] == ["api", "Büro Süd"]
    assert [slo.name for slo in back] == [slo.name for slo in slos]
    assert not any("displayName" in note.text for note in found.notes)
    for slo, other in zip(slos, back, strict=True):
        assert [getattr(slo, key) for key in same] == [getattr(other, key) for key in same]
    assert again.prometheus.url == original.prometheus.url
    counted = again.services[0].series[back[0].bad].template.raw
    assert counted == 'http_requests_total{{service=~"api", code=~"5.."}}'


def test_the_command_writes_a_file_and_overwrites_only_its_own(tmp_path):
    (tmp_path / "sresnap.yaml").write_text(CONFIG)
    output, command = tmp_path / "slos.yaml", ["export", "--format", "openslo", "-o", "slos.yaml"]
    dry = run_here(*command, "--dry-run", cwd=tmp_path)
    assert (dry.returncode, dry.stdout, output.exists()) == (0, "slos.yaml: 6 SLOs would be written\n", False)
    for _ in range(2):
        written = run_here(*command, cwd=tmp_path)
        assert (written.returncode, written.stdout) == (0, "slos.yaml: 6 SLOs written\n")
        assert "note: not exported: groups" in written.stderr
    output.write_text("mine")
    refused = run_here(*command, cwd=tmp_path)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert output.read_text() == "mine"


def test_each_source_is_a_data_source_that_its_services_name():
    text = """
prometheus: {url: "http://home"}
sources: {EU_West: {url: "https://me:hunter2@eu"}}
services: [{name: api, slo_target: 99}, {name: web, slo_target: 99, source: EU_West}]
"""
    written = openslo_yaml(loads(text, "sresnap.yaml", {}, cwd=Path())).text
    documents = list(yaml.safe_load_all(written))
    sources = {d["metadata"]["name"]: d["spec"] for d in documents if d["kind"] == "DataSource"}
    assert {name: spec["connectionDetails"]["url"] for name, spec in sources.items()} == {
        "prometheus": "http://home",
        "eu-west-278ee8": "https://eu",
    }
    used = [
        d["spec"]["indicator"]["spec"]["ratioMetric"]["total"]["metricSource"]["metricSourceRef"]
        for d in documents
        if d["kind"] == "SLO"
    ]
    assert used == ["prometheus", "eu-west-278ee8"]
    assert all(NAME.fullmatch(name) for name in sources)


def test_the_source_of_each_service_comes_back(tmp_path):
    text = """
prometheus: {url: "http://home"}
sources: {EU_West: {url: "http://eu"}}
services: [{name: web, slo_target: 99, source: EU_West}, {name: api, slo_target: 99}]
"""
    (file := tmp_path / "slos.yaml").write_text(openslo_yaml(loads(text, "sresnap.yaml", {}, cwd=Path())).text)
    again = loads(config_yaml(read_files((file,))), "imported.yaml", {}, cwd=Path())
    assert {service.name: service.source for service in again.services} == {"web": "EU_West", "api": "prometheus"}
    assert (again.prometheus.url, again.sources["EU_West"].url) == ("http://home", "http://eu")


def test_owner_team_and_description_come_back(tmp_path):
    text = """
provider: http
services:
  - {name: Büro, slo_target: 99, owner: "Maya <m@x>", team: Back office, description: "Sells: things."}
  - {name: api, slo_target: 99, team: web}
  - {name: bare, slo_target: 99}
"""
    original = loads(text, "sresnap.yaml", {}, cwd=Path())
    (file := tmp_path / "slos.yaml").write_text(openslo_yaml(original).text)
    found = read_files((file,))
    again = loads(config_yaml(found), "imported.yaml", {}, cwd=Path())
    assert found.mistakes == []
    assert [(s.name, s.people) for s in again.services] == [(s.name, s.people) for s in original.services]
    assert not any("annotation" in note.text or "description" in note.text for note in found.notes)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("runbook: https://wiki/api", "runbook"),
        ("links: {Board: https://board}, tags: [web]", "links, tags"),
        ("owner: Maya", None),
    ],
)
def test_what_a_service_says_and_openslo_has_no_place_for_is_listed(given, named):
    text = f"provider: http\nservices: [{{name: api, slo_target: 99, {given}}}]"
    notes = [note.partition(":")[0] for note in openslo_yaml(loads(text, "x", {}, cwd=Path())).notes]
    assert notes == [*([named] if named else []), "queries of golden signals and capacity", "alerts"]
