"""What `check --online` would find fault with is not written as a service."""

from sresnap.app.detect_proof import proven
from sresnap.app.findings import Finding, State
from sresnap.discovery.config_text import Entry
from sresnap.discovery.naming import named
from sresnap.discovery.objectives import Proposal
from tests.unit.discovery.sources import chosen


def entry():
    (one,) = named(chosen("http", {"service": "api"}).services)
    return Entry(one, (), Proposal(99, "seen"), Proposal(95, "seen", "250ms"), ("a note",))


def after(*answers):
    findings = [Finding("api", query, state, None, why, query=query, slos=slos) for query, state, why, slos in answers]
    (found,) = proven([entry()], findings)
    return found


def test_what_has_data_stays():
    assert after(("total", State.OK, None, ("availability",)), ("error_rate", State.NO_VALUE, "NaN", ())) == entry()


def test_a_panel_without_data_is_off():
    found = after(("latency_p99", State.NO_DATA, "there is no metric x", ()))
    assert (found.off, found.is_active, found.latency) == (("latency_p99",), True, entry().latency)


def test_a_latency_without_data_gets_no_objective():
    found = after(("latency_good", State.IN_PART, "only 1 of 2 series", ("latency",)))
    assert (found.latency, found.is_active) == (None, True)
    assert found.notes == ("a note", "no latency: latency_good: only 1 of 2 series")


def test_a_service_that_cannot_be_judged_is_a_comment_with_the_reason():
    found = after(("bad", State.MISSES, "status has 5xx", ("availability",)))
    assert not found.is_active
    assert found.lacking == "it cannot be judged: bad: status has 5xx"
    silent = after(("total", State.NO_DATA, None, ("availability", "latency")))
    assert silent.lacking.endswith("no data in the last hour")
