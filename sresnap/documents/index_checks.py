"""Checks of an archive's index that types cannot express, before paths, dates and sums are made from it.

Indexes also come from published sites: an edited one must give one clear message, whichever command reads it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sresnap.model.archive import Entry, Index
from sresnap.model.status import Status
from sresnap.model.windows import DAY, day_of, day_start, iso, snapshot_id

_LONGEST_SCHEDULE = 366 * DAY


def check(index: Index) -> None:
    """Refuse an index that no build can have written.

    Raises:
        ValueError: the first thing that is wrong.
    """
    wrong = next(_mistakes(index), None)
    if wrong is not None:
        raise ValueError(wrong)


def _mistakes(index: Index) -> Iterator[str]:
    for entry in index.entries:
        yield from _mistakes_of_entry(entry)
    yield from _mistakes_of_numbers(index)
    for key, days in (("thinned", index.thinned), ("reconstructed", index.reconstructed)):
        for day in days:
            if not _is_day(day):
                yield f"{key}: {day!r} is not a day"
    if index.summaries_since is not None and not _is_day(index.summaries_since):
        yield f"summaries_since: {index.summaries_since!r} is not a day"
    if not 0 < index.schedule_seconds <= _LONGEST_SCHEDULE:
        yield f"schedule_seconds: {index.schedule_seconds} is not between 1 and {_LONGEST_SCHEDULE}"


def _mistakes_of_entry(entry: Entry) -> Iterator[str]:
    if snapshot_id(entry.at) != entry.id:
        yield f"{entry.id}: its time is {iso(entry.at)}"
    if set(entry.services) - set(Status):
        yield f"{entry.id}: {min(set(entry.services) - set(Status))!r} is not a status"


def _mistakes_of_numbers(index: Index) -> Iterator[str]:
    ids = [entry.id for entry in index.entries]
    numbers = [entry.number for entry in index.entries]
    if len(set(ids)) < len(ids):
        yield "a report is listed twice"
    if numbers != sorted(set(numbers)):
        yield "the numbers of the reports do not rise"
    if index.reports < len(numbers) or any(not 0 < number <= index.reports for number in numbers):
        last = max(numbers, default=0)
        yield f"reports: {index.reports} is wrong, with {len(numbers)} kept and {last} as the last number"


def _is_day(text: str) -> bool:
    try:
        return day_of(day_start(text)) == text
    except (ValueError, OverflowError):
        return False
