"""`reviews/2026-10/index.html` and the pages of its services: a closed period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.documents.layout import FLEET_PAGE, REVIEW_PAGE, REVIEW_SERVICE_PAGE, REVIEWS_PAGE, relative, root_of
from sresnap.model.periods import PeriodUnit
from sresnap.model.review import Review, ServiceReview
from sresnap.model.review_index import ReviewEntry, Reviews
from sresnap.model.wording import Wording
from sresnap.render.clock import Clock
from sresnap.render.panels.nav import periods_nav
from sresnap.render.panels.period_records import coverage, judged_by, restatements
from sresnap.render.panels.period_results import period_results
from sresnap.render.panels.period_slo import period_slo
from sresnap.render.panels.words import words
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Link, Page, Panel
from sresnap.sentences.closed import Material, ReviewsShown, anchor, neighbours, restated_last, subject_of_review
from sresnap.sentences.rules import sentences

MOST_OF_WEEKS = 100
"""Services up to which a week has a page for each: a year of weeks of more would be most files of a site."""

MOST_IN_SIDEBAR = 24
"""Two years of months."""


@dataclass(frozen=True, slots=True)
class PeriodPager:
    """The way to the other periods."""

    unit: str
    previous: Link | None
    next: Link | None
    all: Link


def period_pages(shown: ReviewsShown) -> Iterator[Page]:
    """The pages of the closed periods that are written."""
    index = shown.index
    if index is None:
        return
    for material in shown.written:
        entry = index.entry(material.review.period)
        if entry is not None:
            yield _period_page(material, entry, index, shown.wording)
            yield from _service_pages(material.review, entry, index)


def _period_page(material: Material, entry: ReviewEntry, index: Reviews, wording: Wording) -> Page:
    review = material.review
    path, clock = REVIEW_PAGE.path(review.period), Clock.of(review.timezone)
    name = fmt.period_name(review.period)
    said = sentences(subject_of_review(material), wording, review.timezone)
    links = {service.name: _service_link(review, service) for service in review.services}
    restated = restated_last(material.restatements)
    panels = [
        Panel("pager", "Other periods", "period_pager", _pager(entry, index)),
        Panel("words", "In words", "words", words(said, path)),
        Panel("results", "Results", "period_results", period_results(review, links, restated, clock)),
    ]
    if material.restatements:
        panels.append(Panel("restatements", "Restated", "restatements", restatements(material.restatements, clock)))
    panels += [
        Panel("coverage", "What is missing, and left out", "period_coverage", coverage(review, clock)),
        Panel("judged_by", "Judged by", "judged_by", judged_by(review, entry.sha256, clock)),
    ]
    return Page(
        path=path,
        title=f"{name} · {review.title}",
        heading=name,
        status=NO_STATUS,
        panels=tuple(panels),
        crumbs=_crumbs(review.title, path),
        description=f"What each objective came to: {name}.",
        is_live=False,
        side=_side(entry, index, path),
    )


def _service_pages(review: Review, entry: ReviewEntry, index: Reviews) -> Iterator[Page]:
    if not _has_service_pages(review):
        return
    clock, name = Clock.of(review.timezone), fmt.period_name(review.period)
    for service in review.services:
        path = REVIEW_SERVICE_PAGE.path(review.period, service.slug)
        whole = REVIEW_PAGE.path(review.period)
        yield Page(
            path=path,
            title=f"{service.name}, {name} · {review.title}",
            heading=f"{service.name}, {fmt.period_name(review.period, is_heading=False)}",
            status=NO_STATUS,
            panels=tuple(
                Panel(f"slo{k}", slo.name, "period_slo", period_slo(slo, anchor(service.name, slo.name), clock))
                for k, slo in enumerate(service.slos)
            ),
            crumbs=(*_crumbs(review.title, path), Link(relative(whole, path), name)),
            description=f"{service.name} in full: {name}.",
            is_live=False,
            side=_side(entry, index, path),
        )


def _has_service_pages(review: Review) -> bool:
    return review.unit is not PeriodUnit.WEEK or len(review.services) <= MOST_OF_WEEKS


def _service_link(review: Review, service: ServiceReview) -> Link:
    if not _has_service_pages(review):
        return Link("", service.name)
    path = REVIEW_SERVICE_PAGE.path(review.period, service.slug)
    return Link(relative(path, REVIEW_PAGE.path(review.period)), service.name)


def _side(entry: ReviewEntry, index: Reviews, page: str) -> Panel:
    """The period after this one, itself and those before.

    Later ones are left out: then a page changes only when the next period is closed, as its pager does.
    """
    same = [one for one in reversed(index.entries) if one.unit is entry.unit]
    first = max(0, same.index(entry) - 1)
    shown = same[first : first + MOST_IN_SIDEBAR]
    return Panel("nav", "Pages and periods", "nav", periods_nav(shown, entry.unit, root_of(page), page))


def _pager(entry: ReviewEntry, index: Reviews) -> PeriodPager:
    page = REVIEW_PAGE.path(entry.period)
    before, after = neighbours(index, entry)
    return PeriodPager(
        unit=entry.unit.value,
        previous=None if before is None else _link(before, page),
        next=None if after is None else _link(after, page),
        all=Link(relative(REVIEWS_PAGE.path(), page), "All closed periods"),
    )


def _link(entry: ReviewEntry, page: str) -> Link:
    return Link(relative(REVIEW_PAGE.path(entry.period), page), fmt.period_name(entry.period))


def _crumbs(title: str, page: str) -> tuple[Link, ...]:
    return (
        Link(relative(FLEET_PAGE.path(), page), title),
        Link(relative(REVIEWS_PAGE.path(), page), "Closed periods"),
    )
