"""What `make year` measures, on a site of two reports."""

from sresnap.documents import archive_index
from sresnap.model.archive import Keep
from sresnap.model.windows import DAY
from tests.archives import AT, put, report
from tests.year.sizes import COLUMNS, measured, table


def test_each_file_is_counted_once_and_the_kept_reports_are_what_the_index_says(tmp_path):
    for at in (AT - DAY, AT):
        put(tmp_path, report(at), Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0))
    row = measured(1, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert (row.made, row.kept, row.thinned, row.files) == (2, 1, 1, len(files))
    assert row.site == sum(path.stat().st_size for path in files)
    assert row.reports == archive_index.load(tmp_path).entries[0].bytes
    assert min(row.summaries, row.lists, row.pages, row.index) > 0
    assert [line.count("|") for line in table([row]).splitlines()] == [len(COLUMNS) + 1] * 3
