"""Which reports a schedule missed."""

from dataclasses import replace

import pytest

from sresnap.app.backfill import MissedReports, missed_reports
from sresnap.config import loads
from sresnap.documents import archive_index
from sresnap.documents.layout import INDEX
from sresnap.model.windows import DAY, HOUR
from tests.archives import AT, index_of


@pytest.mark.parametrize(
    ("schedule", "newest", "now", "times"),
    [
        (300, 0, 300, []),
        (300, 0, 420, []),  # seven minutes later: the report of now counts for the scheduled time at 5 minutes
        (300, 120, 1020, [300, 600]),  # the newest is in the slot of 0, now is in the slot of 900
        (DAY, 0, DAY + 3 * HOUR, []),
        (DAY, 0, 3 * DAY, [DAY, 2 * DAY]),
    ],
)
def test_missed_reports_lie_between_the_newest_report_and_now(tmp_path, schedule, newest, now, times):
    config = loads("services: [{name: api, slo_target: 99}]", "x", {}, cwd=tmp_path)
    config = replace(config, schedule_seconds=schedule)
    midnight = AT - AT % DAY
    assert missed_reports(config, tmp_path, midnight) == MissedReports()
    path = tmp_path / INDEX
    path.parent.mkdir()
    path.write_bytes(archive_index.encode(index_of(midnight + newest)))
    assert missed_reports(config, tmp_path, midnight + now) == MissedReports(tuple(midnight + t for t in times))


def test_a_run_makes_at_most_the_48_newest_and_counts_the_others(tmp_path):
    config = loads("services: [{name: api, slo_target: 99}]", "x", {}, cwd=tmp_path)
    path = tmp_path / INDEX
    path.parent.mkdir()
    midnight = AT - AT % DAY
    path.write_bytes(archive_index.encode(index_of(midnight)))
    found = missed_reports(config, tmp_path, midnight + DAY)
    assert found.left_out == 287 - 48
    assert found.times == tuple(range(midnight + DAY - 48 * 300, midnight + DAY, 300))
