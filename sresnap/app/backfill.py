"""Backfill: the reports that a late or failed schedule missed, each made for its own time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sresnap.app.build import build
from sresnap.app.site_writer import BuildResult
from sresnap.config.settings import Config
from sresnap.documents import archive_index
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.windows import HOUR, slot
from sresnap.progress import Progress

MOST_MISSED = 48
"""Reports that one run makes: four hours of a 5-minute schedule, two days of an hourly one."""


@dataclass(frozen=True, slots=True)
class MissedReports:
    """Reports that the schedule wanted and that do not exist."""

    times: tuple[int, ...] = ()
    """Times to make a report for, oldest first, seconds since the epoch."""
    left_out: int = 0
    """How many older ones are skipped, because `MOST_MISSED` limits one run."""


def missed_reports(config: Config, out: Path, at: int) -> MissedReports:
    """The schedule's times between the archive's newest report and `at`, both excluded.

    Raises:
        UsageError: the archive cannot be read.
    """
    index = archive_index.load(out)
    newest = None if index is None else index.newest
    if newest is None:
        return MissedReports()
    schedule = config.schedule_seconds
    # A late report counts for its scheduled time. If the schedule does not divide an hour, half an interval is allowed.
    end = slot(at, schedule) if HOUR % schedule == 0 else at - schedule // 2
    times = tuple(range(slot(newest.at, schedule) + schedule, end, schedule))
    return MissedReports(times[-MOST_MISSED:], max(0, len(times) - MOST_MISSED))


def backfill(
    config: Config, out: Path, times: tuple[int, ...], now: int, progress: Progress, rules: PublicationRules | None
) -> tuple[BuildResult, ...]:
    """Make a report for each time, marked as reconstructed.

    Args:
        config: what to measure and where to ask.
        out: the site's folder.
        times: as `missed_reports` returns them.
        now: seconds since the epoch.
        progress: shows how far it has come.
        rules: what may go to a public target; None when the site stays private.

    Raises:
        SresnapError: as `build`; the reports made before stay.
    """
    return tuple(build(config, out, time, now, progress=progress, reconstructed=True, rules=rules) for time in times)
