"""When reports are meant to be made, and which of them were not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sresnap.config.settings import Config
from sresnap.documents import archive_index
from sresnap.model.windows import HOUR, slot

MOST_MISSED = 48
"""Reports that one back-fill makes: four hours of a schedule of five minutes, two days of an hourly one."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Reports that the schedule wanted and that were not made."""

    times: tuple[int, ...] = ()
    """Moments to make up for, oldest first, seconds since the epoch."""
    left_out: int = 0
    """How many older ones are beyond what is made at once."""


def missed(config: Config, out: Path, at: int) -> Missed:
    """What the schedule missed between the newest report of the archive and `at`, both not included.

    Raises:
        UsageError: the archive cannot be read.
    """
    index = archive_index.load(out)
    newest = None if index is None else index.newest
    if newest is None:
        return Missed()
    schedule = config.schedule_seconds
    # A report that is made late within its slot stands for it; where slots are not known, one that is half a span off.
    end = slot(at, schedule) if HOUR % schedule == 0 else at - schedule // 2
    times = tuple(range(slot(newest.at, schedule) + schedule, end, schedule))
    return Missed(times[-MOST_MISSED:], max(0, len(times) - MOST_MISSED))
