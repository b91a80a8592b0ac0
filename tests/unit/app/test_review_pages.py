"""Which pages of closed periods a build writes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sresnap.app.books import load_books
from sresnap.app.review_pages import reviews_shown, said_of
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.layout import REVIEW_PAGE
from sresnap.model.review import RestatedResult
from sresnap.model.windows import DAY, parse_time
from tests.closing import API, Site, configured, steady
from tests.reviews import restatement

BEGAN = parse_time("2026-10-05T00:00:00Z")
DUE = parse_time("2026-10-12T06:00:00Z")


def began(service, role, end, at):
    return steady(service, role, end, at) if end > BEGAN else None


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, began)


def written(site, books):
    return [one.review.period for one in reviews_shown(configured(API), site.out, books).written]


def draw(site, periods):
    for period in periods:
        page = site.out / REVIEW_PAGE.path(period)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("page")


def test_the_page_of_the_period_before_is_written_with_the_new_one_and_others_stay(site):
    draw(site, written(site, site.build(DUE)))
    assert written(site, site.build(DUE + DAY)) == []
    found = written(site, site.build(DUE + 7 * DAY))
    assert found == ["2026-W41", "2026-W42"]
    draw(site, found)
    assert written(site, site.build(DUE + 14 * DAY)) == ["2026-W42", "2026-W43"]


def test_a_build_that_was_killed_before_it_wrote_pages_leaves_them_to_the_next_one(site):
    site.build(DUE)
    assert written(site, load_books(configured(API), site.out)) == ["2026-W41"]


def test_a_page_whose_files_are_not_there_stays_as_it_is_published(site):
    site.build(DUE)
    (site.out / "reviews/2026-W41/review.json").unlink()
    assert written(site, load_books(configured(API), site.out)) == []


def test_what_the_pages_say_can_be_scanned(site):
    books = site.build(DUE)
    shown = reviews_shown(configured(API), site.out, books)
    said = said_of(shown, books.closed)
    assert {"The only objective was met in week 41 of 2026.", "api/a", "api,a"} <= {
        text.replace("\u00a0", " ") for text in said
    }
    assert said_of(replace(shown, written=())) == said_of(shown, ()) == ()


def test_the_page_of_a_period_that_a_build_of_the_past_restated_is_written_by_the_next_one(site):
    books = site.build(DUE)
    draw(site, ["2026-W41"])
    (slo,) = books.closed[0].services[0].slos
    statement = restatement("2026-W41", [RestatedResult("api", "a", slo.result, slo.result)])
    content = reviews.encode_restatement(statement)
    (site.out / "reviews/2026-W41/restatement-1.json").write_bytes(content)
    entry = replace(books.index.entries[0], restatements=(sha256(content),))
    (site.out / "reviews/index.json").write_bytes(reviews.encode_index(replace(books.index, entries=(entry,))))
    again = load_books(configured(API), site.out)
    assert written(site, again) == ["2026-W41"]
    (site.out / REVIEW_PAGE.path("2026-W41")).write_text('<a href="restatement-1.json">JSON</a>')
    assert written(site, again) == []
