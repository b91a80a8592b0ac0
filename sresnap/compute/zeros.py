"""Which series may be zero without a series, and what a zero of them says."""

from __future__ import annotations

from sresnap.model.series_key import SeriesKey


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


def is_part(key: SeriesKey) -> bool:
    """Whether a series counts a part of a total, so that it may be missing although the total is there."""
    return absent_is_zero(key) or may_be_zero(key)
