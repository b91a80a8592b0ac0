"""How each objective changed since the previous report."""

from dataclasses import replace

import pytest

from sresnap.compute.fleet.changes import changes
from sresnap.model.changes import SloChange
from sresnap.model.now import NOT_JUDGED, NowState
from sresnap.model.status import Status
from sresnap.model.windows import parse_time
from tests import factories

QUIET = NowState.QUIET


def service(remaining, *, name="api", slo="availability", status=Status.HEALTHY):
    found = factories.slo(slo, status=status)
    found = replace(found, budget=replace(found.budget, remaining_ratio=remaining))
    return factories.service(name, slos=(found,))


def compared(before, now):
    return changes(factories.snapshot(before), now)


def test_the_moment_of_the_previous_report_is_given():
    found = compared([service(0.5)], [service(0.5)])
    assert (found.since, found.slos) == (parse_time("2026-11-22T21:30:00Z"), ())


@pytest.mark.parametrize(
    ("before", "now", "is_reported"),
    [
        (0.5, 0.5, False),
        (0.5, 0.5009, False),
        (0.5, 0.499, True),  # a thousandth of the budget, 0.50 − 0.499
        (-0.2, -0.3, True),
        (None, None, False),
        (None, 0.5, False),  # it comes with another status, which is reported
        (0.5, None, False),
    ],
)
def test_a_budget_is_reported_when_it_moved_by_a_thousandth(before, now, is_reported):
    assert bool(compared([service(before)], [service(now)]).slos) is is_reported


def test_a_changed_status_is_reported_with_an_unchanged_budget():
    found = compared([service(0.5)], [service(0.5, status=Status.CRITICAL)]).slos
    assert found == (SloChange("api", "availability", Status.HEALTHY, Status.CRITICAL, 0.5, 0.5, QUIET, QUIET),)


def test_what_begins_to_burn_is_reported_with_an_unchanged_status_and_budget():
    burning = factories.burning_service()
    calm = replace(burning, slos=(replace(burning.slos[0], now=factories.slo().now),))
    (found,) = compared([calm], [burning]).slos
    assert (found.status_before, found.now_before, found.now) == (found.status, QUIET, NowState.PAGING)
    assert found.burns_differently


def test_a_report_that_did_not_judge_the_present_changed_nothing():
    burning = factories.burning_service()
    old = replace(burning, slos=(replace(burning.slos[0], now=NOT_JUDGED),))
    assert compared([old], [burning]).slos == ()


def test_a_budget_that_became_unknown_is_reported_with_its_status():
    (found,) = compared([service(0.5)], [service(None, status=Status.NO_DATA)]).slos
    assert (found.status, found.remaining_before, found.remaining) == (Status.NO_DATA, 0.5, None)


def test_new_and_removed_objectives_are_reported_new_ones_first():
    found = compared([service(0.4, slo="old")], [service(0.7, slo="new")]).slos
    assert found == (
        SloChange("api", "new", None, Status.HEALTHY, None, 0.7, None, QUIET),
        SloChange("api", "old", Status.HEALTHY, None, 0.4, None, QUIET, None),
    )


def test_objectives_of_the_same_name_are_kept_apart_by_service():
    before = [service(0.5), service(0.5, name="web")]
    (found,) = compared(before, [service(0.5), service(0.3, name="web")]).slos
    assert (found.service, found.remaining_before, found.remaining) == ("web", 0.5, 0.3)
