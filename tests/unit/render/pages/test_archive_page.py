"""The archive's overview: what it offers when there is little to show."""

from sresnap.model.archive import ArchiveState
from sresnap.render.pages.archive import archive_page
from tests.archives import AT, index_of


def test_a_comparison_is_offered_once_there_are_two_reports():
    def link(*times):
        (latest,) = [
            panel.view for panel in archive_page(ArchiveState(index_of(*times))).panels if panel.name == "latest"
        ]
        return latest.link

    assert link(AT) is None
    assert link(AT - 300, AT).href == "compare/index.html"
