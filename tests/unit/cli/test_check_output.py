"""What `sresnap check` says of a file, and of what was found online."""

import pytest

from sresnap.app.findings import CheckResult, Finding, State, begun
from sresnap.cli.check_output import print_findings, rows, value_text
from sresnap.config import loads
from sresnap.plan import trial
from tests.unit.cli.test_cli import run_here

ONE = "services: [{name: api, slo_target: 99}, {name: web, slo_target: 99}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ONE}]", "2 services, 2 SLOs over 28d, preset http"),
        (
            f"{ONE}, {{name: shop, slo_target: 99, provider: celery}}]",
            "3 services, 3 SLOs over 28d, presets http (2 services), celery (1)",
        ),
    ],
)
def test_the_presets_of_all_services_are_named(tmp_path, text, shown):
    (tmp_path / "sresnap.yaml").write_text(text)
    assert shown in run_here("check", cwd=tmp_path).stdout


CONFIG = loads(f"{ONE}]", "sresnap.yaml", {}, cwd=None)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (12345.0, "events", "12 345 events in 1h"),
        (1.0, "slices", "1 slice in 1h"),
        (0.329, "seconds", "329 ms"),
        (12.4, "per_second", "12.4/s"),
        (0.42, "ratio", "42 %"),
        (None, "events", ""),
    ],
)
def test_a_value_has_its_unit(value, unit, shown):
    assert value_text(Finding("api", "x", State.OK, value, None, unit=unit)) == shown


def host(service, value=0.42):
    return Finding(service, "cap_vps_cpu", State.OK, value, None, query="cap_vps_cpu", unit="ratio", shared=True)


def test_the_load_of_a_host_is_one_row_for_its_services(capsys):
    print_findings(CONFIG, CheckResult((host("api"), host("web"))))
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "  all services  cap_vps_cpu  ✓ ok  42 %"
    assert last == "the query found data in http://localhost:9090"


def test_an_answer_of_its_own_has_its_own_row():
    own = [Finding(name, "bad", State.OK, 1.0, None, unit="events") for name in ("api", "web")]
    hosts = [host("api"), host("web"), host("mail", 0.5)]
    assert [row.services for row in rows([*own, *hosts])] == [("api",), ("web",), ("api", "web"), ("mail",)]


def test_a_query_is_named_as_in_the_file_after_its_objectives(capsys):
    slow = Finding(
        "api", "latency_good@0.3", State.NO_DATA, None, "no bucket", query="latency_good", slos=("checkout", "fast")
    )
    print_findings(CONFIG, CheckResult((slow,)))
    assert "  api  checkout, fast: latency_good  ✕ no data  no bucket" in capsys.readouterr().out


def test_a_finding_begins_with_the_words_of_the_file():
    slo = "{name: checkout, objective: 99, latency_threshold: 300ms, kind: timeslices}"
    text = f"services: [{{name: api, slos: [{slo}]}}]"
    config = loads(text, "sresnap.yaml", {}, cwd=None)
    found = [begun(query, config.services[0]) for query in trial(config, 0)]
    of_slo = {(one.query, one.slos, one.unit) for one in found if one.slos}
    assert of_slo == {("total", ("checkout",), "slices"), ("latency_good", ("checkout",), "slices")}
    assert {(one.query, one.unit) for one in found if not one.slos} >= {("latency_p99", "seconds")}
