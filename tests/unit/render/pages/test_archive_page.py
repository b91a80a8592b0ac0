"""The archive's overview: what it offers when there is little to show, and both parts of each verdict."""

from sresnap.archive.chain import appended
from sresnap.compute.fleet.compare import compare
from sresnap.documents.layout import COMPARE_PAGE
from sresnap.model.archive import ArchiveState
from sresnap.model.now import NowState
from sresnap.model.status import Status
from sresnap.render.clock import Clock
from sresnap.render.pages.archive import archive_page
from sresnap.render.pages.compare import compare_page
from sresnap.render.panels.comparison import comparison
from sresnap.render.panels.months import months
from tests import factories
from tests.archives import AT, head, index_of


def test_a_comparison_is_offered_once_there_are_two_reports():
    def link(*times):
        (latest,) = [
            panel.view for panel in archive_page(ArchiveState(index_of(*times))).panels if panel.name == "latest"
        ]
        return latest.link

    assert link(AT) is None
    assert link(AT - 300, AT).href == "compare/index.html"


def test_any_two_reports_can_be_chosen_once_there_are_two():
    def panels(*times):
        return [panel.name for panel in compare_page(ArchiveState(index_of(*times))).panels]

    assert panels(AT) == ["compare0"]
    assert panels(AT - 300, AT) == ["compare0", "any_two"]


def test_a_list_of_reports_shows_whether_something_burned_and_the_window():
    index = index_of(AT - 600)
    index = appended(index, head(AT - 300, Status.EXHAUSTED, now=NowState.PAGING), b"", b"")
    index = appended(index, head(AT, Status.HEALTHY, now=None), b"", b"")  # of an earlier version
    (latest,) = [panel.view for panel in archive_page(ArchiveState(index)).panels if panel.name == "latest"]
    assert [row.badge.word for row in latest.groups[0][1]] == ["Healthy", "Paging, budget spent", "Quiet, healthy"]


def test_a_day_on_which_something_paged_is_not_shown_as_healthy():
    index = appended(index_of(AT), head(AT + 300, Status.HEALTHY, now=NowState.PAGING), b"", b"")
    (row,) = months(index)
    assert row.strip.summary.startswith(
        "1 day: 1 with a kept report (worst verdicts: 1 paging, critical or budget spent)"
    )


def test_a_comparison_shows_both_parts_of_a_verdict():
    reports = [factories.snapshot([made()]) for made in (factories.spent_service, factories.burning_service)]
    view = comparison(compare(*reports, "the previous report"), Clock.of("UTC"), COMPARE_PAGE.path())
    (row,) = view.rows
    assert (row.before.word, row.after.word) == ("Quiet, budget spent", "Paging, budget spent")
