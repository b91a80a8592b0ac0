"""The pages of closed periods."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from sresnap.config.default_wording import default_wording
from sresnap.config.policy import default_policy
from sresnap.documents.layout import REVIEW_PAGE
from sresnap.model.periods import PeriodUnit
from sresnap.model.review import Gap, Outcome, RestatedResult, Review, ServiceReview, WorstDay
from sresnap.model.review_index import Reviews
from sresnap.model.windows import parse_time
from sresnap.render.downloads.review import review_table
from sresnap.render.pages.period import MOST_OF_WEEKS, period_pages
from sresnap.render.pages.reviews import reviews_page
from sresnap.sentences.closed import Material, ReviewsShown
from tests import factories
from tests.panels import Document, panel_html
from tests.reviews import index_of, restatement, result, review, slo_review

POLICY = default_policy()


def pages_of(*materials: Material, index: Reviews | None = None):
    index = index or index_of(*(one.review for one in materials))
    return {page.path: page for page in period_pages(ReviewsShown(index, default_wording(), materials))}


def html_of(page) -> dict[str, str]:
    return {panel.name: panel_html(panel, page.root) for panel in page.panels}


@pytest.fixture
def october() -> Review:
    slos = (
        slo_review(left=-0.5, worst_days=(WorstDay("2026-10-05", 300.0, 9000.0, 0.3),)),
        slo_review("latency", result=result(Outcome.OPEN, 0.1, worst=-0.25)),
    )
    gap = Gap(parse_time("2026-10-07T10:00:00Z"), parse_time("2026-10-08T00:00:00Z"))
    return review(services=(ServiceReview("api", "api", slos),), gaps=(gap,))


def test_a_period_has_a_page_and_one_for_each_service(october):
    pages = pages_of(Material(october, policy=POLICY))
    assert list(pages) == ["reviews/2026-10/index.html", "reviews/2026-10/services/api/index.html"]
    page = html_of(pages["reviews/2026-10/index.html"])
    assert list(page) == ["pager", "words", "results", "coverage", "judged_by"]
    assert "14\u00a0h" in page["coverage"]
    assert "90\u00a0% to 125\u00a0%" in page["results"]
    service = html_of(pages["reviews/2026-10/services/api/index.html"])
    assert "2026-10-05" in service["slo0"]


def test_each_sentence_links_to_its_objective_and_to_its_number(october):
    words = Document(html_of(pages_of(Material(october, policy=POLICY))["reviews/2026-10/index.html"])["words"])
    assert "#api-availability" in words.links
    assert "review.json#/services/0/slos/0/result/sli" in words.links
    assert any(link.startswith("https://sre.google/") for link in words.external)
    results = Document(html_of(pages_of(Material(october))["reviews/2026-10/index.html"])["results"])
    assert {"api-availability", "api-latency"} <= set(results.ids)


def test_a_restatement_is_shown_beside_the_first_number(october):
    changed = RestatedResult("api", "availability", october.services[0].slos[0].result, result(Outcome.MET, 0.3))
    page = html_of(
        pages_of(Material(october, restatements=(restatement("2026-10", [changed]),)))[REVIEW_PAGE.path("2026-10")]
    )
    assert "150\u00a0%" in page["results"]
    assert "restated 4 Nov: met, 70\u00a0% of the budget spent" in page["results"]
    assert "missed, 150\u00a0% of the budget spent → met, 70\u00a0% of the budget spent" in page["restatements"]
    assert "late data" in page["restatements"]
    assert "restatement-1.json" in Document(page["restatements"]).links


def test_a_page_links_to_the_periods_of_its_unit_before_and_after_it(october):
    week, september, november = review("2026-W40"), review("2026-09"), review("2026-11")
    index = index_of(september, week, october, november)
    (page,) = [
        one for path, one in pages_of(Material(october), index=index).items() if path == "reviews/2026-10/index.html"
    ]
    links = Document(html_of(page)["pager"]).links
    assert links == ["../2026-09/index.html", "../2026-11/index.html", "../index.html"]
    newest = html_of(pages_of(Material(november), index=index)["reviews/2026-11/index.html"])
    assert Document(newest["pager"]).links == ["../2026-10/index.html", "../index.html", "../index.html"]


@pytest.mark.parametrize(("period", "count"), [("2026-W44", 1), ("2026-10", MOST_OF_WEEKS + 2)])
def test_weeks_of_large_fleets_have_no_pages_of_services(period, count):
    many = tuple(ServiceReview(f"s{n}", f"s{n}", (slo_review(),)) for n in range(MOST_OF_WEEKS + 1))
    pages = pages_of(Material(review(period, many)))
    assert len(pages) == count
    assert bool(Document(html_of(pages[REVIEW_PAGE.path(period)])["results"]).links) == (count > 1)


def test_the_page_of_a_service_names_its_week_within_a_heading():
    _, page = pages_of(Material(review("2026-W44"))).values()
    assert page.heading == "api, week 44 of 2026"


def test_the_list_has_a_panel_for_each_unit_newest_first(october):
    page = reviews_page(factories.snapshot(), index_of(review("2026-09"), review("2026-W40"), october))
    assert [panel.name for panel in page.panels] == ["month", "week"]
    months = Document(html_of(page)["month"])
    assert months.links == ["2026-10/index.html", "2026-09/index.html"]


def test_a_site_that_has_closed_nothing_says_when_the_first_period_closes():
    empty = replace(index_of(), units=(PeriodUnit.MONTH,))
    said = html_of(reviews_page(factories.snapshot(), empty))["periods"]
    assert "November 2026 closes with the first build from 1 Dec 2026, 06:00 CET on." in said
    assert "`periods`" in html_of(reviews_page(factories.snapshot(), None))["periods"]


def test_the_table_for_spreadsheets_has_the_first_numbers_and_the_last(october):
    changed = RestatedResult("api", "availability", october.services[0].slos[0].result, result(Outcome.MET, 0.3))
    name, content = review_table(Material(october, restatements=(restatement("2026-10", [changed]),)))
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert name == "reviews/2026-10/review.csv"
    assert [(row["slo"], row["outcome"], row["restated_outcome"]) for row in rows] == [
        ("availability", "missed", "met"),
        ("latency", "open", ""),
    ]
    assert float(rows[0]["remaining_ratio"]) == -0.5
    assert rows[0]["restated_at"] == "2026-11-03T23:00:00Z"


def test_the_sidebar_of_a_month_shows_the_months_before_it_and_the_one_after_it():
    months = [f"{2024 + k // 12}-{k % 12 + 1:02}" for k in range(30)]
    closed = [review(month) for month in months]
    index = index_of(*closed)

    def shown(month, of=index):
        pages = pages_of(Material(closed[months.index(month)]), index=of).values()
        return [[link.link.href.split("/")[-2] for link in page.side.view.links] for page in pages]

    newest_first = months[::-1]
    assert shown("2026-06") == [newest_first[:24]] * 2
    assert shown("2026-05") == [newest_first[:24]] * 2
    assert shown("2026-04") == [newest_first[1:25]] * 2
    assert shown("2024-01") == [["2024-02", "2024-01"]] * 2
    before = replace(index, entries=index.entries[:-1])
    assert shown("2026-04", before) == shown("2026-04"), "only the page before a period changes when it is closed"
    assert shown("2026-05", before) != shown("2026-05")


def test_where_nothing_is_missing_one_sentence_says_so(october):
    whole = replace(october, gaps=())
    coverage = html_of(pages_of(Material(whole))["reviews/2026-10/index.html"])["coverage"]
    assert "No gap in the reports is known, and no correction leaves hours out." in coverage
    assert "<h3>" not in coverage


def test_no_two_regions_of_a_page_have_the_same_name(october):
    closed = [october, review("2026-W44"), review("2026-W45")]
    index = index_of(*closed)
    pages = [*pages_of(*map(Material, closed), index=index).values(), reviews_page(factories.snapshot(), index)]
    for page in pages:
        html = "".join(html_of(page).values())
        names = [panel.title for panel in page.panels] + re.findall(r'role="region" aria-label="([^"]*)"', html)
        assert len(names) == len(set(names)), (page.path, names)
