"""What `publish.hide` names is nowhere in the report. `integration/test_page_leaks.py` looks at its pages."""

from dataclasses import replace

import pytest

from sresnap.compute.fleet.redact import redacted
from sresnap.documents import snapshots
from sresnap.model.snapshot import HIDDEN, NamedSource, Problem
from tests import factories


def private():
    """A report with private addresses in every part."""
    query = factories.query(
        "total", promql='sum(x{job="secret-job"})', error='parse error near "secret-job"', warnings=("secret-job: w",)
    )
    service = factories.healthy_service()
    signals = {**service.signals, "saturation": factories.no_signal("ratio", 'no series: job="secret-job"')}
    service = replace(service, signals=signals, capacity_absent={"vps_cpu": "secret-job at prom.acme.svc:9090"})
    cause = 'total has job "secret-job" at prom.acme.svc:9090'
    lost = replace(service.slos[0], reason=f"There is no data for 28 days: {cause}.", cause=cause)
    service = replace(service, slos=(lost, *service.slos[1:]))
    no_data = Problem("no_data", lost.reason, "api", lost.name)
    failed = Problem("query_failed", 'prom.acme.svc:9090 said: parse error: "secret-job"', "api", "total")
    found = factories.snapshot([service], problems=[failed, no_data], queries=[query])
    return replace(found, source=replace(found.source, url="http://prom.acme.svc:9090"))


@pytest.mark.parametrize(
    ("hide", "promql", "gone", "stays"),
    [
        ("promql", HIDDEN, (b"secret-job", b"sum(x"), b"http://prom.acme.svc:9090"),
        ("labels", 'sum(x{job="…"})', (b"secret-job",), b"http://prom.acme.svc:9090"),
        ("source", 'sum(x{job="secret-job"})', (b"prom.acme",), b"parse error near"),
    ],
)
def test_no_part_of_a_report_holds_what_is_hidden(hide, promql, gone, stays):
    whole, hidden = snapshots.encode(private()), redacted(private(), frozenset({hide}))
    assert hidden.queries[0].promql == promql
    content = snapshots.encode(hidden)
    assert all(text in whole and text not in content for text in gone)
    assert stays in content


def test_a_reason_stays_without_its_cause():
    hidden = redacted(private(), frozenset({"labels"}))
    assert hidden.services[0].slos[0].reason == hidden.problems[1].message == "There is no data for 28 days."
    assert hidden.services[0].slos[0].cause is None


def test_messages_of_this_program_quote_nothing_and_stay():
    own = factories.snapshot(problems=[Problem("no_data", "No data came.", "api", "total")])
    assert redacted(own, frozenset({"promql"})).problems == own.problems


def test_nothing_is_hidden_by_default():
    assert redacted(private(), frozenset()) == private()


def test_people_are_hidden_whole():
    report = factories.evaluated()
    hidden = redacted(report, frozenset({"people"}))
    assert {service.people for service in hidden.services} == {None}
    assert b"Maya Ortiz" in snapshots.encode(report)
    assert all(text not in snapshots.encode(hidden) for text in (b"Maya Ortiz", b"Back office", b"wiki.example/api"))
    assert hidden.queries == report.queries


def test_of_a_named_source_only_its_name_stays():
    sources = (NamedSource("eu", "2.42.0", 86400), NamedSource("us", None, None, 'HTTP 422: bad_query{host="db"}'))
    snapshot = replace(factories.snapshot(), sources=sources)
    assert redacted(snapshot, frozenset({"source"})).sources[0] == NamedSource("eu", None, None)
    assert redacted(snapshot, frozenset({"promql"})).sources[1] == NamedSource("us", None, None, HIDDEN)
