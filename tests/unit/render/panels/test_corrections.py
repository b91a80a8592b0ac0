"""Corrected and raw numbers stand beside each other."""

from dataclasses import replace

from sresnap import format as fmt
from sresnap.model.changes import Changes, SloChange
from sresnap.model.slo import Uncorrected
from sresnap.model.status import Status
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock
from sresnap.render.panels.budgets import budgets
from sresnap.render.panels.changes import changes
from sresnap.render.panels.corrections import corrected
from sresnap.render.panels.examples import examples
from sresnap.render.panels.key_numbers import service_numbers
from sresnap.render.panels.policy import policy
from sresnap.render.panels.slo_values import budget_value, burn_value, sli_value
from sresnap.render.panels.statement import statements
from sresnap.render.views import Link
from tests import factories
from tests.panels import pages_of, plain

BERLIN = Clock.of("Europe/Berlin")


def test_corrected_and_raw_numbers_are_shown_together():
    for page, name in (("index.html", "slos"), ("services/api/index.html", "key_numbers")):
        text = pages_of("evaluated").document(page, name).text
        assert "99.93 % corrected · raw 99.71 %" in text
        assert "86 % corrected · raw 43 %" in text
    budget = pages_of("evaluated").document("services/api/index.html", "budgets").text
    assert "SLI 99.93 % 99.71 % Budget left 86 % 43 %" in budget
    assert "Bad requests 4 176 17 307" in budget
    assert (
        "Corrections leave out 5 h: Database move <b>big</b> 7 Nov 2026, 11:00 CET to 7 Nov 2026, 16:00 CET" in budget
    )


def test_every_number_that_a_correction_changes_has_the_raw_one_beside_it(charts):
    slo = factories.corrected_slo()
    service = factories.service(slos=(slo,))
    raw = slo.uncorrected
    facts = dict(budgets(service, policy(service), charts, "").slos[0].facts)
    assert plain(facts["As full outage"].raw) == plain(fmt.duration(raw.budget.remaining_seconds))
    assert plain(facts["As bad requests"].raw) == plain(fmt.number(raw.budget.remaining_events))
    assert facts["Burn 28d"].raw == fmt.burn_rate(raw.windows["28d"].burn_rate)
    assert facts["Burn 1h"].raw is None
    (tiles,) = service_numbers(service, Link("", "api"), BERLIN).groups
    budget = next(tile for tile in tiles.tiles if tile.label == "Error budget left")
    raw_left = fmt.number(raw.budget.remaining_events)
    assert [plain(line) for line in budget.notes] == [
        "2 h 53 min (raw 1 h 26 min) of full outage left, of 3 h 21 min",
        plain(f"{fmt.number(slo.budget.remaining_events)} (raw {raw_left}) bad requests left"),
    ]


def test_the_burn_rate_of_an_alert_has_the_raw_one_beside_it(charts):
    slo = factories.corrected_slo()
    raw = replace(slo.uncorrected, windows={"3d": replace(slo.windows["3d"], burn_rate=0.93341)})
    service = factories.service(slos=(replace(slo, uncorrected=raw),))
    view = budgets(service, policy(service), charts, "").slos[0]
    assert [alert.long.raw for alert in view.alerts] == [None, None, None, "0.9334×"]
    # No correction lies in the SLO's own window, so it has no raw numbers.
    assert [fact.raw for _, fact in view.facts] == [None] * len(view.facts)
    assert [what for what, _, _ in view.corrected.facts] == ["Burn 3d"]


def test_a_report_from_before_windows_were_kept_shows_the_measured_numbers_of_its_own():
    slo = factories.corrected_slo()
    old = replace(slo, uncorrected=replace(slo.uncorrected, windows={}))
    assert (sli_value(old), budget_value(old)) == (sli_value(slo), budget_value(slo))
    assert burn_value(old, "28d").raw == burn_value(slo, "28d").raw is not None


def test_the_budget_of_a_whole_month_has_the_raw_one_beside_it(charts):
    month = factories.this_month()
    raw = Uncorrected(
        month.windows["month"], month.budget, 3600, (), {"month": month.windows["month"]}, of_period_ratio=0.123
    )
    service = factories.service(slos=(replace(month, uncorrected=raw),))
    facts = dict(budgets(service, policy(service), charts, "").slos[0].facts)
    assert plain(facts["Of the whole month at this traffic"].raw) == "12 %"


def test_the_fleets_numbers_have_the_raw_ones_beside_them():
    fleet = factories.evaluated().composite
    text = pages_of("evaluated").document("index.html", "key_numbers").text
    assert f"corrected · raw {plain(fmt.percent_signed(fleet.raw_remaining_ratio))}" in text
    assert f"corrected · raw {plain(fmt.percent(fleet.raw_mean_sli, 2))}" in text
    groups_text = pages_of("evaluated").document("index.html", "groups").text
    assert "corrected · raw" in groups_text


def test_time_left_out_is_named_below_the_statement_and_is_not_missing_data():
    slo = factories.corrected_slo()
    (view,) = statements(factories.service(slos=(slo,)), BERLIN).slos
    assert plain(view.sum).endswith(
        " Corrections leave out 5 h; without them it would be 17 307 bad requests of "
        + plain(fmt.number(slo.uncorrected.window.total))
        + "."
    )
    (empty,) = statements(factories.service(slos=(replace(slo, statement=None),)), BERLIN).slos
    assert plain(empty.empty).startswith("Corrections leave out all data of 28 days. Corrections leave out 5 h")


def test_a_change_and_an_example_show_the_raw_number(charts):
    service = factories.service(slos=(factories.corrected_slo(),))
    changed = SloChange("api", "availability", Status.HEALTHY, Status.HEALTHY, 0.9, 0.86)
    report = replace(factories.snapshot([service]), changes=Changes(parse_time("2026-11-22T21:00:00Z"), (changed,)))
    (row,) = changes(report, {"api": Link("", "api")}, charts).rows
    assert plain(row.text) == "4.0 % of the budget spent, 86 % (raw 43 %) left"
    found = examples(report)
    assert found["budget_left"].startswith("api, availability, 28d, without corrections: ")
    assert plain(found["budget_left"]).endswith("= 43 %")


def test_without_corrections_nothing_is_called_corrected():
    slo = factories.slo()
    assert (sli_value(slo).raw, budget_value(slo).raw, corrected(slo, BERLIN)) == (None, None, None)
