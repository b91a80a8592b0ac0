"""Which series may be zero without a series, what a zero of them says, and whether it is known to be zero."""

from __future__ import annotations

from sresnap.model.evidence import Evidence
from sresnap.model.series_key import SeriesKey, is_of_bad


def absent_is_zero(key: SeriesKey) -> bool:
    """Whether an answer without a series means 0. This holds for bad events: before the first error no series exists.

    A total without a series is missing data. Good events without a series usually mean a wrong label.
    """
    return key.role == "bad"


def may_be_zero(key: SeriesKey) -> bool:
    """Whether an answer without a series means 0 once the query has found some: for good events and slices of them.

    New instances of a service that only fails have no series of good events: this is an outage. Events under a latency
    threshold are different: a histogram has all of its buckets from the start, so a missing bucket does not exist.
    """
    return key.role in {"good", "slices_good"} and key.events_role != "latency_good"


def says_nothing(key: SeriesKey, value: float | None) -> bool:
    """Whether a value of a doubted series is unknown: a zero is, and so is a count of slices that are good by zeros."""
    return not value or key.role.startswith("slices_")


def doubt(evidence: Evidence, key: SeriesKey, value: float | None) -> str | None:
    """Why a number, or an empty answer, is not known to be right; None if it is. A build and `check --online` ask this.

    A metric that does not exist says nothing, though it was there before: it may be renamed, as after a release. Nor
    does a zero if nothing could be looked up: it may come from `… or vector(0)`.

    Args:
        evidence: what exists of what the query selects.
        key: what the query counts.
        value: what it found, percentages as ratios; None without a number.
    """
    if evidence.missed is not None:
        return evidence.missed
    return evidence.lack if value is None or _may_hide_lack(key, value) else None


def _may_hide_lack(key: SeriesKey, value: float) -> bool:
    """Whether a number is what a query answers that finds none of its errors."""
    if key.role == "slices_good":
        return is_of_bad(key)  # all slices are good, however many there are
    if key.role == "availability":
        return value == 1
    return is_of_bad(key) and value == 0


def is_part(key: SeriesKey) -> bool:
    """Whether a series counts a part of a total, so that it may be missing although the total is there."""
    return absent_is_zero(key) or may_be_zero(key)
