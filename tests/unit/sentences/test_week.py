"""The sentences of the week since a report."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from sresnap import format as fmt
from sresnap.compute.fleet.compare import compare
from sresnap.config.default_wording import default_wording
from sresnap.documents.layout import SNAPSHOT
from sresnap.model.archive import ArchiveState, WeekAgo
from sresnap.model.review import Outcome
from sresnap.model.slo import Budget
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.windows import DAY, snapshot_id
from sresnap.render.pages.archive import index_of_one
from sresnap.render.pages.since import since_page
from sresnap.sentences.rules import sentences
from sresnap.sentences.week import outcome_of, subject_of_week
from tests import factories
from tests.panels import Document, panel_html
from tests.sentence_numbers import as_file, check, parts, resolved

WORDING = default_wording()
AGO = factories.AT - 7 * DAY


def a_week_ago(state: str) -> Snapshot:
    return replace(factories.STATES[state](), id=snapshot_id(AGO), at=AGO)


def subject(before: Snapshot, now: Snapshot):
    return subject_of_week(before, now, compare(before, now, "a week ago"))


def said(before: Snapshot, now: Snapshot) -> list[str]:
    return [fmt.plain(one.text) for one in sentences(subject(before, now), WORDING, now.site.timezone)]


@pytest.mark.parametrize("state", ["mixed", "evaluated", "recovered", "no_data"])
@pytest.mark.parametrize("before", ["mixed", "evaluated"])
def test_every_number_of_a_week_is_where_its_sentence_says(before, state):
    old, now = a_week_ago(before), factories.STATES[state]()
    files = {SNAPSHOT.path(one.id): as_file(Snapshot, one) for one in (old, now)}
    found = sentences(subject(old, now), WORDING, now.site.timezone)
    assert found
    for sentence in found:
        resolved(files, sentence.address)
        for name, text in parts(WORDING.rules[sentence.rule][sentence.form], sentence).items():
            value = sentence.values[name]
            if sentence.rule not in {"settings_changed", "queries_changed", "undecided"}:
                check(name, text, value, files, ZoneInfo(now.site.timezone))


def test_a_week_says_what_burned_what_comes_back_and_what_to_do():
    found = said(a_week_ago("mixed"), factories.mixed())
    assert found[:2] == [
        "3 of 4 objectives within budget, 1 overspent.",
        "worker/availability has overspent its 28d budget: 152 % of it is gone.",
    ]
    assert "worker/availability has spent 16 % of its 28d budget since 21 November, 15:00, and still burns." in found
    assert any("comes back: the errors of 3 November leave its window." in text for text in found)
    assert found[-1].startswith("The policy for worker now: Freeze risky deploys")


def test_a_budget_that_may_be_spent_is_not_called_left():
    (service,) = [one for one in factories.mixed().services if one.name == "api"]
    slo = service.slos[0]
    assert outcome_of(slo) is Outcome.MET
    bounds = replace(slo.windows[slo.window], bad_bounds=(0.0, slo.windows[slo.window].total))
    assert outcome_of(replace(slo, windows={**slo.windows, slo.window: bounds})) is Outcome.OPEN
    assert outcome_of(replace(slo, budget=Budget(None, None, None))) is Outcome.INCOMPLETE
    assert outcome_of(replace(slo, status=Status.NO_DATA)) is Outcome.NO_DATA


def test_budgets_under_other_rules_are_not_compared():
    now = factories.mixed()
    before = a_week_ago("mixed")
    (web,) = [one for one in before.services if one.name == "web"]
    moved = replace(web.slos[0], budget=Budget(0.9, 1.0, 1.0))
    other = replace(moved, objective=0.9)

    def with_web(slo):
        services = tuple(replace(web, slos=(slo,)) if one is web else one for one in before.services)
        return said(replace(before, services=services), now)

    assert any("web/availability has less budget left than a week ago" in text for text in with_web(moved))
    assert not any("web/availability has less left" in text for text in with_web(other))


def test_the_page_shows_the_sentences_above_the_comparison_and_links_to_both_reports():
    before, now = a_week_ago("mixed"), factories.mixed()
    week = WeekAgo(before, compare(before, now, "a week ago"))
    page = since_page(now, ArchiveState(index_of_one(now), week=week), WORDING)
    html = {panel.name: panel_html(panel, page.root) for panel in page.panels}
    assert list(html) == ["words", "comparison"]
    assert f"../../archive/{before.id}/index.html" in Document(html["comparison"]).links
    links = Document(html["words"]).links
    assert "../../services/worker/index.html" in links
    assert any(link.startswith(f"../../snapshots/{now.id}.json#/services/") for link in links)


def test_without_a_report_of_a_week_ago_the_page_says_so():
    now = factories.mixed()
    page = since_page(now, ArchiveState(index_of_one(now)), WORDING)
    assert "no report of a week ago, give or take 6 hours" in panel_html(page.panels[0], page.root)
