"""In which order a build closes the periods that are due."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sresnap.app.due_periods import due_periods
from sresnap.model.periods import Closing, period_named
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.model.windows import DAY, HOUR, parse_time

CONFIG = SimpleNamespace(closing=Closing(), timezone="UTC")
EMPTY = Reviews(INDEX_SCHEMA, "UTC", CONFIG.closing.units, 6 * HOUR, ())
NEW_YEAR = parse_time("2024-01-01T00:00:00Z")
"""A week, a month, a quarter and a year end together."""
DUE = NEW_YEAR + 6 * HOUR
TOGETHER = ["2023-W52", "2023-12", "2023-Q4", "2023"]


def closed(name):
    period = period_named(name, "UTC")
    return replace(EMPTY, entries=(ReviewEntry(name, period.unit, period.start, period.end, "", {}, 1.0, ""),))


def due(index, at=DUE, begins=NEW_YEAR - DAY):
    return [period.name for period in due_periods(CONFIG, index, begins, at)]


def test_of_periods_that_end_together_the_shorter_is_closed_first():
    assert due(EMPTY) == TOGETHER


@pytest.mark.parametrize("place", range(4))
def test_a_build_that_was_killed_between_them_continues_with_the_next(place):
    assert due(closed(TOGETHER[place])) == TOGETHER[place + 1 :]


def test_a_period_is_due_at_the_very_second_and_not_one_before():
    assert due(EMPTY, DUE - 1) == []


def test_a_period_that_ended_before_the_history_began_is_never_closed():
    assert due(EMPTY, begins=NEW_YEAR) == []
