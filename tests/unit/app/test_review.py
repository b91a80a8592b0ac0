"""When a period that is not closed will be, as `sresnap review` says it."""

import pytest

from sresnap.app.review import read_review
from sresnap.documents import reviews
from sresnap.documents.layout import REVIEWS_INDEX
from sresnap.errors import NoReport
from sresnap.model.periods import PeriodUnit, period_named
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.model.windows import parse_time

NOW = parse_time("2026-11-09T05:00:00Z")
PREVIEW = "`sresnap review --close {} --dry-run` shows"


def hint(folder, wanted):
    with pytest.raises(NoReport) as found:
        read_review(str(folder), wanted, NOW)
    return found.value.hint


@pytest.fixture
def site(tmp_path):
    period = period_named("2026-10", "UTC")
    entry = ReviewEntry(period.name, period.unit, period.start, period.end, "0" * 64, {}, 1.0, "0" * 64)
    units = tuple(unit for unit in PeriodUnit if unit is not PeriodUnit.YEAR)
    path = tmp_path / REVIEWS_INDEX
    path.parent.mkdir()
    path.write_bytes(reviews.INDEX_CODEC.write(Reviews(INDEX_SCHEMA, "UTC", units, 21_600, (entry,))))
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("last-week", "a build closes it from 2026-11-09T06:00:00Z on"),
        ("2026-W44", "the next build closes it, if the history reaches back to it"),
        ("2026-W43", f"builds do not close a period before the last closed one; {PREVIEW.format('2026-W43')} it"),
        ("2026-Q3", f"builds do not close a period before the last closed one; {PREVIEW.format('2026-Q3')} it"),
        ("last-year", "builds do not close it: `periods` in sresnap.yaml has no `year`"),
    ],
)
def test_a_period_that_is_not_closed_says_whether_and_when_it_will_be(site, wanted, expected):
    assert hint(site, wanted) == expected


def test_a_site_without_closed_periods_names_a_command_that_can_be_run(tmp_path):
    assert PREVIEW.format("PERIOD") in hint(tmp_path, None)
