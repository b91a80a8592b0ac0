"""What `sresnap archive list` prints of a report."""

from dataclasses import replace

from sresnap.cli.archive_output import entry_line
from sresnap.model.status import Status
from tests.archives import AT, index_of


def test_the_budget_of_all_services_stands_beside_the_worst_status_and_says_so():
    entry = replace(index_of(AT).entries[0], status=Status.EXHAUSTED, remaining_ratio=0.22)
    assert "EXHAUSTED" in entry_line(entry, {})
    assert "22 % budget left of all together" in entry_line(entry, {}).replace("\u00a0", " ").replace("\u202f", " ")
