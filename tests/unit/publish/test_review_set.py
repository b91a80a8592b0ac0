"""Which closed periods a restore brings, and which days to close or restate others from."""

from dataclasses import replace

from sresnap.documents.layout import HISTORY_DAY, RESTATEMENT, REVIEW, REVIEWS_INDEX
from sresnap.model.periods import PeriodUnit, period_named
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.model.windows import DAY, day_of, parse_time
from sresnap.publish.review_set import ReviewSet

SHA = "0" * 64
NAMES = ("2025-W52", "2025-12", "2025-Q4", "2025", "2026-W51", "2026-11", "2026-Q3")


def entry(name):
    period = period_named(name, "UTC")
    return ReviewEntry(name, period.unit, period.start, period.end, SHA, {}, 1.0, SHA)


def index(*names):
    entries = sorted(map(entry, names), key=lambda one: (one.end, one.unit.rank))
    return Reviews(INDEX_SCHEMA, "UTC", tuple(PeriodUnit), 21_600, tuple(entries))


def needed(at, closed, since="2026-11-01"):
    return ReviewSet(closed, parse_time(at)).names(since)


def days_of(name):
    period = period_named(name, "UTC")
    return {HISTORY_DAY.path(day_of(day)) for day in range(period.start, period.end, DAY)}


def test_the_last_of_each_unit_and_the_ones_of_a_year_before_the_next_come_along():
    # Next are 2026-W52, 2026-12, 2026-Q4 and 2026.
    found = needed("2026-12-22T00:00:00Z", index(*NAMES))
    assert found == {REVIEWS_INDEX, *map(REVIEW.path, NAMES)}
    assert needed("2026-12-22T00:00:00Z", index("2026-W45", "2026-W51"), "2026-12-01") == {
        REVIEWS_INDEX,
        REVIEW.path("2026-W51"),
    }


def test_the_days_of_what_is_due_come_along_an_hour_before():
    closed = index(*NAMES)
    assert HISTORY_DAY.path("2026-01-01") not in needed("2027-01-01T04:59:00Z", closed)
    found = needed("2027-01-01T05:00:00Z", closed)
    assert days_of("2026") <= found
    assert HISTORY_DAY.path("2025-12-31") not in found


def test_where_a_unit_was_never_closed_its_first_period_is_the_one_that_ends_next():
    found = needed("2027-01-01T06:00:00Z", index("2026-W52"))
    assert days_of("2026") <= found  # the history may have begun within it


def test_periods_whose_days_are_restored_come_with_their_restatements():
    closed = index(*NAMES)
    closed = closed.with_entry(replace(entry("2026-11"), restatements=(SHA, SHA)))
    found = needed("2026-12-22T00:00:00Z", closed)
    assert {RESTATEMENT.path("2026-11", "1"), RESTATEMENT.path("2026-11", "2")} <= found


def test_a_period_that_waits_to_be_restated_comes_with_its_days():
    closed = index(*NAMES)
    found = needed("2026-12-22T00:00:00Z", closed.with_entry(replace(entry("2025-Q4"), is_waiting=True)))
    assert days_of("2025-Q4") <= found


def test_a_site_that_has_closed_nothing_needs_no_more():
    assert needed("2026-12-22T00:00:00Z", index()) == {REVIEWS_INDEX}
