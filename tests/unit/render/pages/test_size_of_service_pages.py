"""The page of a service has the same size in a fleet of any size, and names no other service."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from sresnap import promql
from sresnap.app.query_records import query_records
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.query import Result, Run
from sresnap.plan import plan
from sresnap.render.pages.service import service_page
from sresnap.render.site import SiteRenderer
from tests import factories

NAMED = "shop-checkout-with-a-long-name"


@cache
def fleet(count):
    """A report with the queries of a real configuration. Tests look at its first service."""
    names = ["looked-at", *(f"{NAMED}-{number}" for number in range(count - 1))]
    rows = "".join(f"  - {{name: {name}, slo_target: 99.9, labels: {{service: {name}}}}}\n" for name in names)
    config = loads(f"provider: http\nservices:\n{rows}", "sresnap.yaml", {}, cwd=Path.cwd())
    results = [
        Result(query, runs=(Run(text, query.grid, count, 0.1, warnings=(f"truncated: {text}",)),))
        for query in plan(config, History(), factories.AT).queries
        for text in [promql.render(query)]
    ]
    one, other = factories.healthy_service("looked-at"), factories.healthy_service(NAMED)
    services = [replace(one if name == "looked-at" else other, name=name, slug=name) for name in names]
    services = [replace(service, selected_by={"service": service.name}) for service in services]
    return factories.snapshot(services, queries=query_records(results, count))


@cache
def page_of_one(count):
    snapshot = fleet(count)
    with SiteRenderer(snapshot) as renderer:
        page = service_page(snapshot, snapshot.services[0], renderer._charts)
        return renderer._pages.page(page)[0].decode()


def test_a_services_page_is_as_large_in_a_fleet_of_100_as_in_one_of_3():
    small, medium, large = (len(page_of_one(count)) for count in (3, 50, 100))
    assert abs(medium - small) <= 0.005 * small
    assert abs(large - small) <= 0.005 * small


def test_a_services_page_names_no_other_service_but_in_the_sidebar():
    assert page_of_one(50).count(NAMED) == 0
    sidebar = page_of_one(3).partition('data-panel="nav"')[2].partition("</div>")[0]
    assert page_of_one(3).count(NAMED) == sidebar.count(NAMED) == 4


def test_a_services_page_shows_each_query_as_it_would_be_sent_for_it():
    assert "service=~&#34;looked-at&#34;" in page_of_one(50)
