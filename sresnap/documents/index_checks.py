"""What types cannot say of an archive's index, before paths, dates and sums are made of it.

Indexes come from published sites, too: one that was edited must end in one clear message, wherever it is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sresnap.model.archive import Entry, Index
from sresnap.model.status import Status
from sresnap.model.windows import DAY, day_of, day_start, is_snapshot_id, iso, snapshot_id

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_SCHEDULE = 366 * DAY
_MOST_BYTES = 2**53


def check(index: Index) -> None:
    """Whether an index can be what a build wrote.

    Raises:
        ValueError: it cannot; the first thing that is wrong.
        ZoneInfoNotFoundError: this system does not know its time zone.
    """
    ZoneInfo(index.timezone)
    wrong = next(_wrong(index), None)
    if wrong is not None:
        raise ValueError(wrong)


def _wrong(index: Index) -> Iterator[str]:
    named = [report.id for reports in (index.pins, index.changes, index.withdrawn) for report in reports]
    for report in named:
        if not is_snapshot_id(report):
            yield f"id {report!r} is none"
    for entry in index.entries:
        yield from _wrong_entry(entry)
    yield from _wrong_numbers(index)
    for day, count in index.thinned.items():
        if not _is_day(day) or count < 0:
            yield f"thinned: {count} of {day!r} cannot be"
    if index.summaries_since is not None and not _is_day(index.summaries_since):
        yield f"summaries_since: {index.summaries_since!r} is no day"
    if not 0 < index.schedule_seconds <= _LONGEST_SCHEDULE:
        yield f"schedule_seconds: {index.schedule_seconds} cannot be"


def _wrong_entry(entry: Entry) -> Iterator[str]:
    if not is_snapshot_id(entry.id):
        yield f"id {entry.id!r} is none"
    if snapshot_id(entry.at) != entry.id:
        yield f"{entry.id}: it is not of {iso(entry.at)}"
    if set(entry.services) - set(Status):
        yield f"{entry.id}: {min(set(entry.services) - set(Status))!r} is no status"
    if entry.remaining_ratio is not None and not math.isfinite(entry.remaining_ratio):
        yield f"{entry.id}: remaining_ratio is no number"
    if not 0 <= entry.bytes < _MOST_BYTES:
        yield f"{entry.id}: {entry.bytes} bytes cannot be"


def _wrong_numbers(index: Index) -> Iterator[str]:
    ids = [entry.id for entry in index.entries]
    numbers = [entry.number for entry in index.entries]
    if len(set(ids)) < len(ids):
        yield "a report is listed twice"
    if numbers != sorted(set(numbers)):
        yield "the numbers of the reports do not rise"
    if index.reports < len(numbers) or any(not 0 < number <= index.reports for number in numbers):
        last = max(numbers, default=0)
        yield f"reports: {index.reports} cannot be, with {len(numbers)} kept and {last} as the last number"


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and day_of(day_start(text)) == text
    except (ValueError, OverflowError):
        return False
