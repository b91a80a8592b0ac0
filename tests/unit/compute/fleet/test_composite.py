"""Many services in one number: consumed budgets, weights, pooled events, groups, policy, precision."""

from dataclasses import replace

import pytest

from sresnap.compute.fleet.composite import composite, groups
from sresnap.compute.slo.policy import policy
from sresnap.compute.slo.precision import precision
from sresnap.config import default_policy
from sresnap.model.events import EventCount
from sresnap.model.forecast import Forecast
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Group, Method, PolicyText, Slo
from sresnap.model.slo import Budget, Hours, SloReport, Uncorrected, WindowReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.status import Status


def slo(remaining, *, name="availability", objective=0.99, good=None, total=None, basis="events", burn=0.0, **more):
    sli = good / total if total else None
    coverage = more.get("coverage", 0.0 if remaining is None else 1.0)
    window = WindowReport("", "", good, total, sli, None, coverage)
    six = WindowReport("", "", None, None, None, burn, 1.0)
    status = more.get("status", Status.NO_DATA if remaining is None else Status.HEALTHY)
    return SloReport(
        name, objective, basis, None, "28d", status, "", (), {"6h": six, "28d": window},
        Budget(remaining, None, None), (), Forecast(None, None), Hours("", (), ()),
    )  # fmt: skip


def service(name, *slos, status=Status.HEALTHY, weight=1.0):
    return ServiceReport(name, name, status, slos, {}, {}, {}, weight=weight)


A, B, C = (service(n, slo(r)) for n, r in (("a", 0.8), ("b", 0.3), ("c", -0.5)))


def test_the_composite_is_one_less_the_mean_consumed_budget_with_the_worst_named():
    # Consumed 0.2, 0.7 and 1.5: 1 − 2.4 / 3 = 0.2.
    found = composite([A, B, C], {}, Method.BUDGET)
    assert found.remaining_ratio == pytest.approx(0.2)
    assert (found.members, found.with_data, found.worst, found.missing) == (3, 3, "c", ())


def test_a_weight_counts_a_service_that_many_times():
    # The third at weight 2: 1 − (0.2 + 0.7 + 2 × 1.5) / 4 = 0.025.
    assert composite([A, B, C], {"c": 2.0}, Method.BUDGET).remaining_ratio == pytest.approx(0.025)


def test_a_member_without_data_makes_it_partial_and_is_named():
    found = composite([A, service("b", slo(None))], {}, Method.BUDGET)
    assert (found.remaining_ratio, found.members, found.with_data, found.missing) == (pytest.approx(0.8), 2, 1, ("b",))


def test_a_fleet_without_data_has_no_composite():
    found = composite([service("a", slo(None))], {}, Method.POOLED)
    assert (found.remaining_ratio, found.worst, found.mean_sli, found.with_data) == (None, None, None, 0)


def test_a_service_counts_by_the_slo_with_the_least_left():
    found = composite([service("a", slo(0.8), slo(0.1, name="latency"))], {}, Method.BUDGET)
    assert (found.shares[0].slo, found.remaining_ratio) == ("latency", pytest.approx(0.1))


def test_pooled_events_are_compared_with_all_that_the_objectives_allow():
    # 90 bad of 10,000 at 0.99 (100 allowed) and 0 of 10,000 at 0.999 (10 allowed): 1 − 90 / 110 = 0.1818.
    a = service("a", slo(0.1, good=9910, total=10_000))
    b = service("b", slo(1.0, objective=0.999, good=10_000, total=10_000))
    found = composite([a, b], {}, Method.POOLED)
    assert found.remaining_ratio == pytest.approx(1 - 90 / 110)
    assert [share.allowed_bad for share in found.shares] == [100, 10]


def test_pooled_leaves_out_what_has_no_events_and_no_traffic_spends_nothing():
    time = service("t", slo(0.5, basis="time", good=50, total=100))
    idle = service("i", slo(1.0, good=0.0, total=0.0))
    found = composite([time, idle], {}, Method.POOLED)
    assert (found.remaining_ratio, found.missing) == (1, ("t",))


def test_the_seed_s_mean_of_slis_stands_beside_it():
    services = [service("a", slo(0.5, good=99, total=100)), service("b", slo(0.5, good=97, total=100))]
    assert composite(services, {}, Method.BUDGET).mean_sli == pytest.approx(0.98)


def corrected(remaining, raw, **more):
    found = slo(remaining, **more)
    window = replace(found.windows["28d"], good=90.0, total=100.0, sli=0.9)
    left = Budget(raw, None, None)
    return replace(found, uncorrected=Uncorrected(window, left, 3600, (), {"28d": window}))


def test_a_composite_with_corrections_keeps_what_was_measured():
    # Consumed 0.2 and 0.4: 1 − 0.6 / 2 = 0.7. Without corrections the first has consumed 1.4: 1 − 1.8 / 2 = 0.1.
    a, b = corrected(0.8, -0.4, good=100.0, total=100.0), slo(0.6, good=98.0, total=100.0)
    found = composite([service("a", a), service("b", b)], {}, Method.BUDGET)
    assert (found.remaining_ratio, found.raw_remaining_ratio) == pytest.approx((0.7, 0.1))
    assert (found.mean_sli, found.raw_mean_sli) == pytest.approx((0.99, 0.94))
    assert (found.worst, [share.remaining_ratio for share in found.raw_shares]) == ("b", [-0.4, 0.6])


def test_without_corrections_a_service_counts_by_the_slo_that_is_then_its_least():
    # With them the second SLO has the least left; without them the first.
    both = service("a", corrected(0.8, -0.4), slo(0.5, name="latency"))
    found = composite([both], {}, Method.BUDGET)
    assert [(share.slo, share.remaining_ratio) for share in found.shares] == [("latency", 0.5)]
    assert [(share.slo, share.remaining_ratio) for share in found.raw_shares] == [("availability", -0.4)]


def test_pooled_events_are_reported_without_corrections_too():
    # 100 events with 10 bad at 0.99 allow 1: 1 − 10 / 1 = −9.
    found = composite([service("a", corrected(1.0, -9.0, good=90.0, total=90.0))], {}, Method.POOLED)
    assert (found.remaining_ratio, found.raw_remaining_ratio) == pytest.approx((1, -9))


def test_without_corrections_a_composite_has_one_number():
    found = composite([A, B], {}, Method.BUDGET)
    assert (found.raw_remaining_ratio, found.raw_mean_sli, found.raw_shares) == (None, None, ())


def test_an_slo_without_current_data_still_has_its_budget():
    waiting = slo(0.4, status=Status.INSUFFICIENT, coverage=0.95)
    unseen = slo(0.4, status=Status.INSUFFICIENT, coverage=0.5)
    assert composite([service("a", waiting), service("b", unseen)], {}, Method.BUDGET).missing == ("b",)


def test_a_calendar_window_of_a_few_minutes_does_not_weigh_in_a_composite():
    young = replace(slo(-9.0, status=Status.INSUFFICIENT), flags=("just_begun",))
    assert composite([service("a", young), service("b", slo(0.4))], {}, Method.BUDGET).missing == ("a",)


def test_a_group_has_the_status_of_its_worst_member_and_its_own_weights():
    fine = service("a", slo(0.8), weight=3.0)
    bad = service("b", slo(-0.2), status=Status.EXHAUSTED)
    (found,) = groups([fine, bad, C], [Group("shop", ("a", "b"), {"b": 2.0})])
    assert (found.name, found.status, found.composite.members) == ("shop", Status.EXHAUSTED, 2)
    # (3 × 0.2 + 2 × 1.2) / 5 = 0.6 consumed.
    assert found.composite.remaining_ratio == pytest.approx(0.4)


DEFAULTS = default_policy()


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_default_policy_from_the_workbook(status):
    found = policy([slo(0.5)], status, {}, DEFAULTS)
    assert (found.text, found.source) == (DEFAULTS[status].text, "default")


def test_the_teams_own_text_wins_over_the_default():
    found = policy([slo(0.5)], Status.EXHAUSTED, {"EXHAUSTED": PolicyText("Freeze.", "https://w")}, DEFAULTS)
    assert (found.text, found.link, found.source) == ("Freeze.", "https://w", "config")


def test_a_service_that_burns_at_more_than_two_over_six_hours_may_not_release():
    assert policy([slo(0.9, burn=2.1)], Status.HEALTHY, {}, DEFAULTS).text == DEFAULTS["AT_RISK"].text
    assert policy([slo(0.9, burn=2.0)], Status.HEALTHY, {}, DEFAULTS).text == DEFAULTS["HEALTHY"].text


@pytest.mark.parametrize("status", [Status.HEALTHY, Status.AT_RISK])
@pytest.mark.parametrize(
    "slos",
    [
        [],
        [slo(0.9, burn=None)],
        [slo(0.2), slo(0.9, name="latency", burn=None)],
        [slo(0.9, burn=2.1), slo(0.9, name="latency", burn=None)],
        [slo(None, status=Status.HEALTHY)],
        [slo(0.9, status=Status.INSUFFICIENT)],
    ],
    ids=["no objective", "burn unknown", "another's unknown", "fast and unknown", "budget unknown", "not judged"],
)
def test_unknown_inputs_give_an_unknown_policy_never_an_allowed_one(slos, status):
    assert policy(slos, status, {}, DEFAULTS).text == DEFAULTS["INSUFFICIENT"].text


def test_what_stops_releases_does_so_even_if_something_else_is_unknown():
    for status in (Status.CRITICAL, Status.EXHAUSTED):
        assert policy([slo(-0.1, burn=None)], status, {}, DEFAULTS).text == DEFAULTS[status].text


EVENTS = Slo("a", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))


def test_counts_that_are_whole_are_exact_and_others_are_bounded():
    # Two estimated hours with 30 and 60 bad, scraped each minute: 90 × 2 × 1.1 × 60 / 3600 = 3.3.
    hours = [EventCount(90, 100), None, EventCount(70.5, 100.5), EventCount(40.25, 100.25)]
    found = precision(EVENTS, HourlyCounts.of(0, hours))
    assert (found.exact_hours, found.estimated_hours) == (1, 2)
    assert found.within_events == pytest.approx(3.3)


def test_only_events_are_exact_or_estimated():
    assert (
        precision(Slo("a", 0.99, Basis.TIME, None, SeriesKey.parse("availability"), None), HourlyCounts.of(0, []))
        is None
    )


def test_impossible_counts_are_left_out_of_a_composite():
    # 200 good of 100: 1 − (−1) / 0.01 would be 101 budgets, beside which any breach looks well.
    odd = service("odd", replace(slo(101.0, good=200, total=100), flags=("implausible",), status=Status.INSUFFICIENT))
    found = composite([C, odd], {}, Method.BUDGET)
    assert found.mean_sli is None
    assert (found.remaining_ratio, found.with_data, found.missing) == (pytest.approx(-0.5), 1, ("odd",))


def test_the_policy_at_risk_allows_no_release_while_another_objective_has_no_data():
    found = policy([slo(0.1, status=Status.AT_RISK), slo(None)], Status.AT_RISK, {}, default_policy())
    assert found.text == default_policy()["NO_DATA"].text
