"""One objective, judged: its windows, error budget, alerts and corrections; in the units of `snapshot.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sresnap.model.events import EventCount
from sresnap.model.forecast import Forecast
from sresnap.model.instant import Instant
from sresnap.model.now import NOT_JUDGED, Now, Urgency, urgency
from sresnap.model.statement import Statement
from sresnap.model.status import Status
from sresnap.model.stored import Count, Real, Seconds, Span, TimeZone, WindowName


class Flag(StrEnum):
    """What is special about the counts of an SLO's window."""

    NO_TRAFFIC = "no_traffic"
    """Not one event in the window."""
    LOW_TRAFFIC = "low_traffic"
    """Too few events to allow one bad one."""
    IMPLAUSIBLE = "implausible"
    """Counts that cannot be."""
    JUST_BEGUN = "just_begun"
    """A calendar window in its first minutes."""
    AT_LEAST = "at_least"
    """Bad events may be missing: the status is the least that is true."""


@dataclass(frozen=True, slots=True)
class WindowReport:
    """An SLI over one window."""

    start: Instant
    end: Instant
    good: Real | None
    total: Real | None
    """Events, or seconds when the basis is time. None when nothing was seen."""
    sli: Real | None
    burn_rate: Real | None
    """(1 − SLI) / (1 − objective); None without an SLI; 0 without traffic."""
    coverage: Real | None
    """Share of the window that has data, 0..1; None when it is unknown."""
    bad_bounds: tuple[Real, Real] | None = None
    """The least and the most bad events: equal where the samples decide. None when nothing was seen."""

    @property
    def bad(self) -> float | None:
        """Events that were not good."""
        return None if self.good is None or self.total is None else self.total - self.good

    @property
    def worst_sli(self) -> float | None:
        """The SLI with the most bad events. Events that are left open count in the total, too."""
        if self.sli is None or self.total is None or self.bad_bounds is None:
            return self.sli
        least, most = self.bad_bounds
        return 1 - most / (self.total + most - least)


@dataclass(frozen=True, slots=True)
class Budget:
    """The error budget of the SLO window. Negative when overspent."""

    remaining_ratio: Real | None
    remaining_seconds: Real | None
    """The same as minutes of full outage: remaining_ratio × (1 − objective) × window."""
    remaining_events: Real | None
    """Bad events that the objective still allows with this window's traffic; None when the basis is time."""


@dataclass(frozen=True, slots=True)
class JudgedWindows:
    """The windows that a burn-rate pair was judged by."""

    long: WindowName
    short: WindowName
    long_burn_rate: Real | None
    short_burn_rate: Real | None
    long_bad: Real | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A multi-window burn-rate pair of the SRE workbook."""

    severity: str
    long: WindowName
    short: WindowName
    threshold: Real
    long_burn_rate: Real | None
    short_burn_rate: Real | None
    firing: bool | None
    """None when a window has no data: unknown is not calm. False while withheld."""
    withheld: str | None = None
    """Why a pair does not fire although both windows exceed the threshold: too few bad events, or a correction."""
    long_bad: Real | None = None
    """Bad events in the long window; None when the basis is not events."""
    budget_share: Real | None = None
    """Share of the window's budget that the long window may spend before the pair fires."""
    longer: JudgedWindows | None = None
    """The longer windows that the pair fires by, where too few bad events lie in its own; otherwise None."""

    @property
    def judged(self) -> JudgedWindows:
        """The windows that decided."""
        return self.longer or JudgedWindows(
            self.long, self.short, self.long_burn_rate, self.short_burn_rate, self.long_bad
        )


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """A calendar window, to date."""

    unit: str
    timezone: TimeZone
    start: Instant
    resets_at: Instant
    elapsed_ratio: Real
    """Of the window's length."""
    of_period_ratio: Real | None
    """Remaining budget of the *whole* window, if traffic continues as so far: 1 − consumed × elapsed."""


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """Time that is left out of this SLO's window."""

    reason: str
    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """The long windows without corrections."""

    window: WindowReport
    """The SLO window; as judged when only another window holds a correction."""
    budget: Budget
    excluded_seconds: Seconds
    """In the SLO window or, if it holds no correction, in the longest window that does. The same is true of
    `applied`."""
    applied: tuple[AppliedCorrection, ...]
    windows: Mapping[WindowName, WindowReport] = field(default_factory=dict)
    """By name, the windows that hold a correction: 1d, 3d, the SLO window."""
    of_period_ratio: Real | None = None
    """As in `calendar`."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How exactly the events of the SLO window were counted."""

    exact_hours: Count
    """Hours with data whose counts are whole: differences of counters."""
    estimated_hours: Count
    """Hours whose counts `increase` had to estimate: a counter restarted, began or ended in them."""
    within_events: Real
    """The error of the estimates, in bad events."""
    open_hours: Count = 0
    """Hours whose samples leave some events open; `bad_bounds` has the bounds."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Good and total by hour over the SLO window's whole hours."""

    start: Instant
    """Start of the first hour."""
    good: tuple[Real | None, ...]
    total: tuple[Real | None, ...]


@dataclass(frozen=True, slots=True)
class Provisional:
    """How much of a window was seen, where the history begins within it.

    The budget is the whole window's, by the traffic that was seen: what was spent counts seen_seconds / of_seconds.
    """

    since: Instant
    """Start of the first hour that is known."""
    seen_seconds: Seconds
    of_seconds: Seconds
    """Of the window; of a calendar window the part that has passed."""
    whole_at: Instant
    """When the window will be whole; a calendar window at its reset."""

    @property
    def share(self) -> float:
        """Of the window that was seen, 0..1."""
        return self.seen_seconds / self.of_seconds


@dataclass(frozen=True, slots=True)
class SloReport:
    """One objective, judged."""

    name: str
    objective: Real
    basis: str
    """`events`, `slices` or `time`."""
    threshold_seconds: Real | None
    window: WindowName
    """Key of the SLO window in `windows`."""
    status: Status
    reason: str
    """Why it has this status, in one sentence with the numbers."""
    flags: tuple[str, ...]
    """Of `Flag`, and those that a later version added."""
    windows: Mapping[WindowName, WindowReport]
    budget: Budget
    alerts: tuple[Alert, ...]
    forecast: Forecast
    hours: Hours
    kind: str = "occurrences"
    """`occurrences`, `timeslices` or `time`; `basis` says what it is weighted by."""
    slice_seconds: Span | None = None
    slice_target: Real | None = None
    calendar: CalendarReport | None = None
    """None for a rolling window."""
    uncorrected: Uncorrected | None = None
    """`windows` and `budget` without corrections; None when no long window holds one."""
    statement: Statement | None = None
    """None when the window has no data."""
    precision: Precision | None = None
    """None when the basis is not events."""
    running: EventCount | None = None
    """The counts since the last whole hour, without what corrections leave out. With `hours` they are the SLO window.
    None when they are not known, or when the report's moment is a whole hour."""
    series: tuple[str, ...] = ()
    """The series it is made from, as in the `signal` of queries."""
    cause: str | None = None
    """Why it has no data, or may miss bad events, where that is known. `reason` ends with it."""
    now: Now = NOT_JUDGED
    """Whether it burns now; `status` is the verdict on its window."""
    provisional: Provisional | None = None
    """None for a whole window."""
    earlier: Hours | None = None
    """Good and total by hour before the window, as far as they are known: of a rolling window one window, which says
    what was left at each hour; of a calendar window up to four weeks, for the traffic to expect. None in older
    reports."""
    known_since: Instant | None = None
    """Start of the first hour that was ever known; None without data, and in older reports."""

    @property
    def worst_remaining_ratio(self) -> float | None:
        """The budget left with the most bad events that the samples leave open; as in `budget` where they decide.

        At 99 % and 1,000 events with 2 to 5 bad ones, 80 % is left, and at worst 1 − (5 ÷ 1,003) ÷ 0.01 = 50.1 %.
        """
        left, whole = self.budget.remaining_ratio, self.windows.get(self.window)
        if left is None or whole is None or whole.bad_bounds is None or whole.worst_sli is None:
            return left
        least, most = whole.bad_bounds
        if least == most:
            return left
        return min(left, 1 - (1 - whole.worst_sli) / (1 - self.objective) * self.seen_share)

    @property
    def urgency(self) -> Urgency:
        """Its place in every list."""
        return urgency(self.now, self.status, self.budget.remaining_ratio)

    @property
    def seen_share(self) -> float:
        """Of its window that was seen while the history was young; 1 once it is whole."""
        return 1.0 if self.provisional is None else self.provisional.share
