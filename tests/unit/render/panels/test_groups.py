"""Many services in one number."""

from dataclasses import replace

from sresnap.model.composite import Composite, Share
from sresnap.model.status import Status
from sresnap.render.panels.groups import composite_notes, groups
from tests import factories
from tests.panels import Pages, pages_of, plain


def composite(**changes):
    shares = (Share("api", "availability", 1.0, 0.8), Share("web", "latency", 1.0, -0.2))
    return replace(Composite(0.3, 2, 2, "web", 0.99, "budget", shares), **changes)


def test_a_composite_says_how_it_is_made_and_who_is_worst():
    assert [plain(line) for line in composite_notes(composite())] == [
        "average of 2 services",
        "worst: web (−20 % left)",
    ]


def test_weights_are_said_only_when_they_differ_from_one():
    shares = (Share("api", "availability", 3.0, 0.8), Share("web", "latency", 0.5, -0.2))
    lines = composite_notes(composite(shares=shares))
    assert lines[:2] == ("weighted average of 2 services", "weights: api 3, web 0.5")
    assert "weights" not in " ".join(composite_notes(composite(shares=shares, method="pooled")))


def test_a_partial_composite_names_who_is_missing():
    lines = composite_notes(composite(members=9, missing=tuple("abcdefg")))
    assert lines[-1] == "7 of 9 without data: a, b, c, d, e and 2 more"


def test_a_composite_without_shares_names_the_worst_and_counts_gaps():
    assert composite_notes(Composite(0.3, 2, 1, "web", None))[-2:] == ("worst: web", "1 of 2 without data")


def test_the_worst_of_a_composite_has_its_raw_budget_beside_it():
    shares = (Share("web", "latency", 1.0, -0.6),)
    assert plain(composite_notes(composite(raw_shares=shares))[1]) == "worst: web (−20 % left, raw −60 %)"


def test_the_composite_names_the_worst_and_how_many_it_covers():
    snapshot = factories.snapshot(
        [factories.overspent_service(), factories.healthy_service(), factories.no_data_service()]
    )
    text = Pages(snapshot).document("index.html", "key_numbers").text
    assert "worst: worker" in text
    assert "1 of 3 without data: batch" in text


def test_groups_have_a_panel_worst_first_and_only_when_there_are_some():
    text = pages_of("evaluated").document("index.html", "groups").text
    assert text.index("backend") < text.index("shop")
    assert "sum of all events of 1 service" in text
    assert "1 of 2 without data: batch" in text
    without = pages_of("no_data").page("index.html")
    assert "groups" not in {panel.name for panel in without.panels}


def test_a_group_without_any_data_is_not_good():
    group = factories.group_of("dark", [factories.no_data_service()])
    assert group.status is Status.NO_DATA
    (row,) = groups(replace(factories.snapshot([]), groups=(group,))).rows
    assert (row.badge.tone, row.bar, row.budget.missing) == ("nodata", None, True)
    assert row.worst.why == "no member has enough data"


def test_a_groups_budget_stands_beside_its_own_number_and_the_verdict_beside_the_member_that_has_it():
    services = [factories.spent_service("worker"), *(factories.healthy_service(f"s{i}") for i in range(4))]
    snapshot = replace(factories.snapshot(services), groups=(factories.group_of("shop", services),))
    text = Pages(snapshot).document("index.html", "groups").text
    assert "shop All members" in text
    assert "Worst verdict ✕ Budget spent Least left worker (−93 % left)" in text
