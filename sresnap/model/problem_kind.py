"""The kinds of problems that a report names. A stored report may have a kind that a later version added."""

from __future__ import annotations

from enum import StrEnum


class ProblemKind(StrEnum):
    """What went wrong with a query, or with the data."""

    QUERY_FAILED = "query_failed"
    AMBIGUOUS = "ambiguous"
    """A query gives several series for one service."""
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad_answer"
    REFUSED = "refused"
    DEADLINE = "deadline"
    """The time for all queries together had passed."""

    NO_SERIES = "no_series"
    NO_DATA = "no_data"
    INSUFFICIENT = "insufficient"
    """There is data, and too little of it to judge an SLO."""
    HISTORY_UNREADABLE = "history_unreadable"
    WARNING = "warning"
    """Prometheus answered, with a warning."""
