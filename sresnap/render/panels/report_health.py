"""Whether the reports are made on time and completely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from sresnap import format as fmt
from sresnap.model.archive import Entry, Headline, Index
from sresnap.model.windows import DAY, HOUR, ceil, day_of, day_start, floor, slot
from sresnap.render.clock import Clock


@dataclass(frozen=True, slots=True)
class ReportHealth:
    """Whether the reports are made on time and completely."""

    facts: tuple[tuple[str, str], ...]
    legend: str


_DAYS = 7


def report_health(index: Index) -> ReportHealth:
    """Facts of the last 7 UTC days up to the newest report, or since the archive's first report.

    docs/archive.md defines made, due and delay.
    """
    newest = index.newest
    if newest is None:
        return ReportHealth((), "There is no report yet.")
    end = newest.at
    since, is_first = _since(index, end)
    day = day_of(since)
    if is_first and HOUR % index.schedule_seconds and _due(since, end, index.schedule_seconds, is_first=True) == 1:
        # The first report sets the phase. Until a second one is due, others are made by hand.
        return ReportHealth((), "Counting begins when the second report is due.")
    found = [entry for entry in index.entries if entry.at >= since]
    made = len(found) + sum(count for thinned, count in index.thinned.items() if thinned >= day)
    backfilled = sum(entry.reconstructed for entry in found)
    backfilled += sum(count for thinned, count in index.reconstructed.items() if thinned >= day)
    slots = None if since > end else _due(since, end, index.schedule_seconds, is_first=is_first)
    due = fmt.NONE if slots is None else fmt.number(slots)
    pairs = [(a, b) for a, b in _pairs(index.entries, index.schedule_seconds) if b.at >= since]
    week = since == day_start(day_of(end)) - (_DAYS - 1) * DAY
    span = f"last {_DAYS} days" if week else f"since {Clock.of(index.timezone).moment(since).text}"
    facts = (
        (f"Reports made, {span}", f"{fmt.number(made)} of {due} due"),
        ("Backfilled", fmt.number(backfilled)),
        *_delays(pairs, index.schedule_seconds),
        _queries(found),
    )
    legend = (
        f"A report is due {fmt.every(index.schedule_seconds)}. Delay: how late a build started, from "
        f"{fmt.count(len(pairs), 'pair')} of consecutive reports. Queries: from "
        f"{fmt.count(len(found), 'kept report')}. Days begin at midnight UTC."
    )
    return ReportHealth(facts, legend)


def _delays(pairs: Sequence[tuple[Entry, Entry]], schedule_seconds: int) -> Iterator[tuple[str, str]]:
    """How late builds started, and how long a reader waited, from pairs of consecutive reports."""
    delays = [b.generated_at - a.scheduled_at - schedule_seconds for a, b in pairs]
    gaps = [b.generated_at - a.generated_at for a, b in pairs]
    yield "Delay, median", _delay(median(delays)) if delays else fmt.NONE
    yield "Delay, worst", _delay(max(delays)) if delays else fmt.NONE
    yield "Longest gap", fmt.duration(max(gaps)) if gaps else fmt.NONE


def _queries(found: Sequence[Entry]) -> tuple[str, str]:
    """How many queries of the kept reports failed."""
    queries, failed = sum(entry.queries for entry in found), sum(entry.failed_queries for entry in found)
    share = f" ({fmt.percent(failed / queries)})" if queries else ""
    return "Queries failed", f"{fmt.number(failed)} of {fmt.number(queries)}{share}"


def _since(index: Index, end: int) -> tuple[int, bool]:
    """The start of the count, and whether it is the slot of the first report.

    Seven UTC days, or since the first report of a younger archive. Where that report was thinned out and its time is
    unknown, the first whole day.
    """
    week = day_start(day_of(end)) - (_DAYS - 1) * DAY
    first = index.first or next((entry.at for entry in index.entries if entry.number == 1), None)
    if first is not None:
        begun = slot(first, index.schedule_seconds)
        return (begun, True) if begun > week else (week, False)
    oldest = min([*(day_of(entry.at) for entry in index.entries), *index.thinned])
    return max(week, day_start(oldest) + DAY), False


def _due(since: int, end: int, schedule: int, *, is_first: bool) -> int:
    """How many reports were due from `since` to `end`, both slots included.

    From midnight to 21:30 every 5 minutes: 21.5 × 12 + 1 = 259. From Monday 06:00, the first report, to Sunday 08:00
    every day: 6.08 → 6, and the first one, 7.
    """
    if HOUR % schedule == 0:
        return (floor(end, schedule) - ceil(since, schedule)) // schedule + 1
    slots = (end - since) / schedule
    return (round(slots) if is_first else int(slots)) + 1


def _pairs(entries: Iterable[Entry], schedule: int) -> list[tuple[Entry, Entry]]:
    """Consecutive reports of the scheduled job, without a thinned one between them.

    A report of a clock that jumped back, or a second one of the same slot, does not count.
    """
    pairs: list[tuple[Entry, Entry]] = []
    before: Entry | None = None
    number = 0
    for entry in sorted(entries, key=lambda entry: entry.number):
        if entry.number != number + 1:
            before = None
        number = entry.number
        if entry.reconstructed or not _is_of_its_time(entry, schedule):
            continue
        if before is None or entry.scheduled_at >= before.scheduled_at:
            if before is not None and entry.scheduled_at > before.scheduled_at:
                pairs.append((before, entry))
            before = entry
    return pairs


def _delay(seconds: float) -> str:
    return fmt.duration(seconds) if seconds >= 0 else f"{fmt.duration(-seconds)} early"


def _is_of_its_time(entry: Headline, schedule: int) -> bool:
    """Whether it was made for its own time. One made later, with `--at`, does not show how punctual the job is."""
    return entry.generated_at - entry.at <= schedule
