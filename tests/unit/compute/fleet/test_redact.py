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


def of_sources():
    """A report of two sources whose names are private, each in every part that may have it."""
    service = factories.healthy_service()
    lost = "Source acme-eu answered nothing."
    first = service.slos[0]
    slo = replace(first, reason="Unknown: source acme-eu: HTTP 502.", now=replace(first.now, reason=lost))
    signals = {**service.signals, "saturation": factories.no_signal("ratio", "Source acme-eu has no series.")}
    service = replace(
        service, slos=(slo,), signals=signals, now=slo.now, source="acme-eu", capacity_absent={"vps_cpu": lost}
    )
    query = replace(factories.query("total", error="source acme-eu: HTTP 502"), source="acme-eu")
    problem = Problem("query_failed", "source acme-eu: raise sources.acme-eu.deadline", "api", "total")
    sources = (NamedSource("acme", "2.42.0", 86400), NamedSource("acme-eu", None, None, "source acme-eu: HTTP 502"))
    found = factories.snapshot([service], problems=[problem], queries=[query])
    return replace(found, sources=sources, now=slo.now)


def test_hidden_sources_have_numbers_for_names():
    whole, hidden = of_sources(), redacted(of_sources(), frozenset({"source"}))
    assert b"acme" in snapshots.encode(whole)
    assert b"acme" not in snapshots.encode(hidden)
    assert hidden.sources == (NamedSource("1", None, None), NamedSource("2", None, None, "source 2: HTTP 502"))
    assert hidden.services[0].source == hidden.queries[0].source == "2"
    assert hidden.services[0].now.reason == hidden.now.reason == "Source 2 answered nothing."
    assert hidden.problems[0].message == "source 2: raise sources.2.deadline"


def test_names_of_sources_stay_where_they_are_not_hidden():
    hidden = redacted(of_sources(), frozenset({"promql"}))
    assert [each.name for each in hidden.sources] == ["acme", "acme-eu"]
    assert hidden.sources[1].failure == HIDDEN
    assert hidden.services[0].source == "acme-eu"
