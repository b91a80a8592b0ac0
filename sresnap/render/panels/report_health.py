"""How punctual and how complete the reports themselves are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from sresnap import format as fmt
from sresnap.model.archive import Entry, Headline, Index
from sresnap.model.windows import DAY, HOUR, ceil, day_of, day_start, floor, slot
from sresnap.render.clock import Clock


@dataclass(frozen=True, slots=True)
class ReportHealth:
    """How punctual and how complete the reports themselves are."""

    facts: tuple[tuple[str, str], ...]
    legend: str


_DAYS = 7


def report_health(index: Index) -> ReportHealth:
    """Of the last 7 UTC days, the newest one up to the newest report, or since the archive's first report.

    docs/archive.md defines made, due and delay.
    """
    newest = index.newest
    if newest is None:
        return ReportHealth((), "There is no report yet.")
    end = newest.at
    since, is_first = _since(index, end)
    day = day_of(since)
    found = [entry for entry in index.entries if entry.at >= since]
    made = len(found) + sum(count for thinned, count in index.thinned.items() if thinned >= day)
    afterwards = sum(entry.reconstructed for entry in found)
    afterwards += sum(count for thinned, count in index.reconstructed.items() if thinned >= day)
    due = fmt.NONE if since > end else fmt.number(_due(since, end, index.schedule_seconds, is_first=is_first))
    pairs = [(a, b) for a, b in _pairs(index.entries, index.schedule_seconds) if b.at >= since]
    delays = [b.generated_at - a.scheduled_at - index.schedule_seconds for a, b in pairs]
    gaps = [b.generated_at - a.generated_at for a, b in pairs]
    queries, failed = sum(entry.queries for entry in found), sum(entry.failed_queries for entry in found)
    share = f" ({fmt.percent(failed / queries)})" if queries else ""
    week = since == day_start(day_of(end)) - (_DAYS - 1) * DAY
    span = f"last {_DAYS} days" if week else f"since {Clock.of(index.timezone).moment(since).text}"
    facts = (
        (f"Reports made, {span}", f"{fmt.number(made)} of {due} due"),
        ("Of them reconstructed", fmt.number(afterwards)),
        ("Delay, median", _delay(median(delays)) if delays else fmt.NONE),
        ("Delay, worst", _delay(max(delays)) if delays else fmt.NONE),
        ("Longest time between two", fmt.duration(max(gaps)) if gaps else fmt.NONE),
        ("Queries failed", f"{fmt.number(failed)} of {fmt.number(queries)}{share}"),
    )
    legend = (
        f"Due every {fmt.duration(index.schedule_seconds)}. Made are kept and thinned reports; days begin at midnight "
        f"UTC. Delays, from when a report was due after the one before it until it was started, are those of "
        f"{fmt.count(len(pairs), 'report')} kept with the one before; queries are those of "
        f"{fmt.count(len(found), 'kept report')}."
    )
    return ReportHealth(facts, legend)


def _since(index: Index, end: int) -> tuple[int, bool]:
    """From when on is counted, and whether it is the first report's slot: seven UTC days, or all of a younger archive.

    Where it is not known when the first report of an older index was due, as it was thinned out, the first whole day.
    """
    week = day_start(day_of(end)) - (_DAYS - 1) * DAY
    first = index.first or next((entry.at for entry in index.entries if entry.number == 1), None)
    if first is not None:
        begun = slot(first, index.schedule_seconds)
        return (begun, True) if begun > week else (week, False)
    oldest = min([*(day_of(entry.at) for entry in index.entries), *index.thinned])
    return max(week, day_start(oldest) + DAY), False


def _due(since: int, end: int, schedule: int, *, is_first: bool) -> int:
    """How many reports were due, that of `since` (when it is a slot) and that of `end` included.

    From midnight to 21:30 every 5 minutes: 21.5 × 12 + 1 = 259. From Monday 06:00, the first report, to Sunday 08:00
    every day: 6.08 → 6, and the first one, 7.
    """
    if HOUR % schedule == 0:
        return (floor(end, schedule) - ceil(since, schedule)) // schedule + 1
    slots = (end - since) / schedule
    return (round(slots) if is_first else int(slots)) + 1


def _pairs(entries: Iterable[Entry], schedule: int) -> list[tuple[Entry, Entry]]:
    """Reports that the job made one after the other, nothing thinned out between them, each of its time.

    One of a clock that had jumped back, or a second one of the same slot, is no successor.
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
    """Whether it was made when its moment was now; one of the past that was asked for by hand says nothing of a job."""
    return entry.generated_at - entry.at <= schedule
