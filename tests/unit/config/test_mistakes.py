"""All mistakes are reported at once, each with file, line, key path and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sresnap.config import load, loads, source
from sresnap.errors import ConfigError, Mistake

ONE = "services: [{name: api, slo_target: 99.9}]\n"
TWO = "services:\n  - {name: api, slo_target: 99.9}\n  - {name: web, slo_target: 99.9}\n"


def mistakes(text: str, env: dict[str, str] | None = None, **options: str) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigError) as caught:
        loads(text, "sresnap.yaml", env or {}, cwd=Path("/nowhere"), **options)
    assert caught.value.exit_code == 2
    return caught.value.mistakes


def only(text: str, env: dict[str, str] | None = None, **options: str) -> Mistake:
    found = mistakes(text, env, **options)
    assert len(found) == 1, [str(mistake) for mistake in found]
    return found[0]


TABLE = [
    # text, line, path, part of what is expected, part of what was found, part of the suggestion
    (f"{ONE}titel: x", 2, "titel", "a known key", '"titel"', 'did you mean "title"?'),
    (
        "services:\n  - name: a\n    slo_target: 99\n    lables: {}",
        4,
        "services[0].lables",
        "labels",
        '"lables"',
        '"labels"',
    ),
    (f"{ONE}prometheus:\n  ur: x", 3, "prometheus.ur", "url", '"ur"', '"url"'),
    (f"{ONE}dora: {{repos: x}}", 2, "dora.repos", "repo", '"repos"', '"repo"'),
    (f"{ONE}archive: {{keep: {{dayly: 1d}}}}", 2, "archive.keep.dayly", "daily", '"dayly"', '"daily"'),
    (
        f"{ONE}provider: htp",
        2,
        "provider",
        "a preset (`sresnap presets list` shows them)",
        '"htp"',
        'did you mean "http"?',
    ),
    (f"{ONE}provider: ./none.yaml", 2, "provider", "file to read", "no such file", None),
    (f"{ONE}queries:\n  saturatoin: x", 3, "queries.saturatoin", "saturation", '"saturatoin"', '"saturation"'),
    (
        f"{ONE}queries:\n  total: {{by: service, form: countd, selector: x}}",
        3,
        "queries.total.form",
        "counted",
        '"countd"',
        '"counted"',
    ),
    (f"{ONE}queries: {{total: {{by: service}}}}", 2, "queries.total", "either `promql`", "a mapping", None),
    (f"{ONE}queries: {{total: 5}}", 2, "queries.total", "text", "5", None),
    (f"{ONE}default_service: apo", 2, "default_service", "the name of a service: api", '"apo"', 'did you mean "api"?'),
    ("services: []", 1, "services", "at least one", "an empty list", None),
    ("title: x", None, "services", "at least one service", "nothing", "services: ["),
    ("title: x\nservices:\n", 2, "services", "at least one service", "nothing", "services: ["),
    ("services: 5", 1, "services", "a list", "5", None),
    ("services: [5]", 1, "services[0]", "a mapping", "5", None),
    ("services:\n  - slo_target: 99", 2, "services[0].name", "the key name", "nothing", None),
    ("services:\n  - {name: '', slo_target: 99}", 2, "services[0].name", "text", '""', None),
    ("services:\n  - name: api", 2, "services[0]", "`slo_target` or `slos`", "neither", "slo_target: 99.9"),
    (
        "services:\n  - {name: api, slo_target: 99, slos: [{name: a, objective: 99}]}",
        2,
        "services[0]",
        "either",
        "both",
        "keep one",
    ),
    ("services:\n  - {name: api, slos: []}", 2, "services[0].slos", "at least one", "an empty list", None),
    (
        "services:\n- name: api\n  slos:\n  - {name: a, objective: 99}\n  - {name: a, objective: 98}",
        5,
        "services[0].slos[1].name",
        "no other objective",
        '"a" again',
        "rename",
    ),
    (f"{TWO}  - {{name: api, slo_target: 9}}", 4, "services[2].name", "no other service", "services[0]", "rename"),
    (f"{ONE}title: a\ntitle: b", 3, "title", "once", "line 2", "remove"),
    ("services: [{name: a, slo_target: 99, name: b}]", 1, "services[0].name", "once", "line 1", "remove"),
    (
        "services:\n- name: a\n  slo_target: 99\n  labels:\n    x: [1]",
        5,
        "services[0].labels.x",
        "text",
        "a list",
        None,
    ),
    (
        "services:\n- name: a\n  slo_target: 99\n  labels:\n    x: {y: 1}",
        5,
        "services[0].labels.x",
        "text",
        "a mapping",
        None,
    ),
    ("services:\n- name: a\n  slo_target: 99\n  labels:\n    x:", 5, "services[0].labels.x", "text", "nothing", None),
    (f"{ONE}favicon: no", 2, "favicon", "text", "false", 'write it in quotes: "no"'),
    (f"{ONE}favicon: 2026", 2, "favicon", "text", "2026", 'write it in quotes: "2026"'),
    (f"{ONE}queries: {{saturation: 0.5}}", 2, "queries.saturation", "text", "0.5", 'write it in quotes: "0.5"'),
    (f"{ONE}timezone: Europe/Berln", 2, "timezone", "IANA", '"Europe/Berln"', '"Europe/Berlin"'),
    (f"{ONE}timezone: ../../etc/passwd", 2, "timezone", "IANA", '"../../etc/passwd"', None),
    (f"{ONE}timezone: {'a/' * 300}x", 2, "timezone", "IANA", '"a/a/', None),
    (f"{ONE}timezone: Europe", 2, "timezone", "IANA", '"Europe"', None),
    (f"{ONE}window: 36h", 2, "window", "whole days", '"36h"', None),
    (f"{ONE}window: 28", 2, "window", "whole days", "28", "write the unit"),
    (f"{ONE}step: 30s", 2, "step", "minutes or hours", '"30s"', None),
    (f"{ONE}schedule: often", 2, "schedule", "a duration", '"often"', None),
    (f"{ONE}accent: '#12345'", 2, "accent", "#rrggbb", '"#12345"', "quotes"),
    (f"{ONE}accent: blue", 2, "accent", "#rrggbb", '"blue"', "quotes"),
    (f"{ONE}latency_unit: ms", 2, "latency_unit", "seconds or milliseconds", '"ms"', '"milliseconds"'),
    (f"{ONE}latency_unit: second", 2, "latency_unit", "seconds or milliseconds", '"second"', '"seconds"'),
    (f"{ONE}prometheus: {{dialect: metricql}}", 2, "prometheus.dialect", "metricsql", '"metricql"', '"metricsql"'),
    (f"{ONE}prometheus: {{concurrency: 0}}", 2, "prometheus.concurrency", "at least 1", "0", None),
    (f"{ONE}prometheus: {{timeout: 30}}", 2, "prometheus.timeout", "a duration", "30", '"30s"'),
    (f"{ONE}prometheus: {{ca_file: none.pem}}", 2, "prometheus.ca_file", "a file", "no such file", None),
    (f"{ONE}prometheus: {{headers: {{'a b': x}}}}", 2, "prometheus.headers.a b", "header's name", "cannot", None),
    (
        f"{ONE}prometheus: {{headers: {{authorization: Bearer geheim}}}}",
        2,
        "prometheus.headers.authorization",
        "must not hold a secret",
        "a plain value",
        None,
    ),
    (
        f"{ONE}prometheus: {{bearer_token: geheim}}",
        2,
        "prometheus.bearer_token",
        "a known key",
        "key",
        "bearer_token_env",
    ),
    (
        f"{ONE}prometheus: {{basic_auth: {{username: me, password: geheim}}}}",
        2,
        "prometheus.basic_auth.password",
        "a known key",
        "key",
        "password_file",
    ),
    (
        f"{ONE}prometheus: {{bearer_token_env: PROM_TOKEN}}",
        2,
        "prometheus.bearer_token_env",
        "PROM_TOKEN",
        "noth",
        None,
    ),
    (
        f"{ONE}prometheus: {{bearer_token_file: none}}",
        2,
        "prometheus.bearer_token_file",
        "secret",
        "no such file",
        None,
    ),
    (f"{ONE}archive: {{max_bytes: lots}}", 2, "archive.max_bytes", "a size", '"lots"', None),
    (f"{ONE}archive: {{max_bytes: 0}}", 2, "archive.max_bytes", "a size", "0", "null for no bound"),
    (f"{ONE}archive: {{max_bytes: .inf}}", 2, "archive.max_bytes", "a size", "inf", "null for no bound"),
    (f"{ONE}archive: {{max_bytes: 1}}", 2, "archive.max_bytes", "at least 5MB", "1", "null for no bound"),
    (f"{ONE}archive: {{max_bytes: 1KB}}", 2, "archive.max_bytes", "at least 5MB", '"1KB"', "null for no bound"),
    (f"{ONE}archive: {{keep: {{every: 0}}}}", 2, "archive.keep.every", "or null", "0", "null switches"),
    (f"{ONE}archive: {{keep: {{every: 0s}}}}", 2, "archive.keep.every", "or null", '"0s"', "null switches"),
    (f"{ONE}archive: {{keep: {{every: .inf}}}}", 2, "archive.keep.every", "up to 3660d", "inf", "null switches"),
    (
        f"{ONE}archive: {{keep: {{daily: 90}}}}",
        2,
        "archive.keep.daily",
        "90d",
        "90",
        '"90h" for hours, "90d" for days',
    ),
    (
        "services:\n- name: a\n  slos:\n  - {name: l, objective: 99, latency_threshold: 300}",
        4,
        "services[0].slos[0].latency_threshold",
        "300ms",
        "300",
        "write the unit",
    ),
    (
        "queries: {latency_good: null}\nservices:\n- name: a\n  slos: [{name: l, objective: 9, latency_threshold: 1s}]",
        4,
        "services[0].slos[0].latency_threshold",
        "latency_good",
        "no such query",
        "add latency_good",
    ),
    (
        "provider: custom\nqueries: {saturation: x}\n" + ONE,
        2,
        "queries",
        "`total` with `good` or `bad`, or `availability`",
        "no such query",
        None,
    ),
    (
        f"{ONE}queries: {{saturation: '{{service.upper}}'}}",
        2,
        "queries.saturation",
        "can be filled",
        "{service.upper} is not a placeholder",
        None,
    ),
    (
        f"{ONE}queries: {{saturation: 'x{{a=\"b\"}}'}}",
        2,
        "queries.saturation",
        "can be filled",
        "write a literal brace twice",
        None,
    ),
    (f"{ONE}schedule: {'9' * 400}ms", 2, "schedule", "a duration from 1m to 31d", '"999', None),
    (f"{ONE}schedule: {'9' * 400}s", 2, "schedule", "a duration from 1m to 31d", '"999', None),
    (f"{ONE}schedule: {'9' * 400}s1ms", 2, "schedule", "a duration from 1m to 31d", '"999', None),
    (
        f"services:\n- name: a\n  slos:\n  - {{name: l, objective: 99, latency_threshold: {'9' * 400}ms}}",
        4,
        "services[0].slos[0].latency_threshold",
        "a duration from 1us to 1h",
        '"999',
        None,
    ),
    (f"services: [{{name: a, slo_target: 9, weight: {'9' * 400}}}]", 1, "services[0].weight", "above 0", "999", None),
    *(
        (
            f"services: [{{name: a, slos: [{{name: l, objective: 9, kind: timeslices, slice: {{length: {it}}}}}]}}]",
            1,
            "services[0].slos[0].slice.length",
            "whole seconds that divide 5m",
            f'"{it}"',
            None,
        )
        for it in ("37s500ms", "42s", "29s", "301s", f"{'9' * 40}s")
    ),
    (f"{ONE}queries: {{saturation: 'sum('}}", 2, "queries.saturation", "PromQL", "unclosed", "metricsql"),
    (f"{ONE}queries: {{saturation: 'max(x @ end())'}}", 2, "queries.saturation", "without `@`", "`@ end()`", "remove"),
    (
        f"{ONE}queries: {{total: 'sum(increase(x[{{window}}] @ start()))'}}",
        2,
        "queries.total",
        "belongs to its own hour",
        "every hour of the report has the number of one moment",
        "remove it",
    ),
    (
        f"{ONE}queries: {{availability: 'avg_over_time((max(up @ 1700000000) > bool 0)[{{within}}:1m])'}}",
        2,
        "queries.availability",
        "without `@`",
        "`@ 1700000000.0`",
        "remove it",
    ),
    (
        f"{ONE}prometheus: {{dialect: metricsql}}\nqueries: {{saturation: 'max(x @ end())'}}",
        3,
        "queries.saturation",
        "without `@`",
        "`@ end()`",
        "remove it",
    ),
    (
        f"{ONE}queries: {{saturation: {{by: service, promql: 'x{{{{a=\"{{service}}\"}}}}'}}}}",
        2,
        "queries.saturation",
        "can be filled",
        "regex matcher",
        None,
    ),
    (
        f"{ONE}queries: {{total: 'increase(x[1h])'}}",
        2,
        "queries.total",
        "{window}, because",
        "no {window}",
        "write [{window}]",
    ),
    ("services:\n  - name: a\n   slo: 1", 3, "", "valid YAML", "a syntax error", None),
    ("a: 'x", 1, "", "valid YAML", "a syntax error", None),
    ("title: !!python/object:os.system x", 1, "", "plain YAML", "python/object", None),
    ("a: \x01", 1, "", "valid YAML", "U+0001", None),
    ("", None, "", "a mapping", "an empty file", "sresnap init"),
    ("# nothing\n", None, "", "a mapping", "an empty file", "sresnap init"),
    ("- a\n- b", 1, "", "a mapping", "a list", None),
    ("just text", 1, "", "a mapping", "a single value", None),
    ("services: &a [*a]", 1, "", "a value", "contains it", None),
    ("{a: b}: c", 1, "", "a key that is text", "mapping as a key", "quote"),
]


@pytest.mark.parametrize(("text", "line", "path", "expected", "found", "suggestion"), TABLE)
def test_a_mistake_names_line_path_expectation_and_suggestion(
    text: str, line: int | None, path: str, expected: str, found: str, suggestion: str | None
) -> None:
    mistake = only(text)
    assert (mistake.file, mistake.line, mistake.path) == ("sresnap.yaml", line, path)
    assert expected in mistake.expected
    assert found in mistake.found
    assert (suggestion or "") in (mistake.suggestion or "")
    assert "geheim" not in str(mistake)


@pytest.mark.parametrize(
    ("target", "suggestion"),
    [
        ("0", None),
        ("100", "no error budget"),
        ("120", None),
        ("-5", None),
        (".nan", None),
        ("true", None),
        ("high", None),
        ("'99.5'", "write 99.5"),
        ("99.5%", "write 99.5"),
        ("0.995", "write 99.5"),
        ("[99]", None),
    ],
)
def test_a_target_is_a_percentage_between_0_and_100(target: str, suggestion: str | None) -> None:
    for key in ("slo_target: ", "slos: [{name: a, objective: "):
        close = "}]" if "slos" in key else ""
        mistake = only(f"services:\n- name: api\n  {key}{target}{close}")
        assert mistake.line == 3
        assert mistake.path in {"services[0].slo_target", "services[0].slos[0].objective"}
        assert mistake.expected == "a percentage above 0 and below 100, such as 99.9"
        assert (suggestion or "") in (mistake.suggestion or "")


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = """\
provider: htp
default_service: apo
prometheus: {url: 'ftp://x', timeuot: 3s}
queries: {saturatoin: x}
services:
  - {name: api, slo_target: 120}
  - {slo_target: 99}
  - {name: api, slo_target: 99, labels: {x: []}}
"""
    found = mistakes(text, {"SRE_WINDOW": "5h"})
    assert [(mistake.line, mistake.path or mistake.file) for mistake in found] == [
        (1, "provider"),
        (2, "default_service"),
        (3, "prometheus.timeuot"),
        (3, "prometheus.url"),
        (4, "queries.saturatoin"),
        (6, "services[0].slo_target"),
        (7, "services[1].name"),
        (8, "services[2].labels.x"),
        (8, "services[2].name"),
        (None, "SRE_WINDOW"),
    ]


def test_a_missing_label_names_the_queries_and_both_ways_out() -> None:
    text = "provider: traefik\nservices:\n- name: shop\n  slo_target: 99\n  labels: {contaner: x}\n"
    mistake = only(text)
    assert (mistake.line, mistake.path) == (5, "services[0].labels.container")
    assert mistake.expected == (
        'the label "container", which the queries saturation, cap_container_cpu, cap_container_mem need'
    )
    assert mistake.found == "only service, contaner"
    assert mistake.suggestion == (
        'did you mean "contaner"? Otherwise add the label, or switch the queries off with '
        "`queries: {saturation: null, cap_container_cpu: null, cap_container_mem: null}`"
    )


def test_queries_that_are_switched_off_or_not_used_need_no_label() -> None:
    loads(
        "provider: traefik\nqueries: {saturation: null, cap_container_cpu: null, cap_container_mem: null,"
        " latency_good: 'increase(x{{c=\"{container}\"}}[{window}])'}\n" + ONE,
        "sresnap.yaml",
        {},
        cwd=Path(),
    )


def test_several_thresholds_need_a_threshold_in_the_query() -> None:
    text = """\
queries: {latency_good: 'increase(x{{le="0.3"}}[{window}])'}
services:
  - name: a
    slos: [{name: f, objective: 9, latency_threshold: 300ms}, {name: s, objective: 9, latency_threshold: 1s}]
"""
    assert only(text).expected.startswith("{threshold}, because")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SRE_WINDOW", "5h", "whole days"),
        ("SRE_WINDOW", "0d", "whole days"),
        ("SRE_STEP", "5s", "minutes or hours"),
        ("SRE_STEP", "1h30m", "minutes or hours"),
        ("SRE_TIMEZONE", "Mars/Olympus", "IANA"),
        ("SRE_ACCENT", "red", "#rrggbb"),
        ("PROMETHEUS_URL", "localhost:9090", "http://"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(name: str, value: str, expected: str) -> None:
    mistake = only(ONE, {name: value})
    assert (mistake.file, mistake.line, mistake.path) == (name, None, "")
    assert expected in mistake.expected


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("localhost:9090", "no http://"),
        ("ftp://host", '"ftp"'),
        ("http://", "no host"),
        ("http://host:99999", "broken host or port"),
        ("http://[::1", "broken host or port"),
        ("http://xn--/", "not a valid name"),
        ("http://\u2488/", "not a valid name"),
        ("http://me:geheim@host/?x=1", "a query"),
        ("http://me:geheim@host/#x", "a query or a fragment"),
        ("http://me:ge heim@host", "a space"),
        ("http://me:12/geheim@host", "an @ in the path"),
    ],
)
def test_a_url_is_checked_and_its_password_is_never_shown(url: str, found: str) -> None:
    for mistake in (
        only(ONE + f"prometheus: {{url: '{url}'}}"),
        only(ONE, {"PROMETHEUS_URL": url}),
        only(ONE, prometheus_url=url),
    ):
        assert mistake.file in {"sresnap.yaml", "PROMETHEUS_URL", "--prometheus-url"}
        assert found in mistake.found
        assert "heim" not in str(mistake)


def test_two_ways_to_log_in_are_a_mistake() -> None:
    text = f"{ONE}prometheus: {{bearer_token_env: T, basic_auth: {{username: a, password_env: T}}}}"
    assert only(text, {"T": "x"}).expected == "one way to log in"


def test_a_token_in_place_of_a_variables_name_is_not_shown() -> None:
    assert "ghp_geheim" not in str(only(f"{ONE}prometheus: {{bearer_token_env: ghp_geheim}}"))


def test_a_secret_with_a_line_break_is_refused_and_not_shown() -> None:
    mistake = only(f"{ONE}prometheus: {{bearer_token_env: T}}", {"T": "geheim\r\nX-Admin: 1"})
    assert "one line" in mistake.expected
    assert "geheim" not in str(mistake)


def test_an_empty_secret_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    (tmp_path / "sre.yaml").write_text(f"{ONE}prometheus: {{bearer_token_file: token}}")
    with pytest.raises(ConfigError, match="an empty file"):
        load(tmp_path / "sre.yaml", {}, cwd=tmp_path)


def test_a_mistake_in_a_users_preset_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\nqueries:\n  total: 'sum('\n  bda: x\n")
    (tmp_path / "sre.yaml").write_text(f"provider: ./mine.yaml\n{ONE}")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "sre.yaml", {}, cwd=tmp_path)
    places = {(mistake.file, mistake.line, mistake.path) for mistake in caught.value.mistakes}
    assert {("./mine.yaml", 4, "queries.bda"), ("./mine.yaml", 3, "queries.total")} <= places


@pytest.mark.parametrize(("name", "found"), [("none.yaml", "no such file"), (".", "a folder")])
def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(Path(name), {}, cwd=tmp_path)
    assert caught.value.mistakes[0].file == name
    assert found in caught.value.mistakes[0].found


def test_a_missing_file_that_the_variable_names_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SRE_CONFIG_FILE names it"):
        load(None, {"SRE_CONFIG_FILE": "none.yaml"}, cwd=tmp_path)


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "sre.yaml").write_bytes(b"title: a\ntimezone: \xff\n")
    with pytest.raises(ConfigError) as caught:
        load(None, {}, cwd=tmp_path)
    assert (caught.value.mistakes[0].line, caught.value.mistakes[0].found) == (2, "the byte 0xff")


@pytest.fixture
def few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may have fewer values than usual: the bombs below need not be as large."""
    monkeypatch.setattr(source, "MOST_NODES", 2_000)


@pytest.mark.usefixtures("few_values")
def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    rows = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10))
    assert "aliases of aliases" in only(f"a0: &a0 [x]\n{rows}").found


@pytest.mark.usefixtures("few_values")
def test_merges_of_merges_do_not_fill_the_memory() -> None:
    rows = "\n".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}" for i in range(1, 10))
    assert "aliases of aliases" in only(f"a0: &a0 {{x: y}}\n{rows}").found


def test_hundreds_of_levels_are_refused() -> None:
    assert "nested" in only("a: " + "[" * 600 + "]" * 600).expected


def test_the_message_lists_every_mistake_with_its_place() -> None:
    with pytest.raises(ConfigError) as caught:
        loads(f"{ONE}titel: x", "sresnap.yaml", {}, cwd=Path())
    assert str(caught.value).startswith("1 mistake in the configuration\n  sresnap.yaml:2: titel: expected a known key")
    assert str(caught.value).endswith('found the unknown key "titel"\n    did you mean "title"?')


def test_a_value_of_several_lines_is_shown_in_one() -> None:
    assert only(f"{ONE}accent: |\n  a\n  b\n").found == '"a b"'


def test_a_long_query_is_not_shown_in_full() -> None:
    rows = "".join(f"- {{name: s{i}, slo_target: 99}}\n" for i in range(200))
    query = """{by: service, promql: 'sum(x{{s=~"{service}"}}'}"""
    assert len(only(f"queries: {{saturation: {query}}}\nservices:\n{rows}").found) < 400
