"""What an evaluation must let a reader defend: kind, window, corrections, withheld alerts, policy, composite."""

from dataclasses import replace

import pytest

from sresnap import format as fmt
from sresnap.model.changes import Changes, SloChange
from sresnap.model.composite import Composite, Share
from sresnap.model.slo import Precision, Uncorrected
from sresnap.model.snapshot import Policy
from sresnap.model.status import Status
from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.panels.budgets import budgets
from sresnap.render.panels.changes import changes
from sresnap.render.panels.corrections import corrected
from sresnap.render.panels.examples import examples
from sresnap.render.panels.groups import composite_notes, groups
from sresnap.render.panels.key_numbers import service_numbers
from sresnap.render.panels.policy import policy, web_address
from sresnap.render.panels.slo_values import budget_value, burn_value, notes, sli_value
from sresnap.render.panels.slos import slo_table
from sresnap.render.panels.statement import statements
from sresnap.render.site import render
from sresnap.render.slo_text import kind_of, precision_of, window_of, window_seconds
from sresnap.render.views import Link
from tests import factories
from tests.unit.render.pages.test_pages import panel

BERLIN = Clock.of("Europe/Berlin")


@pytest.fixture(scope="module")
def site():
    return render(factories.evaluated())


@pytest.fixture
def studio():
    with Easel() as easel:
        yield Studio(BERLIN, easel)


def said(text):
    return None if text is None else text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "occurrences: weighted by events"),
        ({"basis": "time"}, "time: weighted by time"),
        (
            {"basis": "slices", "slice_seconds": 60, "slice_target": 0.95},
            "timeslices: 1 min slices, good from 95 %; weighted by slices",
        ),
        (
            {"basis": "slices", "slice_seconds": 90, "slice_target": 0.999},
            "timeslices: 1 min 30 s slices, good from 99.9 %; weighted by slices",
        ),
        ({"basis": "slices"}, "timeslices: weighted by slices"),
    ],
)
def test_an_objective_says_its_kind_and_weighting(changes, text):
    assert said(kind_of(replace(factories.slo(), **changes))) == text


def test_a_window_is_rolling_or_says_how_much_has_passed_and_when_it_begins_anew():
    assert window_of(factories.slo(), BERLIN) == "rolling 28d"
    month = factories.to_date(factories.slo())
    assert said(window_of(month, BERLIN)) == "this month, to date: 73 % of it has passed, resets Tue 1 Dec 00:00"
    assert window_seconds(month) == 30 * 86400


def test_objectives_of_different_windows_share_a_table(site):
    table = panel(site, "index.html", "slos")
    assert "Burn budget window" in table.text
    labels = {attrs["data-label"] for _, attrs in table.tags if "data-label" in attrs}
    assert {"Burn 28d", "Burn this month", "SLI this month"} <= labels


def test_objectives_of_one_window_name_it(studio):
    pairs = [(Link("", "api"), factories.healthy_service())]
    assert slo_table(pairs, studio).window == "28d"


def test_a_withheld_alert_keeps_its_numbers_and_says_why(site):
    text = panel(site, "services/web/index.html", "budgets").text
    assert "13.442× 40.00× 13.44× – Withheld" in text
    assert "1h and 5m: only 3 bad events in 1h; under 10 a pair says little" in text


def test_a_withheld_alert_looks_neither_quiet_nor_firing(studio):
    service = factories.service(slos=(factories.withheld_slo(),))
    alert = budgets(service, policy(service), studio, "", in_full=False).slos[0].alerts[0]
    assert (alert.state.word, alert.state.tone) == ("Withheld", "nodata")


def test_corrected_and_raw_stand_beside_each_other(site):
    for page, name in (("index.html", "slos"), ("services/api/index.html", "key_numbers")):
        text = panel(site, page, name).text
        assert "99.93 % corrected · raw 99.71 %" in text
        assert "86 % corrected · raw 43 %" in text
    budget = panel(site, "services/api/index.html", "budgets").text
    assert "SLI: corrected 99.93 % · raw 99.71 % ." in budget
    assert "Bad events: corrected 4 174 · raw 17 305 ." in budget
    assert "5 h left out: Database move <b>big</b> 7 Nov 2026, 11:00 CET to 7 Nov 2026, 16:00 CET" in budget


@pytest.mark.parametrize(
    ("coverage", "note"),
    [(0.898, "data for 89.8 % of 28d"), (0.8996, "data for 89.9 % of 28d"), (0.9999, "data for 99.9 % of 28d")],
)
def test_a_coverage_is_never_rounded_up_to_what_would_be_judged(coverage, note):
    slo = factories.slo()
    windows = {**slo.windows, "28d": replace(slo.windows["28d"], coverage=coverage)}
    assert note in [said(text) for text in notes(replace(slo, windows=windows), BERLIN)]


def test_a_budget_that_is_little_by_a_hair_does_not_read_as_a_quarter():
    slo = factories.slo()
    short = replace(slo, budget=replace(slo.budget, remaining_ratio=0.2496))
    assert said(budget_value(short).text) == "24.96 %"


def test_no_number_that_a_correction_changes_stands_alone(studio):
    slo = factories.corrected_slo()
    service = factories.service(slos=(slo,))
    raw = slo.uncorrected
    facts = dict(budgets(service, policy(service), studio, "", in_full=False).slos[0].facts)
    assert said(facts["as full outage"].raw) == said(fmt.duration(raw.budget.remaining_seconds))
    assert said(facts["as bad events"].raw) == said(fmt.number(raw.budget.remaining_events))
    assert facts["Burn 28d"].raw == fmt.burn_rate(raw.windows["28d"].burn_rate)
    assert facts["Burn 1h"].raw is None
    (tiles,) = service_numbers(service, Link("", "api"), BERLIN).groups
    budget = next(tile for tile in tiles.tiles if tile.label == "Error budget left")
    assert [said(line) for line in budget.notes] == [
        "2 h 53 min (raw 1 h 26 min) of full outage, of 3 h 21 min",
        said(f"{fmt.number(slo.budget.remaining_events)} (raw {fmt.number(raw.budget.remaining_events)}) bad events"),
    ]


def test_a_burn_rate_of_an_alert_has_the_measured_one_beside_it(studio):
    slo = factories.corrected_slo()
    raw = replace(slo.uncorrected, windows={"3d": replace(slo.windows["3d"], burn_rate=0.93341)})
    service = factories.service(slos=(replace(slo, uncorrected=raw),))
    view = budgets(service, policy(service), studio, "", in_full=False).slos[0]
    assert [alert.long.raw for alert in view.alerts] == [None, None, None, "0.9334×"]
    # Nothing of the SLO's own window is left out, so its numbers are the measured ones.
    assert [fact.raw for _, fact in view.facts] == [None] * len(view.facts)
    assert [what for what, _, _ in view.corrected.facts] == ["Burn 3d"]


def test_a_report_from_before_windows_were_kept_shows_the_measured_numbers_of_its_own():
    slo = factories.corrected_slo()
    old = replace(slo, uncorrected=replace(slo.uncorrected, windows={}))
    assert (sli_value(old), budget_value(old)) == (sli_value(slo), budget_value(slo))
    assert burn_value(old, "28d").raw == burn_value(slo, "28d").raw is not None


def test_a_calendar_windows_whole_has_the_measured_one_beside_it(studio):
    month = factories.to_date(factories.slo())
    raw = Uncorrected(
        month.windows["month"], month.budget, 3600, (), {"month": month.windows["month"]}, of_period_ratio=0.123
    )
    service = factories.service(slos=(replace(month, uncorrected=raw),))
    facts = dict(budgets(service, policy(service), studio, "", in_full=False).slos[0].facts)
    assert said(facts["of the whole month, at this traffic"].raw) == "12 %"


def test_the_fleets_numbers_have_the_measured_ones_beside_them(site):
    fleet = factories.evaluated().composite
    text = panel(site, "index.html", "key_numbers").text
    assert f"corrected · raw {said(fmt.percent_signed(fleet.raw_remaining_ratio))}" in text
    assert f"corrected · raw {said(fmt.percent(fleet.raw_mean_sli, 2))}" in text
    groups_text = panel(site, "index.html", "groups").text
    assert "corrected · raw" in groups_text


def test_the_worst_of_a_composite_is_told_without_corrections_too():
    shares = (Share("web", "latency", 1.0, -0.6),)
    assert said(composite_notes(composite(raw_shares=shares))[1]) == "worst: web (−20 % left, raw −60 %)"


def test_what_is_left_out_is_said_below_the_statement_and_is_not_missing():
    slo = factories.corrected_slo()
    (view,) = statements(factories.service(slos=(slo,)), BERLIN).slos
    assert said(view.sum).endswith(
        " 5 h are left out by corrections and are in no row; without them it would be 17 305 bad events of "
        + said(fmt.number(slo.uncorrected.window.total))
        + "."
    )
    (empty,) = statements(factories.service(slos=(replace(slo, statement=None),)), BERLIN).slos
    assert said(empty.empty).startswith("All of 28d that has data is left out by corrections. 5 h are left out")


def test_a_change_and_an_example_tell_the_measured_number(studio):
    service = factories.service(slos=(factories.corrected_slo(),))
    changed = SloChange("api", "availability", Status.HEALTHY, Status.HEALTHY, 0.9, 0.86)
    report = replace(factories.snapshot([service]), changes=Changes("2026-11-22T21:00:00Z", (changed,)))
    (row,) = changes(report, {"api": Link("", "api")}, studio).rows
    assert said(row.text) == "4.0 % of the budget was spent; 86 % (raw 43 %) is left"
    found = examples(report)
    assert found["budget_left"].startswith("api, availability, 28d, without corrections: ")
    assert said(found["budget_left"]).endswith("= 43 %")


def test_a_coverage_has_the_measured_one_beside_it():
    slo = factories.corrected_slo()
    raw = replace(slo.uncorrected, window=replace(slo.uncorrected.window, coverage=0.985))
    windows = {**slo.windows, "28d": replace(slo.windows["28d"], coverage=0.992)}
    found = notes(replace(slo, windows=windows, uncorrected=raw), BERLIN)
    assert "data for 99.2 % (raw 98.5 %) of 28d" in [said(text) for text in found]


def test_without_corrections_nothing_is_called_corrected():
    slo = factories.slo()
    assert (sli_value(slo).raw, budget_value(slo).raw, corrected(slo, BERLIN)) == (None, None, None)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, None),
        (Precision(0, 0, 0.0), None),
        (Precision(672, 0, 0.0), "no restart of a counter seen in 672 hours with data"),
        (
            Precision(670, 2, 2.1),
            (
                "no restart of a counter seen in 670 of 672 hours; "
                "2 hours estimated by increase, within ±3 bad events if scraped once a minute"
            ),
        ),
        (
            Precision(671, 1, 0.2),
            (
                "no restart of a counter seen in 671 of 672 hours; "
                "1 hour estimated by increase, within ±1 bad event if scraped once a minute"
            ),
        ),
        (
            Precision(0, 3, 0.0),
            (
                "no restart of a counter seen in 0 of 3 hours; "
                "3 hours estimated by increase, within ±0 bad events if scraped once a minute"
            ),
        ),
    ],
)
def test_precision_is_said_with_its_bound_rounded_up(found, text):
    assert said(precision_of(replace(factories.slo(), precision=found))) == text


def test_the_policy_is_the_reports_own_with_its_link(site):
    verdict = panel(site, "services/worker/index.html", "verdict")
    assert "✕ Policy Feature freeze <until> the budget is back. Read more" in verdict.text
    assert verdict.external == ["https://wiki.example/policy?a=1&b=2"]


@pytest.mark.parametrize("missing", [None, Policy("  ", None, "config")])
def test_without_a_policy_it_is_unknown_however_well_all_is(missing):
    service = replace(factories.healthy_service(), policy=missing)
    found = policy(service)
    assert (found.badge.word, found.badge.tone) == ("Policy unknown", "nodata")
    assert "allowed" not in found.text


def test_a_policy_is_never_green_for_its_text_may_say_to_wait_where_the_status_is_well():
    assert policy(factories.healthy_service()).badge.tone == ""


def test_a_policy_on_an_incomplete_report_is_not_green():
    found = policy(factories.healthy_service(), incomplete=True)
    assert found.badge.tone == "nodata"
    assert found.text.startswith("As far as is known: ")


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://wiki.example/policy", True),
        ("http://wiki.example", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("//wiki.example", False),
        ("/policy", False),
        ("https:///policy", False),
        ("java\nscript:alert(1)", False),
        ("https://wiki.example/a b", False),
        ("https://[wiki", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_pages_are_linked(link, leads):
    assert (web_address(link) is not None) is leads


def test_a_policy_with_a_link_that_is_none_keeps_its_text():
    service = replace(factories.overspent_service(), policy=Policy("Freeze.", "javascript:alert(1)", "config"))
    assert (policy(service).text, policy(service).link) == ("Freeze.", None)


def composite(**changes):
    shares = (Share("api", "availability", 1.0, 0.8), Share("web", "latency", 1.0, -0.2))
    return replace(Composite(0.3, 2, 2, "web", 0.99, "budget", shares), **changes)


def test_a_composite_says_how_it_is_made_and_who_is_worst():
    assert [said(line) for line in composite_notes(composite())] == [
        "mean of what each has spent of its budget",
        "worst: web (−20 % left)",
    ]


def test_weights_are_said_only_when_they_differ_from_one():
    shares = (Share("api", "availability", 3.0, 0.8), Share("web", "latency", 0.5, -0.2))
    lines = composite_notes(composite(shares=shares))
    assert lines[:2] == ("weighted mean of what each has spent of its budget", "weights: api 3, web 0.5")
    assert "weights" not in " ".join(composite_notes(composite(shares=shares, method="pooled")))


def test_a_partial_composite_names_who_is_missing():
    lines = composite_notes(composite(members=9, missing=tuple("abcdefg")))
    assert lines[-1] == "partial: 2 of 9 services; without a, b, c, d, e and 2 more"


def test_a_composite_of_an_older_report_is_still_told():
    assert composite_notes(Composite(0.3, 2, 1, "web", None))[-2:] == ("worst: web", "partial: 1 of 2 services")


def test_groups_have_a_panel_worst_first_and_only_when_there_are_some(site, studio):
    text = panel(site, "index.html", "groups").text
    assert text.index("backend") < text.index("shop")
    assert "all events together, against what their objectives allow" in text
    assert "partial: 1 of 2 services; without batch" in text
    without = fleet_page(factories.snapshot([factories.no_data_service()]), studio)
    assert "groups" not in {panel.name for panel in without.panels}


def test_a_group_without_any_data_is_not_good():
    group = factories.group_of("dark", [factories.no_data_service()])
    assert group.status is Status.NO_DATA
    (row,) = groups(replace(factories.snapshot([]), groups=(group,))).rows
    assert (row.badge.tone, row.bar, row.budget.missing) == ("nodata", None, True)
    assert row.worst.why == "no member has enough data"
