"""Which reports are kept: in tiers by age, within a number of bytes.

A tier keeps the last report of each of its spans (hour, day, week, month), up to the age that it names. The last report
covers the whole span, so it stays the choice whenever the archive is thinned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sresnap.model.archive import Entry, Index, Keep
from sresnap.model.windows import HOUR

TIERS = ("every", "hourly", "daily", "weekly", "monthly")
_STEP, _MOST_STEPS = 0.8, 40
"""How the spans shrink when there are too many bytes: 0.8 ** 40 of a year is an hour."""


def kept(index: Index) -> frozenset[str]:
    """Ids of the reports to keep. Ages count from the newest report (`Index.as_of`): no clock empties an archive.

    Beyond `max_bytes` the spans of all tiers except the monthly one shrink alike, so that something of each tier stays;
    then the oldest reports go. The newest report, the last one made and pinned ones are never thinned.
    """
    now = index.as_of
    if now is None:
        return frozenset()
    safe = exempt(index)
    last = {tier: _last_of_spans(tier, index.entries, ZoneInfo(index.timezone)) for tier in TIERS}
    chosen: list[Entry] = []
    for step in range(_MOST_STEPS):
        longest = _longest(index.keep, _STEP**step)
        ids = safe | {report for tier in TIERS for at, report in last[tier] if 0 < longest[tier] >= now - at}
        chosen = [entry for entry in index.entries if entry.id in ids]
        if _fits(chosen, index.keep):
            break
    loose = sorted((entry for entry in chosen if entry.id not in safe), key=lambda entry: entry.id)
    while loose and not _fits(chosen, index.keep):
        chosen.remove(loose.pop(0))
    return frozenset(entry.id for entry in chosen)


def _longest(keep: Keep, share: float) -> dict[str, float]:
    """By tier, the age up to which it keeps something, in seconds."""
    return {tier: getattr(keep, tier) * (1 if tier == "monthly" else share) for tier in TIERS}


def _fits(entries: Sequence[Entry], keep: Keep) -> bool:
    return keep.max_bytes is None or sum(entry.bytes for entry in entries) <= keep.max_bytes


def exempt(index: Index) -> frozenset[str]:
    """Ids of the reports that no rule may thin."""
    last = index.entries[-1:]
    newest = index.newest
    return frozenset(
        [*(pin.id for pin in index.pins), *(entry.id for entry in last), *([newest.id] if newest is not None else [])]
    )


def _last_of_spans(tier: str, entries: Iterable[Entry], zone: ZoneInfo) -> list[tuple[int, str]]:
    """The last report of each span of a tier: its moment and its id."""
    found: dict[object, tuple[int, str]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        at = entry.at
        found[_span(tier, at, zone)] = at, entry.id
    return list(found.values())


def _span(tier: str, at: int, zone: ZoneInfo) -> object:
    """The span that a report belongs to. A report at midnight is the last one of the day that ends then."""
    if tier == "every":
        return at
    if tier == "hourly":
        return (at - 1) // HOUR
    local = datetime.fromtimestamp(at - 1, UTC).astimezone(zone)
    if tier == "daily":
        return local.date()
    return local.isocalendar()[:2] if tier == "weekly" else (local.year, local.month)
