"""`sresnap archive`, without a site."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap.app.archived_reports import find_report
from sresnap.cli import cli
from sresnap.documents import archive_index
from sresnap.documents.layout import INDEX
from sresnap.errors import UsageError
from sresnap.model.windows import snapshot_id
from tests.archives import AT, index_of


def test_a_report_without_data_of_a_service_is_not_listed_as_complete(tmp_path):
    index = index_of(AT)
    (entry,) = index.entries
    for services, words in (
        ({"HEALTHY": 1, "NO_DATA": 1}, "1 of 2 services without enough data"),
        ({"HEALTHY": 1, "NO_DATA": 1, "INSUFFICIENT": 1}, "2 of 3 services without enough data"),
        ({"HEALTHY": 2}, "budget left of all together\n"),
    ):
        changed = replace(index, entries=(replace(entry, services=services, problems=0),))
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / INDEX).write_bytes(archive_index.encode(changed))
        text = CliRunner().invoke(cli, ["archive", "list", "--out", str(tmp_path)]).output
        assert words in text
        assert text.splitlines()[-1].startswith("1 report kept, ")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("previous", "keeps only one report, so there is no `previous`", "run `sresnap build` again"),
        ("2020", "keeps no report 2020", f"the nearest kept one is {snapshot_id(AT)}"),
        ("", "the report's id is empty", "sresnap archive list"),
    ],
)
def test_a_name_that_no_report_has_is_reported_with_what_to_write(name, message, hint):
    with pytest.raises(UsageError, match=message) as refused:
        find_report(index_of(AT), name)
    assert hint in refused.value.hint
