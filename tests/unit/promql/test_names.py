"""Names with dots, which Prometheus 3 has: in parameters, queries, and everything that is made from a query."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sresnap import promql
from sresnap.config import loads
from sresnap.errors import ConfigError
from sresnap.model.query import Member
from sresnap.promql.names import hole_of, is_dotted, label_of, selector_text
from sresnap.promql.one_of_many import one_of_many
from sresnap.promql.reader import read
from sresnap.promql.selectors import metric_of, places
from sresnap.promql.tree import written

OTEL = """
parameters:
  identity: {}
  total: http.server.request.duration_count
  duration: http.server.request.duration
  code: http.response.status_code
services:
  - name: api
    slos:
      - {{name: availability, objective: 99}}
      - {{name: latency, objective: 99, latency_threshold: 300ms}}
    labels: {{service.name: 'a"b', service.namespace: shop}}
"""


def rendered(key: str, identity: str = "service.name") -> str:
    service = loads(OTEL.format(identity), "sresnap.yaml", {}, cwd=Path("/")).services[0]
    variables = {"window": "1h", "rate": "5m", "threshold": "0.3"}
    return promql.render_member(service.queries[key], Member("api", service.labels), variables)


def test_a_preset_selects_metrics_and_labels_with_dots() -> None:
    name = '__name__="http.server.request.duration_count"'
    assert rendered("request_rate") == (f'sum by ("service.name") (rate({{{name}, "service.name"=~"a\\"b"}}[5m]))')
    assert '"http.response.status_code"=~"5.."' in rendered("bad")
    assert '__name__="http.server.request.duration_bucket", "service.name"=~' in rendered("latency_good")
    assert 'sum by ("service.name", le)' in rendered("latency_p99")


def test_an_identity_of_two_labels_with_dots_has_the_values_of_the_service() -> None:
    text = rendered("request_rate", "[service.namespace, service.name]")
    assert '"service.namespace"=~"shop", "service.name"=~"a\\"b"' in text
    assert text.startswith('sum by ("service.namespace", "service.name")')


@pytest.mark.parametrize("key", ["total", "bad", "latency_good", "request_rate", "error_rate", "latency_p99"])
def test_every_query_with_dots_is_promql_and_can_be_written_again(key: str) -> None:
    text = rendered(key)
    assert promql.check_syntax(text) is None
    again = written(read(text), "")
    assert written(read(again), "") == again


def test_further_matchers_and_a_missing_label_have_dots_too() -> None:
    config = OTEL.replace("parameters:", 'parameters:\n  matchers: \'"deployment.environment"="prod"\'')
    loaded = loads(config.format("service.name"), "sresnap.yaml", {}, cwd=Path("/"))
    assert ', "deployment.environment"="prod"}}' in (loaded.templates["total"].raw or "")
    with pytest.raises(ConfigError) as caught:
        loads(OTEL.format("[service.name, cloud.region]"), "sresnap.yaml", {}, cwd=Path("/"))
    assert 'the label "cloud.region", which the queries' in caught.value.mistakes[0].expected


@pytest.mark.parametrize("name", ["service name", "1.a", "a..b", ".a", "a.", 'a"b.c', "a-b", "a.b{", ""])
def test_what_looks_like_a_slip_is_not_a_name_with_dots(name: str) -> None:
    assert not is_dotted(name)
    with pytest.raises(ConfigError):
        loads(OTEL.format(promql.quote(name)), "sresnap.yaml", {}, cwd=Path("/"))


def test_a_look_up_names_a_metric_with_dots_as_every_engine_reads_it() -> None:
    (selector,) = places('rate({"a.b", "c.d"="x"}[5m])')
    assert metric_of(selector) == '{__name__="a.b"}'
    matchers = [(m.label, m.operator, m.value) for m in selector.matchers]
    assert selector_text(selector.name, matchers) == '{__name__="a.b", "c.d"="x"}'


def test_the_query_of_one_service_is_found_in_the_query_of_many() -> None:
    sent = 'sum by ("service.name") (rate({__name__="a.b", "service.name"=~"x|y"}[5m]))'
    one = one_of_many(sent, {"service.name": ["x", "y"]})
    assert one is not None
    template = 'sum by ("service.name") (rate({{__name__="a.b", "service.name"=~"{U__service_2e_name}"}}[5m]))'
    assert (one.template, one.values) == (template, {"service.name": frozenset({"x", "y"})})


@given(st.text(min_size=1))
@example("service.name")
@example("a_b.c__d")
@example("a/b-c.d_2e_")
def test_a_placeholder_names_its_label_and_no_other(label: str) -> None:
    hole = hole_of(label)
    assert label_of(hole) == label or label.startswith("U__")
    assert promql.placeholders(f'x{{{{a="{{{hole}}}"}}}}') == {label_of(hole)}
