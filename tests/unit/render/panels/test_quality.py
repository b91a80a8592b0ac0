"""What failed or is missing."""

from dataclasses import replace

import pytest

from sresnap.model.people import People
from sresnap.model.snapshot import NamedSource, Problem
from sresnap.render.panels.quality import fleet_quality, quality
from tests import factories
from tests.panels import Pages, pages_of, plain

GROUPED = 'sum by (job) (rate(level{{job=~"{job}"}}[1h]))'


def failed_fleet(amount, names):
    """A fleet whose grouped query of saturation failed for some services."""
    services = [replace(factories.small_service(f"s{n}"), selected_by={"job": f"job-{n}"}) for n in range(amount)]
    everyone = "|".join(f"job-{n}" for n in range(amount))
    sent = factories.query("saturation", promql=f'sum by (job) (rate(level{{job=~"{everyone}"}}[1h]))', for_one=GROUPED)
    problems = [Problem("query_failed", "422 from Prometheus", name, "saturation") for name in names]
    return factories.snapshot(services, problems, (sent,))


def test_what_failed_is_listed_with_its_services():
    quality = pages_of("some_failed").document("index.html", "quality")
    assert "query failed" in quality.text
    assert "2 services · saturation" in quality.text
    assert "metric might not be a counter" in quality.text


def test_the_query_of_a_gap_is_of_one_service_and_the_others_are_behind_a_link():
    (gap,) = fleet_quality(failed_fleet(300, ["s7", "s9"]), "./").gaps
    assert gap.query == 'sum by (job) (rate(level{job=~"job-7"}[1h]))'
    assert gap.query_of == "s7"


@pytest.mark.parametrize("names", [["s1"], [None]], ids=["of one service", "of all services"])
def test_a_gap_names_the_service_of_its_query_where_it_has_several(names):
    (gap,) = fleet_quality(failed_fleet(3, names), "./").gaps
    assert gap.query_of == (None if names == ["s1"] else "s0")


def test_all_queries_are_linked_where_a_gap_shows_one_and_the_page_has_links():
    snapshot = failed_fleet(3, ["s0", "s1"])
    (link,) = fleet_quality(snapshot, "./").links
    assert (link.href, link.text) == ("./queries.txt", "All queries as sent")
    assert fleet_quality(snapshot, None).links == ()
    assert fleet_quality(factories.healthy(), "./").links == ()


def test_a_query_that_was_not_sent_for_the_service_is_not_shown():
    snapshot = failed_fleet(3, ["s2"])
    other = replace(snapshot.queries[0], services=("s0", "s1"))
    (gap,) = fleet_quality(replace(snapshot, queries=(other,)), "./").gaps
    assert gap.query is None


def test_a_query_that_is_the_same_for_all_is_shown_as_sent():
    snapshot = failed_fleet(3, ["s0", "s1"])
    host = replace(snapshot.queries[0], promql="max(level)", for_one=None)
    (gap,) = fleet_quality(replace(snapshot, queries=(host,)), "./").gaps
    assert (gap.query, gap.query_of) == ("max(level)", None)


def of_two_sources():
    """A service of a source that is up, a service of one that is down, and the only query that was sent."""
    services = [replace(factories.small_service(name), source=name) for name in ("home", "eu")]
    query = replace(factories.query("total"), services=("home",), source="home", seconds=1.0)
    sources = (NamedSource("home", "2.42.0", None), NamedSource("eu", None, None, "connection refused"))
    return replace(factories.snapshot(services, [], (query,)), sources=sources)


def test_a_source_that_was_sent_nothing_is_named_beside_the_queries_that_none_of_failed():
    found = of_two_sources()
    assert (
        plain(fleet_quality(found, None).summary)
        == "1 query, none failed, answered in 1 s. Source eu answered nothing."
    )
    home, eu = found.services
    assert "answered nothing" not in quality([], found.queries, [home], found.sources).summary
    assert quality([], [], [eu], found.sources).summary == "Source eu answered nothing."


def test_a_page_of_a_service_or_a_team_names_its_own_silent_source():
    people = People(team="Shop")
    found = of_two_sources()
    services = tuple(replace(service, people=people) for service in found.services)
    pages = Pages(replace(found, services=services))
    for path in ("services/eu/index.html", "teams/shop/index.html"):
        assert "Source eu answered nothing." in pages.document(path, "quality").text
    assert "answered nothing" not in pages.document("services/home/index.html", "quality").text
