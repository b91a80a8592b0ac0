"""The state of a service and of the fleet, since when, and the one order of everything."""

from dataclasses import replace

import pytest

from sresnap.compute.fleet.now import LONGEST_GAP, continued, fleet_now, service_now
from sresnap.model.now import DecidingPair, Now, NowState, urgency
from sresnap.model.status import Status
from sresnap.model.windows import MINUTE
from tests import factories

QUIET = Now(NowState.QUIET, reason="")


def burns(rate, severity="page"):
    state = NowState.PAGING if severity == "page" else NowState.TICKET
    return Now(state, pairs=(DecidingPair(severity, "1h", "5m", 13.44, rate, rate),), reason=f"{rate}×")


def slo(now, status=Status.HEALTHY, left=0.5, name="availability"):
    made = factories.slo(name, now=now, status=status)
    return replace(made, budget=replace(made.budget, remaining_ratio=left))


def service(name, *slos):
    return factories.service(name, slos=slos)


def report(*services, minutes=0):
    return factories.snapshot(services, at=factories.AT + minutes * MINUTE)


def test_the_worst_slo_is_the_services_state_and_its_pairs_name_it():
    found = service_now([slo(QUIET), slo(burns(20.0), name="latency")])
    assert found.state is NowState.PAGING
    assert [pair.slo for pair in found.pairs] == ["latency"]


def test_the_worst_service_is_the_fleets_state_and_its_pairs_name_both():
    found = fleet_now([service("api", slo(burns(20.0))), service("worker", slo(burns(71.0)))])
    assert [(pair.service, pair.slo, pair.long_burn_rate) for pair in found.pairs] == [("worker", "availability", 71.0)]


def test_without_parts_the_state_is_unknown_for_that_reason():
    assert fleet_now([]) == Now.unknown("No service is configured.")
    assert service_now([]) == Now.unknown("No objective is configured.")


def test_a_state_always_has_a_reason():
    with pytest.raises(TypeError, match="reason"):
        Now(NowState.QUIET)


def test_an_unknown_part_makes_the_whole_unknown_unless_another_burns():
    unknown = Now(reason="There is no data for the last 5m.")
    assert service_now([slo(QUIET), slo(unknown)]).state is NowState.UNKNOWN
    assert service_now([slo(unknown), slo(burns(3.0, "ticket"))]).state is NowState.TICKET


def test_what_burns_comes_before_what_is_spent_and_then_the_worst_by_number():
    parts = {
        "healthy": (QUIET, Status.HEALTHY, 0.9),
        "less healthy": (QUIET, Status.HEALTHY, 0.4),
        "unknown": (QUIET, Status.NO_DATA, None),
        "spent": (QUIET, Status.EXHAUSTED, -0.1),
        "more spent": (QUIET, Status.EXHAUSTED, -4.0),
        "ticket": (burns(3.0, "ticket"), Status.AT_RISK, 0.5),
        "ticket, spent": (burns(2.0, "ticket"), Status.EXHAUSTED, -1.0),
        "page": (burns(20.0), Status.CRITICAL, 0.7),
        "faster page": (burns(71.0), Status.EXHAUSTED, -0.5),
    }
    assert sorted(parts, key=lambda name: urgency(*parts[name])) == [
        "faster page", "page", "ticket", "ticket, spent", "more spent", "spent", "unknown", "less healthy", "healthy",
    ]  # fmt: skip


def test_a_state_that_goes_on_keeps_its_beginning_and_another_one_begins_now():  # prose: allow
    calm = report(service("worker", slo(QUIET)))
    began = continued(calm, report(service("worker", slo(burns(71.0))), minutes=5))
    later = continued(began, report(service("worker", slo(burns(90.0))), minutes=10))
    ended = continued(later, report(service("worker", slo(QUIET)), minutes=15))
    start = factories.AT + 5 * MINUTE
    for one in (began, later):
        found = one.services[0]
        assert [now.since for now in (found.slos[0].now, found.now, one.now)] == [start] * 3
    assert ended.now.since == factories.AT + 15 * MINUTE


def test_before_any_other_state_the_beginning_is_unknown():
    calm = report(service("worker", slo(QUIET)))
    assert continued(calm, report(service("worker", slo(QUIET)), minutes=5)).now.since is None


def test_nothing_is_known_of_a_pause():
    calm = report(service("worker", slo(burns(71.0))))
    after = report(service("worker", slo(QUIET)), minutes=LONGEST_GAP // MINUTE + 1)
    assert continued(calm, after).now.since is None


def test_a_new_slo_has_no_beginning():
    calm = report(service("worker", slo(QUIET)))
    more = report(service("worker", slo(QUIET), slo(burns(20.0), name="latency")), minutes=5)
    assert continued(calm, more).services[0].slos[1].now.since is None
