"""Comparisons of two reports. Remaining budgets are subtracted only if both reports use the same rules."""

from dataclasses import replace

import pytest

from sresnap.compute.fleet.compare import compare
from sresnap.model.now import NOT_JUDGED, NowState
from sresnap.model.slo import AppliedCorrection, Uncorrected
from sresnap.model.windows import DAY, HOUR, snapshot_id
from sresnap.render.panels.comparison import change_text
from tests import factories

AT = factories.AT


def of(slo, at=AT):
    made = factories.snapshot([factories.service("api", slos=(slo,))], at=at)
    return replace(made, id=snapshot_id(at), at=at)


def compared(old, new):
    found = compare(of(old, AT - DAY), of(new), "")
    return found.slos[0], {setting.name: (setting.before, setting.after) for setting in found.config}


def corrected(*stretches):
    """An SLO without some stretches: hours from 28 days before AT, and how many."""
    slo = factories.slo()
    window = slo.windows[slo.window]
    start = window.start
    applied = tuple(
        AppliedCorrection("move", start + first * HOUR, start + (first + hours) * HOUR) for first, hours in stretches
    )
    return replace(slo, uncorrected=Uncorrected(window, slo.budget, HOUR, applied, {slo.window: window}))


def test_a_stricter_objective_spends_nothing_of_the_budget():
    """99.9 → 99.99: of the same errors, 10 % of the one budget and 100 % of the other are spent; none is new."""
    slo = factories.slo(objective=0.999)
    found, config = compared(slo, factories.slo(objective=0.9999))
    assert (found.spent_ratio, found.spent_seconds) == (None, None)
    assert found.reason == "the objective changed, so the remaining budgets are not comparable"
    assert None not in (found.remaining, found.remaining_before)
    assert change_text(found).endswith("; the objective changed, so the remaining budgets are not comparable")
    assert "spent" not in change_text(found)
    assert config["api availability"] == ("0.999 over 28d, occurrences", "0.9999 over 28d, occurrences")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"kind": "time", "basis": "time"}, "the kind changed"),
        ({"threshold_seconds": 0.3}, "the threshold changed"),
        ({"kind": "timeslices", "basis": "slices", "slice_seconds": 60}, "the kind and the slices changed"),
        ({"objective": 0.9, "threshold_seconds": 0.3}, "the objective and the threshold changed"),
    ],
)
def test_budgets_under_different_rules_name_the_rule(change, what):
    slo = factories.slo()
    found, config = compared(slo, replace(slo, **change))
    assert found.spent_ratio is None
    assert found.reason.startswith(what)
    assert "api availability" in config


def test_another_window_is_another_budget():
    slo = factories.slo()
    other = replace(slo, window="7d", windows={**slo.windows, "7d": slo.windows["3d"]})
    assert compared(slo, other)[0].reason == "the window changed, so the remaining budgets are not comparable"


def test_a_correction_that_was_added_is_a_change_and_restates_the_past():
    found, config = compared(factories.slo(), corrected((300, 5)))
    assert found.spent_ratio is None
    assert found.reason == "corrections restated the past, so the remaining budgets are not comparable"
    ((name, (before, after)),) = config.items()
    assert name.startswith("correction 2026-11-0")
    assert name.endswith("Z, move")
    assert (before, after) == (None, "left out of api; past numbers were restated")


def test_a_correction_that_was_taken_back_is_a_change_and_restates_the_past():
    found, config = compared(corrected((300, 5)), factories.slo())
    assert found.spent_ratio is None
    assert list(config.values()) == [("left out of api", "counted again; past numbers were restated")]


def test_a_correction_of_time_after_the_previous_report_restates_nothing():
    last = 28 * 24 - 5
    found, config = compared(factories.slo(), corrected((last, 2)))
    assert (found.spent_ratio, found.reason) == (0.0, None)
    assert list(config.values()) == [(None, "left out of api")]


def test_a_correction_of_both_reports_or_before_the_window_is_not_a_change():
    known = corrected((300, 5))
    assert compared(known, known)[1] == {}
    left = corrected((-20, 5), (300, 5))
    found, config = compared(left, known)
    assert (found.reason, config) == (None, {})


def test_objectives_that_differ_in_the_last_digit_are_not_written_alike():
    _, config = compared(factories.slo(objective=0.9999999), factories.slo(objective=0.99999999))
    assert config["api availability"] == ("0.9999999 over 28d, occurrences", "0.99999999 over 28d, occurrences")


def test_a_query_for_a_part_of_an_hour_does_not_change_the_promql():
    report = of(factories.slo())
    (total, *_) = (query for query in report.queries if query.signal == "total")
    part = replace(total, signal="total~0-1800")
    earlier = replace(report, queries=(*report.queries, part))
    assert compare(earlier, report, "").queries == ()
    other = replace(total, signal="other")
    assert [
        setting.name for setting in compare(earlier, replace(report, queries=(*report.queries, other)), "").queries
    ] == ["other"]


def test_a_changed_query_is_named_and_a_running_hour_is_not():
    before = factories.healthy()
    running = factories.query("total", purpose="running_hour", window="running", promql="x[30m]")
    old = replace(before, queries=(running, factories.query("total", promql="a"), factories.query("bad", promql="b")))
    new = replace(before, queries=(replace(running, promql="x[35m]"), factories.query("total", promql="A")))
    found = {setting.name.split(" ")[0]: (setting.before, setting.after) for setting in compare(old, new, "").queries}
    assert found == {"total": ("a", "A"), "bad": ("b", None)}


def test_the_method_of_a_group_is_part_of_the_configuration_that_is_compared():
    new = factories.evaluated()
    pooled, *rest = reversed(new.groups)
    assert pooled.composite.method == "pooled"
    old = replace(new, groups=(replace(pooled, composite=replace(pooled.composite, method="budget")), *rest))
    (found,) = compare(old, new, "").config
    assert (found.name, found.before, found.after) == ("group backend", "budget", "pooled")


def test_hidden_queries_are_not_called_equal():
    query = factories.query("total", promql="(hidden)")
    same = factories.snapshot(queries=[query])
    (found,) = compare(same, same, "").queries
    assert (found.name, found.after) == ("left out by publish.hide", "(hidden)")


def test_what_burns_in_one_of_two_reports_is_a_difference_even_with_the_same_status():
    calm, fire = (factories.snapshot([one]) for one in (factories.spent_service(), factories.burning_service()))
    found = compare(calm, fire, "the previous report")
    (slo,) = found.slos
    assert slo.status is slo.status_before
    assert [slo.now_before, slo.now, found.now_before, found.now] == [NowState.QUIET, NowState.PAGING] * 2
    assert change_text(slo).startswith("now paging, was quiet; ")


def test_a_report_that_did_not_judge_the_present_says_nothing_of_it():
    fire = factories.snapshot([factories.burning_service()])
    old = replace(fire.services[0], slos=tuple(replace(slo, now=NOT_JUDGED) for slo in fire.services[0].slos))
    (slo,) = compare(replace(fire, services=(old,)), fire, "the previous report").slos
    assert (slo.now_before, slo.now) == (None, NowState.PAGING)
    assert change_text(slo).startswith("unchanged, ")
