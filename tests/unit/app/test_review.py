"""When a period that is not closed will be, as `sresnap review` says it, and files that are not what they should be."""

import pytest

from sresnap.app.review import read_review
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.layout import REVIEW, REVIEWS_INDEX
from sresnap.errors import NoReport
from sresnap.model.periods import PeriodUnit, period_named
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.model.windows import parse_time
from tests.reviews import review

NOW = parse_time("2026-11-09T05:00:00Z")
PREVIEW = "`sresnap review --close {} --dry-run` shows"


def hint(folder, wanted):
    with pytest.raises(NoReport) as found:
        read_review(str(folder), wanted, NOW)
    return found.value.hint


def listed(folder, sha="0" * 64, unit=PeriodUnit.MONTH):
    period = period_named("2026-10", "UTC")
    entry = ReviewEntry(period.name, unit, period.start, period.end, sha, {}, 1.0, "0" * 64)
    units = tuple(unit for unit in PeriodUnit if unit is not PeriodUnit.YEAR)
    path = folder / REVIEWS_INDEX
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(reviews.INDEX_CODEC.write(Reviews(INDEX_SCHEMA, "UTC", units, 21_600, (entry,))))
    return folder


@pytest.fixture
def site(tmp_path):
    return listed(tmp_path)


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


def test_the_file_of_another_period_is_not_shown_though_the_index_has_its_hash(tmp_path):
    content = reviews.encode(review("2026-09"))
    path = tmp_path / REVIEW.path("2026-10")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    with pytest.raises(NoReport, match="is of 2026-09, not of 2026-10"):
        read_review(str(listed(tmp_path, sha256(content))), "2026-10", NOW)


def test_an_index_that_calls_a_month_a_year_is_damaged(tmp_path):
    with pytest.raises(NoReport, match="2026-10 is not a year"):
        read_review(str(listed(tmp_path, unit=PeriodUnit.YEAR)), "2026-10", NOW)
