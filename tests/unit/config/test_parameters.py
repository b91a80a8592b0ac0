"""Parameters make one preset fit many sources; each mistake names its line and what would be right."""

from pathlib import Path

import pytest

from sresnap.config import load, loads
from sresnap.config.preset_files import preset_file
from sresnap.config.presets import preset_names
from sresnap.errors import ConfigError

ONE = "services: [{name: api, slo_target: 99, labels: {namespace: shop, ingress: web}}]\n"
SLOW = "services: [{name: api, slos: [{name: latency, objective: 99, latency_threshold: 300ms}]}]\n"


def config(text):
    return loads(text, "sresnap.yaml", {}, cwd=Path("/"))


def mistakes(text):
    with pytest.raises(ConfigError) as caught:
        config(text)
    return [(m.line, m.path, m.expected, m.found, m.suggestion) for m in caught.value.mistakes]


def test_the_generic_preset_reads_a_histogram_of_another_name_with_another_code():
    loaded = config(
        "parameters: {identity: job, total: http_server_seconds_count, duration: http_server_seconds, code: status,"
        f" bad: '5..|0', matchers: 'env=\"prod\"'}}\n{ONE}"
    )
    assert loaded.templates["bad"].raw == ('http_server_seconds_count{{job=~"{job}", status=~"5..|0", env="prod"}}')
    assert loaded.templates["bad"].by == ("job",)
    assert loaded.templates["latency_p99"].promql == (
        "histogram_quantile(0.99, sum by (job, le) "
        '(rate(http_server_seconds_bucket{{job=~"{job}", env="prod"}}[{rate}])))'
    )


def test_an_identity_of_one_label_has_the_name_of_the_service_and_one_of_two_is_given():
    assert config(f"parameters: {{identity: job}}\n{ONE}").services[0].labels["job"] == "api"
    named = ONE.replace("namespace: shop", "service: x, job: y")
    assert config(f"parameters: {{identity: job}}\n{named}").services[0].labels["job"] == "y"
    assert config(f"parameters: {{identity: app}}\n{named}").services[0].labels["app"] == "x"
    two = config(f"parameters: {{identity: [namespace, ingress]}}\n{ONE}")
    assert two.templates["total"].by == ("namespace", "ingress")
    ((line, path, expected, *_),) = mistakes(f"parameters: {{identity: [namespace, host]}}\n{ONE}")
    assert (line, path) == (2, "services[0].labels.host")
    assert 'the label "host", which the queries total, bad, request_rate' in expected


@pytest.mark.parametrize(
    ("given", "path", "expected", "found", "suggestion"),
    [
        ("kode: status", "kode", "a parameter of http: identity, total, code, bad, duration, matchers, unit",
         'the unknown parameter "kode"', 'did you mean "code"?'),
        ("code: status code", "code", "a label name: letters, digits and _, not a digit first", '"status code"', None),
        ("code: [a, b]", "code", "one label", "a list", None),
        ("total: http requests", "total", "a metric's name: letters, digits, _ and :, not a digit first",
         '"http requests"', None),
        ("bad: '5(..'", "bad", "a regular expression as Prometheus reads it (RE2), such as 5..", '"5(.."', None),
        ("bad: '(?=5)'", "bad", "a regular expression as Prometheus reads it (RE2), such as 5..", '"(?=5)"', None),
        ("bad: 'x**'", "bad", "a regular expression as Prometheus reads it (RE2), such as 5..", '"x**"', None),
        ("bad: 'x{1001}'", "bad", "a regular expression as Prometheus reads it (RE2), such as 5..", '"x{1001}"', None),
        ("matchers: 'env=~\"x*+\"'", "matchers",
         'matchers, such as env="prod", region=~"eu-.+", with regular expressions as Prometheus reads them (RE2)',
         '"env=~"x*+""', None),
        ("identity: slo", "identity", 'labels that can select a service: "slo" is a placeholder of its own', '"slo"',
         "use another label, or give it another name with relabelling"),
        ("identity: [job, le]", "identity", 'labels that can select a service: "le" is of each series itself', "a list",
         "use another label, or give it another name with relabelling"),
        ("matchers: 'env=prod'", "matchers", 'matchers, such as env="prod", region=~"eu-.+"', '"env=prod"', None),
        ("matchers: 'a=\"b\"}) or up{c=\"d\"'", "matchers", 'matchers, such as env="prod", region=~"eu-.+"',
         '"a="b"}) or up{c="d""', None),
        ("identity: [job, job]", "identity",
         "a label name: letters, digits and _, not a digit first; or a list of different ones", "a list", None),
        ("unit: ms", "unit", "a unit: seconds, milliseconds", '"ms"', 'did you mean "milliseconds"?'),
        ("unit: millisecond", "unit", "a unit: seconds, milliseconds", '"millisecond"', 'did you mean "milliseconds"?'),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_a_mistake_with_its_line(given, path, expected, found, suggestion):
    text = f"title: x\nparameters:\n  {given}\n{ONE}"
    assert mistakes(text) == [(3, f"parameters.{path}", expected, found, suggestion)]


def test_a_number_and_a_duration_stand_outside_of_strings(tmp_path):
    """A duration is there in seconds, too. Neither is a text of a matcher."""
    (tmp_path / "mine.yaml").write_text(
        "parameters:\n"
        "  most: {kind: number, default: 0.5, about: The most.}\n"
        "  period: {kind: duration, default: 1m30s, about: A period.}\n"
        "queries:\n"
        "  availability: 'avg_over_time((x <= bool {most})[{window}:{period}]) + 0 * {period_seconds}'\n",
        "utf-8",
    )
    services = "services: [{name: api, slo_target: 99}]\nprovider: mine.yaml\n"
    loaded = loads(services, "sresnap.yaml", {}, cwd=tmp_path)
    expected = "avg_over_time((x <= bool 0.5)[{window}:90s]) + 0 * 90"
    assert loaded.templates["availability"].promql == expected
    loaded = loads(f"{services}parameters: {{most: 10, period: 2h}}\n", "sresnap.yaml", {}, cwd=tmp_path)
    expected = "avg_over_time((x <= bool 10)[{window}:2h]) + 0 * 7200"
    assert loaded.templates["availability"].promql == expected
    broken = (tmp_path / "mine.yaml").read_text("utf-8").replace("x <=", 'x{{a="{most}"}} <=')
    (tmp_path / "mine.yaml").write_text(broken, "utf-8")
    with pytest.raises(ConfigError) as caught:
        loads(services, "sresnap.yaml", {}, cwd=tmp_path)
    assert caught.value.mistakes[-1].found == "{most} stands where no number can be"


@pytest.mark.parametrize(
    ("preset", "given", "expected"),
    [
        ("kafka", "most_lag: many", "a number that is not negative, such as 1000 or 0.5"),
        ("kafka", "most_lag: -1", "a number that is not negative, such as 1000 or 0.5"),
        ("kafka", "most_lag: 1e3", "a number that is not negative, such as 1000 or 0.5"),
        ("kafka", "most_lag: '1) or vector(1'", "a number that is not negative, such as 1000 or 0.5"),
        ("kafka", "most_lag: .inf", "a number that is not negative, such as 1000 or 0.5"),
        ("aws-alb", "period: 60", "one of 1m, 5m"),
        ("./of_a_user.yaml", "span: 60", "a duration of whole seconds, at most a day: 30s, 1m, 5m"),
        ("./of_a_user.yaml", "span: 1500ms", "a duration of whole seconds, at most a day: 30s, 1m, 5m"),
        ("./of_a_user.yaml", "span: 2d", "a duration of whole seconds, at most a day: 30s, 1m, 5m"),
    ],
)
def test_what_is_not_a_number_or_a_duration_is_a_mistake(tmp_path, preset, given, expected):
    (tmp_path / "of_a_user.yaml").write_text(
        "parameters: {span: {kind: duration, about: A span.}}\nqueries: {availability: 'x[{window}:{span}]'}\n", "utf-8"
    )
    text = f"services: [{{name: api, slo_target: 99}}]\nprovider: {preset}\nparameters: {{{given}}}\n"
    with pytest.raises(ConfigError) as caught:
        loads(text, "sresnap.yaml", {}, cwd=tmp_path)
    mistake = caught.value.mistakes[0]
    assert (mistake.line, mistake.path, mistake.expected) == (3, f"parameters.{given.split(':')[0]}", expected)


@pytest.mark.parametrize("name", ["slo", "window", "rate", "within", "threshold", "le", "__name__"])
def test_no_label_with_the_name_of_a_placeholder_can_be_an_identity(name):
    ((_, path, expected, *_),) = mistakes(f"parameters: {{identity: {name}}}\n{ONE}")
    assert path == "parameters.identity"
    assert f'"{name}" is ' in expected


def test_a_label_of_a_service_with_the_name_of_a_placeholder_is_a_mistake_where_a_query_has_it():
    query = "queries: {availability: {by: slo, promql: 'avg by (slo) (x{{slo=~\"{slo}\"}})'}}\nprovider: custom\n"
    ((line, path, expected, *_),) = mistakes(f"{query}services: [{{name: api, slo_target: 99, labels: {{slo: a}}}}]")
    assert (line, path) == (3, "services[0].labels.slo")
    assert "{slo} is filled with something else" in expected


def test_an_empty_value_of_an_identity_is_a_mistake_with_its_place():
    text = f"parameters: {{identity: [namespace, ingress]}}\n{ONE.replace('shop', repr(''))}"
    assert mistakes(text) == [
        (2, "services[0].labels.namespace", 'the value that the label "namespace" has in the series of api', '""',
         "give the value, or leave namespace out of `by` and of the parameter `identity`")
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["|\n    5..", '"5\\t"', '"5\\e"'])
def test_a_regular_expression_with_a_line_break_or_a_control_character_is_a_mistake(text):
    ((_, path, expected, _, suggestion),) = mistakes(f"parameters:\n  bad: {text}\n{ONE}")
    assert (path, expected) == (
        "parameters.bad", "a regular expression as Prometheus reads it (RE2), such as 5.., in one line"
    )  # fmt: skip
    assert (suggestion is not None) is text.startswith("|")


def test_what_re2_refuses_in_a_query_of_ones_own_is_a_mistake():
    query = "queries: {availability: 'avg(x{code=~\"5++\"})'}".replace("{code", "{{code").replace('"})', '"}})')
    ((_, path, _, found, _),) = mistakes(f"provider: custom\n{query}\n{ONE}")
    assert path == "queries.availability"
    assert found.startswith("RE2 says: bad repetition operator: ++, in ")


def test_a_number_is_read_as_it_is_written():
    assert config(f"parameters: {{bad: 500}}\n{ONE}").templates["bad"].raw.endswith('code=~"500"}}')


def test_a_provider_without_parameters_says_so():
    found = mistakes(f"provider: custom\nparameters: {{code: status}}\nqueries: {{availability: 'up'}}\n{ONE}")
    assert found[0][1:4] == ("parameters.code", "no parameters: custom has none", 'the unknown parameter "code"')
    found = mistakes(f"provider: recorded\nparameters: {{code: status}}\n{ONE}")
    assert found[0][2] == "no parameters: recorded has none"


MINE = """
name: mine
parameters:
  identity: {kind: labels, default: [namespace, app], about: The labels of a service.}
  metric: {kind: metric, about: Counts events.}
  reporter: {kind: value, default: destination, choices: [source, destination], about: Who counts.}
queries:
  total: {by: '{identity}', form: counted, selector: '{metric}{{{identity}, reporter="{reporter}"}}'}
  bad: {by: '{identity}', form: counted, selector: '{metric}{{{identity}, reporter="{reporter}", ok="0"}}'}
"""


def own(tmp_path, preset, text):
    (tmp_path / "mine.yaml").write_text(preset)
    (tmp_path / "sresnap.yaml").write_text(f"provider: mine.yaml\n{text}")
    return load(tmp_path / "sresnap.yaml", {}, cwd=Path("/"))


def test_a_preset_of_ones_own_declares_parameters(tmp_path):
    services = "services: [{name: api, slo_target: 99, labels: {namespace: n, app: a}}]"
    loaded = own(tmp_path, MINE, f"parameters: {{metric: jobs_total}}\n{services}")
    assert loaded.templates["total"].raw == (
        'jobs_total{{namespace=~"{namespace}", app=~"{app}", reporter="destination"}}'
    )
    assert loaded.templates["total"].origin == "mine.yaml:8"


def test_a_parameter_without_a_default_has_to_be_set_and_a_choice_is_one_of_them(tmp_path):
    services = "services: [{name: api, slo_target: 99, labels: {namespace: n, app: a}}]"
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, MINE, services)
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line, mistake.path) == (str(tmp_path / "sresnap.yaml"), 1, "provider")
    assert (mistake.expected, mistake.found) == ("the parameter metric, which mine.yaml has no default for", "nothing")
    assert mistake.suggestion == "add `parameters: {metric: …}`. It says: Counts events."
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, MINE, f"parameters: {{reporter: source}}\n{services}")
    assert [(one.line, one.path) for one in caught.value.mistakes] == [(2, "parameters.metric")]
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, MINE, f"parameters: {{metric: m, reporter: sink}}\n{services}")
    assert "parameters.reporter: expected one of source, destination, found " in str(caught.value)


def test_labels_that_have_to_be_set_are_the_only_mistake(tmp_path):
    """While the rest is checked, a label that every service has takes their place."""
    preset = MINE.replace("default: [namespace, app], ", "").replace("{kind: metric,", "{kind: metric, default: x,")
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, preset, "services: [{name: api, slo_target: 99}]")
    assert [(one.path, one.expected) for one in caught.value.mistakes] == [
        ("provider", "the parameter identity, which mine.yaml has no default for")
    ]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: metric,", "kind: metrics,", "mine.yaml:5: parameters.metric.kind: expected "),
        ("  reporter: {", "  window: {kind: value, default: x, about: y}\n  reporter: {",
         "mine.yaml:6: parameters.window: expected a name that is not a placeholder of its own"),
        ("default: [namespace, app]", "default: namespace, choices: [namespace]",
         "mine.yaml:4: parameters.identity: expected no `choices` beside `kind: labels`"),
        ("default: [namespace, app]", "default: [a b]", "mine.yaml:4: parameters.identity.default: expected a label"),
        ('ok="0"', "ok={reporter}", "{reporter} stands where no value can be"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_preset_is_one_of_its_file(tmp_path, before, after, message):
    services = "services: [{name: api, slo_target: 99, labels: {namespace: n, app: a}}]"
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, MINE.replace(before, after), f"parameters: {{metric: m}}\n{services}")
    assert message in str(caught.value)


def test_a_threshold_is_in_the_unit_of_its_source_and_in_seconds_in_the_history():
    loaded = config(f"parameters: {{unit: milliseconds}}\n{SLOW}")
    ((key, part),) = [(k, s) for k, s in loaded.services[0].series.items() if k.role == "latency_good"]
    assert (str(key), part.variables["threshold"]) == ("latency_good@0.3", "300")
    ((key, part),) = [(k, s) for k, s in config(SLOW).services[0].series.items() if k.role == "latency_good"]
    assert (str(key), part.variables["threshold"]) == ("latency_good@0.3", "0.3")


@pytest.mark.parametrize(
    ("threshold", "written"), [("300ms", "300"), ("2.5s", "2500"), ("1s", "1000"), ("1.5ms", "1.5"), ("50us", "0.05")]
)
def test_a_threshold_in_milliseconds_is_written_as_a_bound_is(threshold, written):
    loaded = config(f"parameters: {{unit: milliseconds}}\n{SLOW.replace('300ms', threshold)}")
    assert [s.variables["threshold"] for k, s in loaded.services[0].series.items() if k.role == "latency_good"] == [
        written
    ]


def test_the_unit_of_a_query_of_ones_own_is_nearer_than_the_files_and_that_is_nearer_than_the_presets():
    def unit(text):
        found = config(f"{text}\n{ONE}").templates["latency_p99"].unit
        return None if found is None else found.value

    assert unit("") == "seconds"
    assert unit("parameters: {unit: milliseconds}") == "milliseconds"
    assert unit("latency_unit: milliseconds") == "milliseconds"
    own_query = "queries: {latency_p99: {promql: 'max(x)', unit: milliseconds}}"
    assert unit(f"latency_unit: seconds\n{own_query}") == "milliseconds"
    assert unit("latency_unit: milliseconds\nqueries: {latency_p99: 'max(x)'}") == "milliseconds"


ISTIO = (
    "services: [{name: api, slo_target: 99, labels: {destination_service_namespace: n, destination_service_name: s}}]"
)


@pytest.mark.parametrize(
    ("text", "provider"),
    [(f"provider: istio\n{ISTIO}\n", "istio"), (f"parameters: {{unit: milliseconds}}\n{ONE}", "http")],
)
def test_a_unit_of_the_file_that_its_preset_contradicts_is_a_mistake(text, provider):
    """Seconds over the milliseconds of Istio were a p99 of 247.5 s where 0.2475 s is right."""
    expected = f"milliseconds, the unit that `latency_p99` of {provider} has"
    assert mistakes(f"{text}latency_unit: seconds\n") == [
        (3, "latency_unit", expected, '"seconds"', "remove latency_unit")
    ]
    assert config(f"{text}latency_unit: milliseconds\n").templates["latency_p99"].unit == "milliseconds"
    own = config(f"{text}latency_unit: seconds\nqueries: {{latency_p99: 'max(x)'}}")
    assert own.templates["latency_p99"].per_second == 1


@pytest.mark.parametrize("preset", [name for name in preset_names() if name != "custom"])
def test_a_latency_of_ones_own_is_in_seconds_over_every_shipped_preset(preset):
    labels = ", ".join(f"{name}: x" for name in {"container", *shipped_identity(preset)})
    text = f"provider: {preset}\nservices:\n  - {{name: a, slo_target: 99, labels: {{{labels}}}}}\n"
    events = "total: 'sum(increase(t[{window}]))', bad: 'sum(increase(b[{window}]))'"
    assert config(f"{text}queries: {{{events}, latency_p99: 'max(x)'}}").templates["latency_p99"].unit != "milliseconds"


def shipped_identity(preset):
    default = preset_file(preset, Path()).parameters.get("identity")
    return () if default is None else [default.default] if isinstance(default.default, str) else default.default


@pytest.mark.parametrize("key", ["total", "request_rate", "availability", "cap_vps_cpu"])
def test_a_unit_of_what_is_not_a_latency_is_a_mistake(key):
    """The rules divided by it, the report did not."""
    query = "{promql: 'sum(increase(x[{window}]))', unit: milliseconds}"
    expected = "a unit only of latency_good and latency_p99: no other query has latencies"
    found = mistakes(f"{ONE}queries:\n  {key}: {query}\n")
    assert (3, f"queries.{key}.unit", expected, f"one of {key}", "remove it") in found


@pytest.mark.parametrize(
    ("query", "path", "expected"),
    [
        ("{form: summed, selector: x}", "queries.total", "`period`, which the form summed needs"),
        ("{form: summed, period: 7m, selector: x}", "queries.total.period",
         "whole seconds that divide 5m: 30s, 1m, 2m30s or 5m"),
        ("{form: counted, period: 1m, selector: x}", "queries.total.period",
         "no `period`: the form counted has none"),
        ("{promql: 'x[{window}]', period: 1m}", "queries.total", "`period` with `form` and `selector`"),
        ("{form: counted, selector: [x, x]}", "queries.total.selector", "a selector, or a list of different ones"),
        ("{form: state, selector: [x, y]}", "queries.total.selector",
         "one selector: the values of the form state do not add up"),
        ("{form: counted, selector: []}", "queries.total.selector", "a selector, or a list of different ones"),
    ],
)  # fmt: skip
def test_a_form_that_lacks_what_it_needs_is_a_mistake(query, path, expected):
    found = mistakes(f"queries: {{total: {query}, bad: 'sum(increase(b[{{window}}]))'}}\n{ONE}")
    assert (path, expected) in [(where, what) for _, where, what, *_ in found]
