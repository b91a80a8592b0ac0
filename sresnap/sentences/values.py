"""What a sentence may name: a number, a time or a name, with the address of what it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

from sresnap import format as fmt
from sresnap.model.periods import PeriodUnit, period_named
from sresnap.model.windows import DAY, HOUR, MINUTE
from sresnap.model.wording import Wording

MOST_NAMES = 5


class Kind(Enum):
    """What a value is, which says how it is written."""

    TEXT = auto()
    """As it is."""
    NAMES = auto()
    """A list that stays short."""
    COUNT = auto()
    """How many addresses the value has."""
    NUMBER = auto()
    """A whole number."""
    SHARE = auto()
    """A ratio as a percentage."""
    SPENT = auto()
    """A remaining budget, as what was spent of it."""
    OBJECTIVE = auto()
    SLI = auto()
    """An SLI, and the objective that it is shown beside."""
    COVERAGE = auto()
    DAY = auto()
    """A local day, `2026-10-14`, or a moment as its local day."""
    MOMENT = auto()
    TIME = auto()
    """A moment as the time of its local day."""
    LENGTH = auto()
    """Seconds, of a start and an end."""
    PERIOD = auto()
    PERIODS = auto()
    """How many periods, and their unit."""
    WORD = auto()
    """The name of a text in the wording."""


_MOMENTS = frozenset({Kind.DAY, Kind.MOMENT, Kind.TIME})
Data = int | float | str | tuple[str, ...] | tuple[float, float] | tuple[int, str]


@dataclass(frozen=True, slots=True)
class Value:
    """A part of a sentence."""

    kind: Kind
    data: Data
    addresses: tuple[str, ...] = ()
    """Where what it was made from is: `reviews/2026-10/review.json#/services/0/slos/1/objective`."""


@dataclass(frozen=True, slots=True)
class Known:
    """A number of a file."""

    value: float
    address: str

    def as_(self, kind: Kind) -> Value:
        return Value(kind, self.value, (self.address,))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Writes values in one language and one time zone."""

    wording: Wording
    zone: ZoneInfo

    def text(self, value: Value) -> str:
        """The value in words."""
        match value.data:
            case str(text):
                return self._said(value.kind, text)
            case (int(number), str(unit)):
                return self._amount(_PERIODS[PeriodUnit(unit)], number)
            case (float(ratio), float(goal)):
                return fmt.sli(ratio, goal)
            case int(number) | float(number):
                return (
                    self._moment(value.kind, int(number))
                    if value.kind in _MOMENTS
                    else self._number(value.kind, number)
                )
            case names:
                return self._names([str(name) for name in names])

    def _said(self, kind: Kind, text: str) -> str:
        match kind:
            case Kind.WORD:
                return self.wording.words[text]
            case Kind.PERIOD:
                return self.period(text)
            case Kind.DAY:
                return self._day(datetime.fromisoformat(text))
            case _:
                return text

    def _number(self, kind: Kind, number: float) -> str:
        match kind:
            case Kind.SHARE:
                return fmt.percent(number)
            case Kind.SPENT:
                return fmt.percent(1 - number)
            case Kind.OBJECTIVE:
                return fmt.objective(number)
            case Kind.COVERAGE:
                return fmt.percent_floor(number)
            case Kind.LENGTH:
                return self.length(int(number))
            case _:
                return fmt.number(number)

    def _moment(self, kind: Kind, time: int) -> str:
        local = datetime.fromtimestamp(time, self.zone)
        minute = f"{local:%H:%M}"
        if kind is Kind.TIME:
            return minute
        if kind is Kind.DAY:
            return self._day(local)
        month = self.wording.months[local.month - 1]
        return self.wording.words["moment"].format(day=local.day, month=month, time=minute)

    def period(self, name: str) -> str:
        """The name of a period as a reader says it: `October 2026`, `week 44 of 2026`."""
        year, _, rest = name.partition("-")
        unit = period_named(name, "UTC").unit
        month = self.wording.months[int(rest) - 1] if unit is PeriodUnit.MONTH else ""
        return self.wording.words[f"{unit}_period"].format(year=year, month=month, number=rest.lstrip("WQ0"))

    def length(self, seconds: int) -> str:
        """A duration: in hours under two days, then in days and hours; in minutes where it has no whole hours."""
        if seconds % HOUR:
            return self._amount("minutes", round(seconds / MINUTE))
        days, hours = divmod(seconds, DAY)
        if seconds < 2 * DAY:
            return self._amount("hours", seconds // HOUR)
        whole = self._amount("days", days)
        return self._both(whole, self._amount("hours", hours // HOUR)) if hours else whole

    def _day(self, local: datetime) -> str:
        return self.wording.words["day"].format(day=local.day, month=self.wording.months[local.month - 1])

    def _amount(self, name: str, number: int) -> str:
        return self.wording.amount(name, number, fmt.number(number))

    def _both(self, first: str, last: str) -> str:
        return self.wording.words["both"].format(first=first, last=last)

    def _names(self, names: list[str]) -> str:
        if len(names) > MOST_NAMES:
            shown = ", ".join(names[:MOST_NAMES])
            return self.wording.words["more"].format(list=shown, n=fmt.number(len(names) - MOST_NAMES))
        return names[0] if len(names) == 1 else self._both(", ".join(names[:-1]), names[-1])


_PERIODS = {
    PeriodUnit.WEEK: "weeks",
    PeriodUnit.MONTH: "months_long",
    PeriodUnit.QUARTER: "quarters",
    PeriodUnit.YEAR: "years",
}
