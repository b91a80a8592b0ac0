"""Reads which file a snapshot, a day of the history or a closed period follows, by name and SHA-256.

Only this link is read: decoding every snapshot of an archive would take minutes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sresnap.documents.codec import read_part
from sresnap.documents.layout import HISTORY_DAY, RESTATEMENT, REVIEW, SNAPSHOT
from sresnap.model.review import PreviousReview
from sresnap.model.snapshot import PreviousReport
from sresnap.model.stored import Sha256
from sresnap.model.windows import HOUR, day_of, day_start


@dataclass(frozen=True, slots=True)
class _SnapshotLink:
    previous: PreviousReport | None


@dataclass(frozen=True, slots=True)
class _DayLink:
    previous_sha256: Sha256 | None


@dataclass(frozen=True, slots=True)
class _ReviewLink:
    previous: PreviousReview | None


@dataclass(frozen=True, slots=True)
class _RestatementLink:
    previous_sha256: Sha256


def predecessor_of(name: str, content: bytes) -> tuple[str, str] | None:
    """Name and SHA-256 of the file that this one names as its predecessor.

    None: it is the first one, it is another kind of file, or its link cannot be read.
    """
    if SNAPSHOT.matches(name):
        snapshot = read_part(_SnapshotLink, content)
        before = None if snapshot is None else snapshot.previous
        return None if before is None else (SNAPSHOT.path(before.id), before.sha256)
    if REVIEW.matches(name):
        review = read_part(_ReviewLink, content)
        closed = None if review is None else review.previous
        return None if closed is None else (REVIEW.path(closed.period), closed.sha256)
    place = RESTATEMENT.values(name)
    if place is not None:
        restatement = read_part(_RestatementLink, content)
        return None if restatement is None else (_stated_before(*place), restatement.previous_sha256)
    day = HISTORY_DAY.value(name)
    link = None if day is None else read_part(_DayLink, content)
    if day is None or link is None or link.previous_sha256 is None:
        return None
    with suppress(ValueError, OverflowError):  # the 99th of a month
        return HISTORY_DAY.path(day_of(day_start(day) - HOUR)), link.previous_sha256
    return None


def _stated_before(period: str, number: str) -> str:
    """The file that a restatement follows."""
    return REVIEW.path(period) if number == "1" else RESTATEMENT.path(period, str(int(number) - 1))
