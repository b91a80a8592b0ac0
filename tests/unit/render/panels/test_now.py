"""Row 17: a worker that burns with its budget spent weeks ago does not read like one at rest, anywhere."""

from dataclasses import replace
from functools import cache

import pytest

from sresnap.model.now import Now, NowState
from sresnap.model.status import Status
from sresnap.render.downloads.badges import badges
from sresnap.render.links import service_link
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.panels.attention import attention
from sresnap.render.panels.nav import nav
from sresnap.render.panels.slos import slo_table
from sresnap.render.panels.verdict import fleet_verdict, service_verdict
from sresnap.render.status_badges import verdict_badge
from sresnap.render.verdict_text import fleet_sentence, service_sentence, slo_reason
from tests import factories
from tests.panels import Pages, pages_of, plain


@cache
def at_rest():
    return Pages(factories.snapshot([factories.healthy_service(), factories.spent_service()]))


ON_FIRE = pages_of("burning")
FLEET, WORKER = "index.html", "services/worker/index.html"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (FLEET, "bar"), (FLEET, "nav"), (FLEET, "verdict"), (FLEET, "attention"), (FLEET, "slos"),
        (WORKER, "bar"), (WORKER, "verdict"), (WORKER, "slos"), (WORKER, "budgets"), (WORKER, "statement"),
    ],
)  # fmt: skip
def test_row_17_no_panel_says_the_same_of_a_worker_on_fire_as_of_one_at_rest(path, name):
    assert "paging" not in at_rest().document(path, name).text.lower()
    text = ON_FIRE.document(path, name).text
    assert "Paging" in text or "paging" in text or "Burning now: 71× over 1h, page." in text


def test_row_17_the_title_changes_when_burning_begins():
    assert (at_rest().page(WORKER).status.word, at_rest().page(WORKER).lead) == ("Budget spent", "")
    page = ON_FIRE.page(WORKER)
    assert (page.status.glyph, page.status.word, page.lead) == ("✕", "Paging, budget spent", "Paging: ")
    assert fleet_page(ON_FIRE.snapshot, ON_FIRE.charts).lead == "Paging: "


def test_row_17_the_badges_for_other_pages_change_when_burning_begins():
    calm, fire = (dict(badges(pages.snapshot)) for pages in (at_rest(), ON_FIRE))
    for name in ("badges/fleet.svg", "badges/worker.svg", "badges/worker/availability.svg"):
        assert "Paging, budget spent" in fire[name].decode()
        assert "Budget spent" in calm[name].decode()
    assert fire["badges/api.svg"] == calm["badges/api.svg"]


def test_what_burns_comes_first_in_every_list():
    services = [factories.healthy_service("a"), factories.spent_service("b"), factories.burning_service("c")]
    snapshot = factories.snapshot(services)
    links = {service.name: service_link(service, "./") for service in services}
    listed = (
        [item.link.text for item in nav(snapshot, "./", FLEET).links],
        [concern.link.text for concern in attention(snapshot, links).concerns],
        [
            row.service.text
            for row in slo_table([(links[one.name], one) for one in services], Pages(snapshot).charts).rows
        ],
    )
    for names in listed:
        assert [name for name in names if name in "bc"] == ["c", "b"]


def named(name, now, status=Status.HEALTHY):
    slo = factories.slo(now=now, status=status)
    return factories.service(name, slos=(slo,))


QUIET, UNKNOWN = Now(NowState.QUIET, reason="Calm."), Now(reason="There is no data for the last 5m.")


def test_a_fleet_says_of_how_many_services_the_present_is_unknown():
    text = fleet_sentence([named("a", QUIET), named("b", UNKNOWN)])
    assert text == "Both services are healthy. For 1 of them it is unknown whether an alert fires now."
    text = fleet_sentence([named("a", UNKNOWN), named("b", UNKNOWN)])
    assert text == "Both services are healthy. Whether an alert fires now is unknown."
    calm = [named(name, QUIET) for name in "abc"]
    assert fleet_sentence(calm[:2]) == "Both services are healthy. No alert fires now."
    assert fleet_sentence(calm) == "All 3 services are healthy. No alert fires now."


def test_no_data_is_said_once():
    dead = named("a", UNKNOWN, Status.NO_DATA)
    assert service_sentence(dead) == "a has no data."
    assert fleet_sentence([dead, dead]) == "Both services have no data."
    reason = slo_reason(replace(dead.slos[0], reason="There is no data for 28 days."))
    assert reason == "There is no data for 28 days."


@pytest.mark.parametrize("in_full", [False, True])
def test_an_unknown_present_never_looks_good(in_full):
    unknown = verdict_badge(NowState.UNKNOWN, Status.HEALTHY, in_full=in_full)
    assert (unknown.glyph, unknown.word, unknown.tone) == ("?", "Unknown, healthy", "nodata")
    spent = verdict_badge(NowState.UNKNOWN, Status.EXHAUSTED, in_full=in_full)
    assert (spent.glyph, spent.tone) == ("✕", "bad")
    assert verdict_badge(None, Status.HEALTHY, in_full=in_full).word == "Healthy"


def test_an_unknown_present_is_seen_in_the_title_the_bar_and_the_badges():
    snapshot = factories.snapshot([named("a", UNKNOWN), named("b", QUIET)])
    pages = Pages(snapshot)
    assert "? Unknown, healthy" in pages.document(FLEET, "bar").text
    assert pages.page(FLEET).status.tone == "nodata"
    assert all("Unknown, healthy" in dict(badges(snapshot))[f"badges/{name}.svg"].decode() for name in ("fleet", "a"))


def test_one_service_needs_a_ticket():
    worker = factories.burning_service("a")
    slow = replace(worker.slos[0], now=replace(worker.now, state=NowState.TICKET), status=Status.AT_RISK)
    fleet = factories.snapshot([factories.service("a", slos=(slow,)), named("b", QUIET)])
    assert "1 of 2 services needs a ticket" in Pages(fleet).document(FLEET, "bar").text


def test_a_fleet_names_the_fastest_and_counts_the_others_that_burn():
    services = [factories.burning_service("a"), factories.overspent_service("b"), factories.healthy_service("c")]
    text = plain(fleet_sentence(services))
    assert text.startswith(
        "a: Budget spent, and burning now: 71× over 1h, page. 1 more service burns now. Of 3 services"
    )


def test_a_service_says_what_is_left_while_it_burns():
    text = plain(service_sentence(named("api", fire(), Status.CRITICAL)))
    assert text.startswith("Burning now: 20× over 1h, page; ")
    assert text.endswith(" of the budget is left.")


def fire():
    pair = factories.burning_service().slos[0].now.pairs[0]
    return Now(NowState.PAGING, pairs=(replace(pair, long_burn_rate=20.0),), reason="Burning at 20×.")


def test_too_little_data_does_not_hide_what_burns():
    service = named("batch", fire(), Status.INSUFFICIENT)
    assert plain(service_sentence(service)) == (
        "Burning now: 20× over 1h, page; there is too little data to judge the window."
    )


def test_of_several_objectives_the_one_that_burns_is_named():
    latency = factories.slo("latency", now=fire(), status=Status.CRITICAL)
    service = factories.service(slos=(factories.slo(), latency))
    assert "20× over 1h, page (latency)" in plain(service_sentence(service))


def test_a_reason_is_not_said_twice():
    burning = factories.slo(now=fire(), status=Status.CRITICAL, reason="Burning at 20×.")
    assert slo_reason(burning) == "Burning at 20×."
    assert slo_reason(replace(burning, reason="Overspent.")) == "Burning at 20×. Overspent."
    unknown = factories.slo(now=UNKNOWN, status=Status.AT_RISK, reason="Only 12 % is left.")
    assert slo_reason(unknown) == (
        "Only 12 % is left. Whether an alert fires now is unknown. There is no data for the last 5m."
    )


def test_the_verdict_says_since_when_and_has_the_colour_of_its_worse_part():
    snapshot = factories.burning()
    began = replace(snapshot, now=replace(snapshot.now, since=factories.AT))
    view = fleet_verdict(began)
    assert (view.now.word, view.badge.word, view.tone) == ("Paging", "Budget spent", "bad")
    assert view.since.text == "22 Nov 2026, 22:30 CET"
    worker = snapshot.services[2]
    assert service_verdict(snapshot, worker, None).since is None
    assert view.window == "28 days"


def test_each_row_of_chips_counts_every_service_once():
    now, window = fleet_verdict(factories.burning()).chips
    assert (now.label, window.label) == ("Now", "28 days")
    assert [(chip.badge.word, chip.count) for chip in now.chips] == [("Paging", "1"), ("Ticket", "1"), ("Quiet", "1")]
    assert sum(int(chip.count) for chip in now.chips) == sum(int(chip.count) for chip in window.chips) == 3


def test_the_window_of_a_verdict_is_named():
    of_month = factories.service("a", slos=(factories.this_month(),))
    assert fleet_verdict(factories.snapshot([of_month])).window == "This month"
    assert fleet_verdict(factories.snapshot([of_month, factories.service("b")])).window == "Window"
    text = ON_FIRE.document(WORKER, "verdict").text
    assert text.startswith("Now ✕ Paging 28 days ✕ Budget spent Budget spent, and burning now: 71× over 1h, page.")
