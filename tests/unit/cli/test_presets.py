"""The shipped presets as a newcomer meets them, and a preset of their own."""

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from jsonschema import Draft202012Validator

from sresnap.config import loads
from sresnap.config.preset_files import preset_file, preset_schema, shipped_presets
from sresnap.config.presets import shipped_text
from tests.integration.prometheus_server import need_tool
from tests.unit.cli.test_cli import run_here

ROOT = Path(__file__).parents[3]
SCHEMA = Draft202012Validator(preset_schema())
OWN = """
about: Jobs.
parameters:
  identity: {kind: labels, default: queue, about: The queue.}
queries:
  total: {by: '{identity}', form: counted, selector: 'jobs_total{{{identity}}}'}
  bad: {by: '{identity}', form: counted, selector: 'jobs_failed_total{{{identity}}}'}
  request_rate: {by: '{identity}', promql: 'sum by ({identity}) (rate(jobs_total{{{identity}}}[{rate}]))'}
tests:
  - about: A job a second.
    labels: {queue: mail}
    series: {'jobs_total{queue="mail"}': 0+60x120}
    expect: {total: 3600, request_rate: 1}
"""


def test_the_list_names_every_preset_with_what_it_measures(tmp_path):
    done = run_here("presets", "list", cwd=tmp_path)
    assert done.returncode == 0
    for preset in shipped_presets():
        assert re.search(rf"^{preset.name} +\w", done.stdout, re.MULTILINE)
    rows = json.loads(run_here("presets", "list", "--json", cwd=tmp_path).stdout)
    assert [row["name"] for row in rows] == [preset.name for preset in shipped_presets()]


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_every_shipped_preset_says_what_it_measures_and_where_that_is_described(preset):
    assert preset.about.endswith(".")
    assert preset.source.startswith("https://") or preset.name == "recorded"
    assert preset.tests


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_every_shipped_preset_is_valid_by_the_schema_of_presets(preset):
    faults = SCHEMA.iter_errors(yaml.load(shipped_text(preset.name), yaml.CSafeLoader))
    assert [f"{fault.json_path}: {fault.message}"[:300] for fault in faults] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("labels, default: queue", "label_list, default: queue"), "$.parameters"),
        (("by: '{identity}', form", "by: '{identity', form"), "$.queries"),
        (("  request_rate:", "  request_rates:"), "$.queries"),
        (("about: Jobs.", "abuot: Jobs."), "$"),
        (("    expect: {total: 3600,", "    expect: {total: many,"), "$.tests"),
    ],
)
def test_the_schema_of_presets_finds_a_mistake(change, path):
    assert [fault.json_path for fault in SCHEMA.iter_errors(yaml.load(OWN, yaml.CSafeLoader))] == []
    broken = OWN.replace(*change, 1)
    assert broken != OWN
    assert path in [fault.json_path for fault in SCHEMA.iter_errors(yaml.load(broken, yaml.CSafeLoader))]


def test_presets_of_a_folder_are_listed_shown_and_tested_by_name(tmp_path):
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops/jobs.yaml").write_text(OWN, "utf-8")
    (tmp_path / "sresnap.yaml").write_text("preset_path: ops\n", "utf-8")
    listed = run_here("presets", "list", cwd=tmp_path).stdout
    assert re.search(r"^jobs +Jobs\. \(ops/jobs\.yaml\)$", listed, re.MULTILINE)
    assert "  provider: jobs\n" in run_here("presets", "show", "jobs", cwd=tmp_path).stdout
    (tmp_path / "sresnap.yaml").unlink()
    assert run_here("presets", "show", "jobs", cwd=tmp_path).returncode == 2
    need_tool("promtool")
    tried = run_here("presets", "test", "jobs", "--preset-path", "ops", cwd=tmp_path)
    assert (tried.returncode, tried.stdout.splitlines()[0]) == (0, "jobs: 2 of 2 checks passed")


def test_the_documentation_has_a_row_for_every_shipped_preset():
    rows = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs/presets.md").read_text("utf-8"), re.MULTILINE)
    assert [preset.name for preset in shipped_presets() if preset.name not in rows] == []


def test_a_preset_is_shown_with_its_parameters_and_its_queries(tmp_path):
    done = run_here("presets", "show", "linkerd", cwd=tmp_path)
    assert done.returncode == 0
    assert '  identity (labels, default "namespace, deployment"): The labels that name a service.' in done.stdout
    assert (
        '  total: response_total{{namespace=~"{namespace}", deployment=~"{deployment}", direction="inbound"}}'
        in done.stdout
    )
    shown = json.loads(run_here("presets", "show", "linkerd", "--json", cwd=tmp_path).stdout)
    assert shown["parameters"]["identity"]["default"] == ["namespace", "deployment"]


def test_the_only_values_of_a_parameter_are_shown(tmp_path):
    own = "parameters: {unit: {kind: value, default: s, choices: [s, ms], about: Of the latency.}}\nabout: Mine.\n"
    (tmp_path / "mine.yaml").write_text(own)
    shown = run_here("presets", "show", "./mine.yaml", cwd=tmp_path).stdout
    assert '  unit (value, s or ms, default "s"): Of the latency.\n' in shown


def test_a_parameter_that_has_to_be_set_is_shown_as_such(tmp_path):
    needed = OWN.replace("default: queue, ", "").replace(
        "    labels: {queue", "    parameters: {identity: queue}\n    labels: {queue"
    )
    (tmp_path / "mine.yaml").write_text(needed)
    done = run_here("presets", "show", "./mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "identity (labels, must be set): The queue." in done.stdout
    assert 'total: jobs_total{{identity=~"{identity}"}}' in done.stdout
    need_tool("promtool")
    assert run_here("presets", "test", "./mine.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "mine.yaml").write_text(
        needed.replace("    parameters: {identity: queue}\n", "").replace("{queue: mail}", "{queue: m}")
    )
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "./mine.yaml:10: tests[0].parameters.identity: expected the parameter identity" in done.stderr


def test_a_preset_is_shown_with_its_traps_and_with_the_lines_that_use_it(tmp_path):
    shown = run_here("presets", "show", "ingress-nginx", cwd=tmp_path).stdout
    assert "exported_namespace" in shown.split("parameters:")[0]
    assert "\n#" not in shown
    assert (
        "in sresnap.yaml:\n  provider: ingress-nginx\n  services:\n"
        "    - {name: api, slo_target: 99.9, labels: {namespace: …, ingress: …}}\n"
    ) in shown
    (tmp_path / "mine 2.yaml").write_text(OWN.lstrip().replace("default: queue, ", ""))
    assert preset_file("./mine 2.yaml", tmp_path).snippet == (
        'provider: "./mine 2.yaml"\nparameters: {identity: …}\nservices:\n  - {name: api, slo_target: 99.9}\n'
    )
    assert preset_file("./mine 2.yaml", tmp_path).notes == ()


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_the_snippet_of_every_shipped_preset_is_a_configuration_and_its_head_has_its_traps(preset):
    config = loads(preset.snippet, "sresnap.yaml", {}, cwd=Path())
    assert set(preset.keys) == set(config.services[0].queries)
    assert all(config.services[0].labels[label] == "…" for label in preset.labels)
    assert preset.labels
    assert preset.notes


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("linkrd", 'there is no preset "linkrd"'),
        ("./mine.yaml", "./mine.yaml: there is no such file"),
        ("custom", 'there is no preset "custom"'),
    ],
)
def test_a_preset_that_is_not_there_is_one_message(tmp_path, name, message):
    for command in ("show", "test"):
        done = run_here("presets", command, name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


def test_a_preset_of_your_own_is_tested_and_what_no_test_expects_is_named(tmp_path):
    need_tool("promtool")
    (tmp_path / "mine.yaml").write_text(OWN)
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "./mine.yaml: 2 of 2 checks passed\n  not tested: bad\n")
    assert run_here("presets", "test", "-q", "./mine.yaml", cwd=tmp_path).stdout == ""


def test_an_answer_that_is_not_expected_is_shown_with_its_query(tmp_path):
    need_tool("promtool")
    (tmp_path / "mine.yaml").write_text(OWN.replace("request_rate: 1", "request_rate: 2"))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert 'request_rate: expected 2, found {queue="mail"} 1\n' in done.stderr
    assert 'sum by (queue) (rate(jobs_total{queue=~"mail"}[5m]))' in done.stderr
    assert "1 of 2 checks passed" in done.stdout


def test_a_query_with_several_series_for_a_service_fails_as_it_does_in_a_report(tmp_path):
    need_tool("promtool")
    two = OWN.replace(
        "'jobs_total{queue=\"mail\"}': 0+60x120",
        '\'jobs_total{queue="mail", pod="a"}\': 0+30x120, \'jobs_total{queue="mail", pod="b"}\': 0+30x120',
    )
    (tmp_path / "mine.yaml").write_text(two)
    assert run_here("presets", "test", "./mine.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "mine.yaml").write_text(two.replace("sum by ({identity}) (rate", "(rate"))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert (
        'request_rate: expected 1, found several series for one service ({queue="mail"} 2), '
        "and a report takes none of them: aggregate them"
    ) in done.stderr


def test_what_is_found_is_written_as_what_is_expected(tmp_path):
    need_tool("promtool")
    (tmp_path / "mine.yaml").write_text(OWN.replace("total: 3600", "total: 1234567"))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert 'total: expected 1234567, found {queue="mail"} 3600\n' in done.stderr


@pytest.mark.parametrize("series", ["often", "0+1x200000"])
def test_a_series_that_cannot_be_tried_is_a_mistake_of_the_preset(tmp_path, series):
    need_tool("promtool")
    (tmp_path / "mine.yaml").write_text(OWN.replace("0+60x120", series))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert "1 mistake in the preset ./mine.yaml\n" in done.stderr
    assert "then run `sresnap presets test ./mine.yaml`" in done.stderr


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("counted, selector: 'jobs_t", "conted, selector: 'jobs_t"), ":6: queries.total.form: expected a form"),
        (("{kind: labels,", "{kind: lables,"), ":4: parameters.identity.kind: expected "),
        ((OWN, ""), ": expected a mapping of keys to values, found an empty file\n"),
        (("series: {'jobs_total{queue=\"mail\"}': 0+60x120}", "series: {}"),
         ":12: tests[0].series: expected at least one, found an empty mapping"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_preset_names_the_preset_and_the_command_that_reads_it_again(tmp_path, change, found):
    (tmp_path / "mine.yaml").write_text(OWN.replace(*change))
    for command in ("show", "test"):
        done = run_here("presets", command, "./mine.yaml", cwd=tmp_path)
        assert done.returncode == 2
        assert "1 mistake in the preset ./mine.yaml\n" in done.stderr
        assert f"./mine.yaml{found}" in done.stderr
        assert "correct it, then run `sresnap presets test ./mine.yaml`" in done.stderr
        assert "sresnap init" not in done.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("expect: {total: 3600, request_rate: 1}", "expect: {bda: 1}"),
            "a test expects bda, and there is no such query",
        ),
        (
            ("expect: {total: 3600, request_rate: 1}", "expect: {good: 1}"),
            "a test expects good, and there is no such query",
        ),
        (("expect: {total: 3600, request_rate: 1}", "expect: {total: many}"), "tests[0].expect.total"),
        (("labels: {queue: mail}", "labels: {}"), "add the label to the test's `labels`"),
        (
            ("0+60x120", "often"),
            'mine.yaml:12: tests[0].series.jobs_total{queue="mail"}: expected a series and its samples as promtool',
        ),
        (
            ("0+60x120", "often"),
            'such as 0+54x120, found "often": unexpected identifier "often" in series values',
        ),
        (
            ('jobs_total{queue="mail"}\'', "jobs_total{queue='"),
            "tests[0].series.jobs_total{queue=: expected a series and its samples as promtool reads them",
        ),
        (("0+60x120", "0+1x100000000"), "tests[0].series: expected at most 100,000 samples in one test, found more"),
        (("tests:", "tsts:"), "mine.yaml has no `tests`"),
        (("{kind: labels,", "{kind: lables,"), "parameters.identity.kind"),
    ],
)
def test_a_test_that_cannot_be_run_is_reported_in_words(tmp_path, change, message):
    need_tool("promtool")
    (tmp_path / "mine.yaml").write_text(OWN.replace(*change))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_promtool_the_message_says_where_it_comes_from(tmp_path):
    done = run_here("presets", "test", "http", cwd=tmp_path, env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    assert "it comes with Prometheus" in done.stderr


def parts_of_the_page(fence: str) -> list[str]:
    return re.findall(fence, (ROOT / "docs/presets.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_whole_examples_of_the_documentation_are_configurations():
    examples = parts_of_the_page("^```yaml\n(.*?)^```")
    configs = [loads(text, "sresnap.yaml", {}, cwd=Path()) for text in examples]
    assert [config.provider for config in configs] == ["micrometer", "ingress-nginx", "istio"]
    assert all(service.slos for config in configs for service in config.services)


def test_the_preset_of_your_own_in_the_documentation_passes_the_tests_that_are_shown_with_it(tmp_path):
    need_tool("promtool")
    (declared,) = parts_of_the_page(r"^    parameters:\n      identity: \{kind.*?(?=^\S)")
    (tests,) = parts_of_the_page(r"^    tests:\n.*?(?=^\S)")
    (tmp_path / "mine.yaml").write_text(dedent(declared) + dedent(tests))
    done = run_here("presets", "test", "./mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "./mine.yaml: 3 of 3 checks passed\n")


def test_the_file_of_a_preset_lists_its_queries():
    assert preset_file("nginx", Path()).keys == ("availability", "request_rate")
