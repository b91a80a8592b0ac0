"""Where the numbers come from."""

from dataclasses import replace

from sresnap.model.snapshot import NamedSource
from sresnap.render.clock import Clock
from sresnap.render.downloads.queries import query_file
from sresnap.render.panels.provenance import fleet_provenance, provenance
from tests import factories
from tests.panels import pages_of


def test_a_services_page_shows_its_queries_and_no_others():
    text = pages_of("some_failed").document("services/frontend/index.html", "provenance").text
    assert "increase(http_requests_total" in text
    assert "4 queries" in text
    assert "5 queries" in pages_of("some_failed").document("services/api/index.html", "provenance").text


def test_the_fleets_page_says_where_all_queries_are_as_some_are_on_no_page():
    pages = pages_of("some_failed")
    text = pages.document("index.html", "provenance").text
    assert "each service's page shows its own, and queries.txt has all as they were sent" in text


def two_sources():
    queries = tuple(replace(query, source="eu") for query in factories.QUERIES)
    sources = (NamedSource("prometheus", "2.42.0", None), NamedSource("eu", None, None, "refused"))
    snapshot = factories.snapshot([replace(factories.service(), source="eu")], queries=queries)
    return replace(snapshot, sources=sources)


def test_the_page_of_a_service_names_its_own_source_and_the_fleets_all():
    snapshot = two_sources()
    found = provenance(snapshot, snapshot.services[0], "../", Clock.of("UTC"))
    assert found.source == "eu (no answer)"
    assert all(("source", "eu") in query.facts for query in found.queries)
    assert fleet_provenance(snapshot, "").source == "prometheus (2.42.0); eu (no answer)"
    assert "of source eu:" in query_file(snapshot)[1].decode()
