"""Who looks after a service: its page, the fleet's, the archived report, and the page of its team."""

from dataclasses import replace

from sresnap.model.people import NamedLink, People
from sresnap.render.panels.episodes import episodes
from sresnap.render.panels.people import fleet_people, service_people
from sresnap.render.panels.teams import teams_view
from sresnap.render.views import Link
from tests import factories
from tests.panels import Document, Pages, pages_of

FROZEN = f"archive/{factories.snapshot().id}/index.html"


def names(path, state="evaluated"):
    return [panel.name for panel in pages_of(state).page(path).panels]


def test_a_report_without_people_has_no_panel_of_them():
    everywhere = [names(path, "mixed") for path in ("index.html", "services/api/index.html", FROZEN)]
    assert not {"people", "teams", "team"} & {name for found in everywhere for name in found}
    assert teams_view(factories.mixed(), "./") is None


def test_a_service_page_and_the_frozen_page_say_who_looks_after_it():
    assert "people" in names("services/api/index.html")
    assert "people" not in names("services/web/index.html")
    assert {"teams", "people"} <= set(names(FROZEN))
    page = pages_of("evaluated").document("services/api/index.html", "people")
    assert page.text == "What the pages ask. Team Shop Owner Maya Ortiz Links Runbook Mail Tags web tier=1"


def test_an_archived_report_links_to_no_page_that_shows_another_time():
    documents = [pages_of("evaluated").document(FROZEN, name) for name in ("teams", "people")]
    assert [document.links for document in documents] == [[], []]
    assert documents[1].external == ["https://wiki.example/api", "mailto:shop@acme.example"]


def test_a_link_that_no_browser_should_open_is_text():
    links = (NamedLink("Board", "javascript:alert(1)"), NamedLink("Login", "https://a:b@c.example"))
    (row,) = service_people(People(runbook="data:text/html,x", links=links), "./").rows
    assert row.links == (Link("", "Runbook"), Link("", "Board"), Link("", "Login"))


def test_hostile_texts_of_people_are_text():
    pages = pages_of("weird_names")
    html = "".join(pages.html(path, name) for path, name in
                   [("services/s0/index.html", "people"), ("index.html", "teams"), (FROZEN, "people")])  # fmt: skip
    document = Document(html)
    assert "script" not in {tag for tag, _ in document.tags}
    assert "javascript" not in html
    assert "<script>alert(1)</script>" in document.text


def test_a_teams_page_is_about_its_services_only():
    pages = pages_of("evaluated")
    page = pages.page("teams/shop/index.html")
    assert (page.heading, page.status.word, page.feed) == ("Shop", "Healthy", "teams/shop/feed.xml")
    assert {row.service.text for row in pages.view("teams/shop/index.html", "slos").rows} == {"api"}
    assert pages.view("teams/shop/index.html", "slos").files == ()
    assert pages.view("teams/shop/index.html", "attention").concerns == ()
    assert pages.document("teams/shop/index.html", "team").links == ["../../teams/shop/feed.xml"]


def test_the_fleets_table_names_the_teams_and_a_services_does_not():
    assert {row.team for row in pages_of("evaluated").view("index.html", "slos").rows} == {"Shop", "Back office", ""}
    assert {row.team for row in pages_of("evaluated").view("services/api/index.html", "slos").rows} == {""}


def test_services_without_a_team_are_counted():
    rows = pages_of("evaluated").view("index.html", "teams").rows
    assert [(row.team.text, row.count) for row in rows] == [
        ("Back office", "1 service"),
        ("Shop", "1 service"),
        ("No team", "2 services"),
    ]


def many(count, per_team=1):
    services = [
        replace(factories.small_service(f"s{n}"), slug=f"s{n}", people=People(owner="Ann", team=f"T{n // per_team}"))
        for n in range(count)
    ]
    return factories.snapshot(services)


def test_long_lists_of_teams_and_services_are_bounded():
    view = teams_view(many(30), "./")
    assert (len(view.rows), len(view.folded)) == (24, 6)
    (row,) = teams_view(many(12, per_team=12), "./").rows
    assert (len(row.services), row.more, row.owners) == (8, "and 4 more", ("Ann",))
    people = fleet_people(many(30).services)
    assert (len(people.rows), len(people.folded)) == (12, 18)
    assert 'data-key="people"' in Pages(many(30)).html(FROZEN, "people")


def test_episodes_of_all_services_come_newest_first(charts):
    services = factories.evaluated().services
    links = {service.name: Link("x", service.name) for service in services}
    found = episodes(services, links, charts.clock)
    starts = [
        one.start
        for slo in (slo for s in services for slo in s.slos)
        if slo.statement
        for one in slo.statement.episodes
    ]
    assert [row.episode.start for row in found.rows] == [
        charts.clock.day_minute(start) for start in sorted(starts, reverse=True)
    ]


def test_unknown_episodes_are_not_called_none(charts):
    lost, well = factories.no_data_service(), factories.small_service()
    assert episodes([lost], {}, charts.clock).calm == "No episode is known."
    assert episodes([lost], {}, charts.clock).notes == ("1 of 1 objective without data.",)
    assert episodes([well], {}, charts.clock).calm == "No budget was spent faster than it lasts."
