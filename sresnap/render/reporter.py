"""What the archive says of itself: how long reports are kept, how punctual and how complete they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sresnap import format as fmt
from sresnap.model.archive import Headline, Index
from sresnap.model.windows import parse_time


@dataclass(frozen=True, slots=True)
class Rules:
    """How long reports are kept."""

    rows: tuple[tuple[str, str], ...]
    legend: str


@dataclass(frozen=True, slots=True)
class Reporter:
    """How punctual and how complete the reports themselves are."""

    facts: tuple[tuple[str, str], ...]
    legend: str


def rules(index: Index) -> Rules:
    """The tiers that are on, and the bound."""
    words = {
        "every": "every report",
        "hourly": "the last of each hour",
        "daily": "the last of each day",
        "weekly": "the last of each week",
        "monthly": "the last of each month",
    }
    rows = [(words[tier], fmt.duration(getattr(index.keep, tier))) for tier in words if getattr(index.keep, tier)]
    most = index.keep.max_bytes
    bound = ""
    if most is not None:
        size = fmt.number(most / 1e6)
        bound = f" All together take at most {size} MB; beyond that, all rules but the monthly one are shortened alike."
    legend = (
        "What no rule keeps is thinned out: its headline numbers stay in the archive, and its address goes on "
        f"answering. Pinned reports are kept whatever their age.{bound} Ages are reckoned from the newest report; "
        f"days, weeks and months are those of {index.timezone}."
    )
    return Rules(tuple(rows), legend)


_LOOKED_BACK = 7 * 86_400


def reporter(index: Index) -> Reporter:
    """Of the kept reports of the last week before the newest one."""
    newest = index.newest
    if newest is None:
        return Reporter((), "There is no report yet.")
    end = parse_time(newest.at)
    found = sorted(
        (entry for entry in index.entries if end - parse_time(entry.at) <= _LOOKED_BACK), key=lambda entry: entry.id
    )
    made = [entry for entry in found if not entry.reconstructed and _is_of_its_time(entry, index.schedule_seconds)]
    late = [max(0, parse_time(entry.generated_at) - parse_time(entry.scheduled_at)) for entry in made]
    missed = sum(
        max(0, round((parse_time(b.scheduled_at) - parse_time(a.scheduled_at)) / index.schedule_seconds) - 1)
        for a, b in pairwise(made)
        if end - parse_time(a.at) <= index.keep.every
    )
    queries, failed = sum(entry.queries for entry in found), sum(entry.failed_queries for entry in found)
    share = f" ({fmt.percent(failed / queries)})" if queries else ""
    worst = fmt.duration(max(late)) if late else fmt.NONE
    facts = (
        ("Reports kept of the last 7 days", fmt.number(len(found))),
        ("Reconstructed", fmt.number(sum(entry.reconstructed for entry in found))),
        ("Runs missed", fmt.number(missed)),
        ("Latest start after its time", worst),
        ("Queries failed", f"{fmt.number(failed)} of {fmt.number(queries)}{share}"),
    )
    span = fmt.duration(index.keep.every)
    return Reporter(
        facts, f"Due every {fmt.duration(index.schedule_seconds)}; missed runs are counted over the last {span}."
    )


def _is_of_its_time(entry: Headline, schedule: int) -> bool:
    """Whether it was made when its moment was now; one of the past that was asked for by hand says nothing of a job."""
    return parse_time(entry.generated_at) - parse_time(entry.at) <= schedule
