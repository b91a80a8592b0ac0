"""The table of objectives."""

from dataclasses import replace

from sresnap.model.status import Status
from sresnap.render.panels.slos import slo_table
from sresnap.render.views import Link
from tests import factories
from tests.panels import Pages, pages_of


def test_objectives_are_ordered_worst_first():
    order = [link for link in pages_of("mixed").document("index.html", "slos").links if "services" in link]
    assert [link.split("/")[2] for link in order] == ["worker", "web", "api", "api"]


def test_an_sli_just_under_its_objective_does_not_look_met():
    hours = factories.hours_of(0.001)
    good = tuple(t - round(t * 0.00104, 2) for t in hours.total)
    slo = factories.slo(objective=0.999, hours=replace(hours, good=good), status=Status.EXHAUSTED)
    assert "99.896 %" in Pages(factories.snapshot([factories.service(slos=(slo,))])).document("index.html", "slos").text


def test_the_table_of_a_large_fleet_is_folded_and_names_what_it_folds():
    table = pages_of("many").document("index.html", "slos")
    # 8 at risk and 8 spent come first, and 24 of the 52 of healthy services, with the least budget left, fill 40 rows.
    assert "28 more objectives, all healthy" in table.text
    assert [attrs.get("class") for tag, attrs in table.tags if tag == "table"] == ["slos", "slos"]
    attention = pages_of("many").document("index.html", "attention")
    assert "4 more services in the table below" in attention.text


def test_objectives_of_different_windows_share_a_table():
    table = pages_of("evaluated").document("index.html", "slos")
    assert "Burn, own window" in table.text
    labels = {attrs["data-label"] for _, attrs in table.tags if "data-label" in attrs}
    assert {"Burn, 28d", "Burn, this month", "SLI, this month"} <= labels


def test_objectives_of_one_window_name_it(charts):
    pairs = [(Link("", "api"), factories.healthy_service())]
    assert slo_table(pairs, charts).window == "28d"
