"""A closed period as data: what each objective came to in a week, month, quarter or year that is over.

The names are the published contract of `reviews/<period>/review.json`. Units as in `snapshot.py`: ratios 0..1, seconds,
times RFC 3339 in UTC. The file never changes. What changes a number later is a restatement, in a file beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

from pydantic import Field

from sresnap.model.instant import Instant
from sresnap.model.periods import PeriodName, PeriodUnit
from sresnap.model.stored import STORED, Count, Day, Real, Sha256, Span, TimeZone

SCHEMA: Final = "sresnap/review/1"
RESTATEMENT_SCHEMA: Final = "sresnap/restatement/1"
MOST_EPISODES = 5
"""How many episodes a review names, the costliest. The others are summed up."""
MOST_DAYS = 3
"""How many of the worst days a review names."""
LAST_PERIODS = 12
"""Over how many periods a review counts the objectives that were met."""


def _is_unknown(value: object) -> bool:
    return value is None


_T = TypeVar("_T")
_Known = Annotated[_T | None, Field(exclude_if=_is_unknown)]
"""A key that the file leaves out where there is nothing to say."""


class Outcome(StrEnum):
    """What an objective came to."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    """The samples leave open which of the two: the objective lies between the bounds."""
    INCOMPLETE = "incomplete"
    """Too few of its hours are known for a verdict."""
    LOW_TRAFFIC = "low_traffic"
    """So few events that the objective allows less than one bad one."""
    IMPLAUSIBLE = "implausible"
    """Counts that cannot be, such as more good events than events."""
    NO_TRAFFIC = "no_traffic"
    """Not one event: nothing was promised, nothing was spent."""
    NO_DATA = "no_data"

    @property
    def is_judged(self) -> bool:
        """Whether it is a verdict."""
        return self in (Outcome.MET, Outcome.MISSED)


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """The numbers of an objective over a period."""

    outcome: Outcome
    good: Real | None
    total: Real | None
    """Events, slices or seconds, by the basis. None when nothing was seen."""
    bad_bounds: tuple[Real, Real] | None
    """The least and the most bad events: equal where the samples decide."""
    sli: Real | None
    """Of what the samples prove; `bad_bounds` has the other end."""
    remaining_ratio: Real | None
    """Of the period's error budget, negative when overspent, of what the samples prove."""
    worst_remaining_ratio: Real | None
    """The same with the most bad events."""
    coverage: Real
    """Share of the period's hours that are known, without those that corrections leave out; 0..1."""


class ReviewedEpisode(NamedTuple):
    """Hours in which the budget was spent faster than it lasts, as in `statement.Episode`. In the file a row."""

    start: Instant
    end: Instant
    bad: Real
    minutes: Real
    budget_share: Real
    """Of the period's error budget."""
    peak_burn_rate: Real


@dataclass(frozen=True, slots=True)
class OtherSpending:
    """What is in none of the named episodes: smaller episodes, and the background."""

    episodes: Count
    """How many further episodes."""
    bad: Real
    budget_share: Real


class WorstDay(NamedTuple):
    """A local day. In the file a row of values, in this order."""

    day: Day
    bad: Real
    total: Real
    budget_share: Real
    """Of the period's error budget."""


class PastResult(NamedTuple):
    """The result of an earlier period, as it was closed. In the file a row of values, in this order."""

    period: PeriodName
    outcome: Outcome
    sli: Real | None
    remaining_ratio: Real | None
    objective: Real


@dataclass(frozen=True, slots=True)
class SloReview:
    """One objective over a period."""

    name: str
    objective: Real
    basis: str
    """`events`, `slices` or `time`."""
    kind: str
    definitions: Mapping[str, str]
    """By series, the hash of the query that filled it: what the result was judged by."""
    result: PeriodResult
    episodes: tuple[ReviewedEpisode, ...]
    """The costliest, oldest first; at most `MOST_EPISODES`."""
    others: OtherSpending | None
    """None without data. With the episodes it adds up to all bad events."""
    worst_days: tuple[WorstDay, ...]
    """Worst first; only days that spent something, at most `MOST_DAYS`."""
    last: tuple[PastResult, ...]
    """This period and those before it, newest first, at most `LAST_PERIODS`; only those that were closed, as they were
    closed."""
    threshold_seconds: _Known[Real] = field(default=None, kw_only=True)
    slice_seconds: _Known[Span] = field(default=None, kw_only=True)
    slice_target: _Known[Real] = field(default=None, kw_only=True)
    uncorrected: _Known[PeriodResult] = field(default=None, kw_only=True)
    """Without corrections; None when the period holds none."""
    known_since: _Known[Instant] = field(default=None, kw_only=True)
    """Start of the first hour that is known, where the history begins within the period."""
    year_before: _Known[PastResult] = field(default=None, kw_only=True)
    """The same period a year before."""

    @property
    def before(self) -> PastResult | None:
        """The period of the unit that was closed before; None for the first one."""
        return self.last[1] if len(self.last) > 1 else None

    @property
    def judged(self) -> int:
        """How many of the last periods have a verdict."""
        return sum(past.outcome.is_judged for past in self.last)

    @property
    def met(self) -> int:
        """In how many of the last periods it was met."""
        return sum(past.outcome is Outcome.MET for past in self.last)


@dataclass(frozen=True, slots=True)
class ServiceReview:
    """A service over a period."""

    name: str
    slug: str
    slos: tuple[SloReview, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours that no report has counted, of any service."""

    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class CorrectedTime:
    """A correction that was applied."""

    reason: str
    start: Instant
    end: Instant
    services: tuple[str, ...] | None
    """None: all of them."""


@dataclass(frozen=True, slots=True)
class PreviousReview:
    """The period that was closed before this one."""

    period: PeriodName
    sha256: Sha256
    """Of its `review.json`."""


@dataclass(frozen=True, slots=True)
class Review:
    """A closed period: the whole file."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/review/1"]
    period: PeriodName
    unit: PeriodUnit
    timezone: TimeZone
    start: Instant
    end: Instant
    closes_at: Instant
    """The first moment at which a build may close it."""
    title: str
    """Of the site."""
    previous: PreviousReview | None
    """Its place in the chain; None for the first."""
    coverage: Real
    """Share of its hours in which any service is known."""
    gaps: tuple[Gap, ...]
    """The reporter's own gaps."""
    corrections: tuple[CorrectedTime, ...]
    services: tuple[ServiceReview, ...]

    def objective(self, service: str, slo: str) -> SloReview | None:
        """One objective of a service; None where the period has none of the name."""
        found = (one for each in self.services if each.name == service for one in each.slos if one.name == slo)
        return next(found, None)

    def count(self, outcome: Outcome) -> int:
        """How many objectives came to an outcome."""
        return sum(slo.result.outcome is outcome for service in self.services for slo in service.slos)


class Cause(StrEnum):
    """Why a number of a closed period changed."""

    LATE_DATA = "late_data"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class RestatedResult:
    """An objective whose result changed."""

    service: str
    slo: str
    was: PeriodResult
    """As it was closed, or as the restatement before says."""
    now: PeriodResult


@dataclass(frozen=True, slots=True)
class Restatement:
    """What changed in a closed period: the whole file. The closed one stays as it is."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/restatement/1"]
    period: PeriodName
    number: Annotated[int, Field(ge=1, le=9999)]
    """1 for the first of the period, without gaps."""
    at: Instant
    """The moment of the report that found it."""
    previous_sha256: Sha256
    """Of the restatement before, or of the review."""
    causes: tuple[Cause, ...]
    hours: tuple[Gap, ...]
    """The hours whose counts changed."""
    corrections: tuple[CorrectedTime, ...]
    """All that apply now."""
    results: tuple[RestatedResult, ...]
