"""A closed period as one page that can be mailed: its style is in it, nothing is fetched, and no script runs."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.documents.layout import REVIEW_PAGE
from sresnap.model.wording import Wording
from sresnap.render.clock import Clock
from sresnap.render.panels.period_results import ResultRow, period_results
from sresnap.render.templates import load_templates
from sresnap.render.views import Link
from sresnap.sentences.closed import Material, restated_last, subject_of_review
from sresnap.sentences.fact import Sentence
from sresnap.sentences.rules import sentences
from sresnap.web.links import is_link


@dataclass(frozen=True, slots=True)
class Mail:
    """The page."""

    title: str
    site: str
    sentences: tuple[Link, ...]
    """With the address of what each is about; empty where the site's is not known."""
    rows: tuple[ResultRow, ...]
    page: str
    """Address of the period's page; empty where the site's is not known."""


def review_mail(material: Material, wording: Wording, address: str | None) -> str:
    """The page of a period.

    Args:
        material: the period.
        wording: what its sentences say.
        address: where the site is published, with a slash at its end; None: its links are left out.
    """
    review = material.review
    said = sentences(subject_of_review(material), wording, review.timezone)
    links = {service.name: Link("", service.name) for service in review.services}
    results = period_results(review, links, restated_last(material.restatements), Clock.of(review.timezone))
    view = Mail(
        title=fmt.period_name(review.period),
        site=review.title,
        sentences=tuple(Link(_address(one, address), one.text) for one in said),
        rows=results.rows,
        page="" if address is None else f"{address}{REVIEW_PAGE.path(review.period)}",
    )
    return load_templates().get_template("mail.html").render(view=view)


def _address(one: Sentence, site: str | None) -> str:
    if is_link(one.page):
        return one.page
    return "" if site is None else f"{site}{one.page}"
