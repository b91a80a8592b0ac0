"""What `sresnap check` says of a file, and of what was found online."""

from dataclasses import replace

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
    first, *_, found, last = capsys.readouterr().out.splitlines()
    assert first == "  all services  cap_vps_cpu  ✓ ok  42 %"
    assert found == "the query found data in http://localhost:9090"
    assert last == "2 services, 1 query: all ok (0 requests)"


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


def good(service, count=5):
    own = [Finding(service, "rate", State.OK, 12.4, None, query="request_rate", unit="per_second")]
    return own + [Finding(service, f"q{at}", State.OK, 1.0, None, query="total", slos=("a",)) for at in range(1, count)]


def fleet(names, sources=""):
    text = "\n".join(f"  - {{name: {name}, slo_target: 99{', source: us' * (name in sources)}}}" for name in names)
    more = "prometheus: {url: http://localhost:9090}\nsources: {us: {url: http://us:9090}}\n" if sources else ""
    return loads(f"{more}services:\n{text}\n", "sresnap.yaml", {}, cwd=None)


def test_a_file_of_twelve_services_that_are_in_order_fits_on_a_screen(capsys):
    names = [f"s{at}" for at in range(12)]
    found = [finding for name in names for finding in good(name)]
    print_findings(fleet(names), CheckResult(tuple(found), requests=40))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  s0   ✓ 5 queries  request_rate 12.4/s"
    assert lines[12].strip() == "`--service NAME` shows each query of a service."
    assert lines[-1] == "12 services, 60 queries: all ok (40 requests)"
    assert len(lines) < 24


def test_a_service_with_a_query_to_look_at_keeps_all_its_rows_in_a_large_file(capsys):
    names = [f"s{at}" for at in range(300)]
    found = [finding for name in names for finding in good(name)]
    found[7] = Finding("s1", "q2", State.NO_DATA, None, "no metric", query="total", slos=("a",))
    print_findings(fleet(names), CheckResult(tuple(found), requests=1))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  ✓ 299 services: all 1 495 queries are in order"
    assert [line.split()[0] for line in lines[2:7]] == ["s1"] * 5
    assert "1 of 1500 queries found no data, or only part, in http://localhost:9090" in lines
    assert lines[-1] == "300 services, 1 500 queries: 1 499 ok, 1 to look at (1 request)"


def test_an_answer_that_services_share_keeps_its_row_in_a_large_file(capsys):
    names = [f"s{at}" for at in range(40)]
    lost = [replace(host(name), state=State.NO_DATA, value=None, cause="no metric") for name in names[:2]]
    print_findings(fleet(names), CheckResult((*lost, *(one for name in names for one in good(name)))))
    assert "  s0, s1  cap_vps_cpu  ✕ no data  no metric\n" in capsys.readouterr().out


def test_a_source_that_is_down_has_one_line_and_the_key_to_look_at(capsys):
    down = [Finding(name, "total", State.FAILED, None, "source us: refused", source="us") for name in ("b", "c")]
    result = CheckResult((*good("a", 2), *down), unreached={"us": "source us answered no query: refused"}, requests=9)
    print_findings(fleet(["a", "b", "c"], sources=("b", "c")), result)
    out = capsys.readouterr().out
    assert out.count("refused") == 1
    assert "  ✕ source us answered no query: refused; 2 services not checked: b, c\n" in out
    assert "  → look at `sources.us.url`\n" in out
    assert "correct the labels" not in out
    assert "all 2 queries found data in http://localhost:9090\n" in out
    assert out.endswith("3 services, 2 queries: all ok, 1 source not reached (9 requests)\n")
    assert result.exit_code == 3
