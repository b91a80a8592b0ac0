"""Burn-rate alerts. Source: Google SRE workbook, chapter 5 "Alerting on SLOs", with its section on low traffic.

At low traffic few bad events come together, and a rate of few events says little: one bad request of three is a rate
of 33 %. So a pair needs ten bad events in its long window. Where they are fewer, the pair looks at the next longer
windows that hold ten, at its own threshold, rather than saying nothing. The same rate over a longer window has spent
more of the budget, so this never fires for less. A page looks back a day at most: what shows later is a ticket.

A short window shows that it is over, so a pair that does not fire looks further, too, while so few events are expected
in its short window that an empty one may be chance. Otherwise an outage of four requests an hour, at random moments,
would seem to end and to begin again 12 times a day.

Ten requests a day, all of them bad, at 99 %: six hours have 2.5 bad ones, so the page pairs are judged over 1d and 2h.
The rate is up to 1 / 0.01 = 100 there, and it fires with the tenth. Four bad requests at night are four in each
window: nothing fires.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.events import PAGE, BurnPair
from sresnap.model.slo import Alert, JudgedWindows
from sresnap.model.windows import DAY, format_duration

LEAST_THRESHOLD = 0.9
"""A pair with a lower threshold is left out. The ticket pair over 3d has 1.0 for 30 days and 0.933 for 28 days."""

LEAST_BAD_EVENTS = 10
"""A pair is judged by the shortest of its windows with so many bad events."""

LEAST_SHORT_EVENTS = 5
"""A short window says that it is over only where so many events are expected in it, at the pace of its long window.
Where requests come at random and five are expected, one window in 148 is empty by chance: e to the power of −5."""

LONGEST_OF_PAGE = DAY
"""The longest window that a page is judged by."""


def threshold(pair: BurnPair, window_seconds: int) -> float:
    """The burn rate that spends the pair's share of the budget within its long window.

    2 % of 28 days in 1 hour: 0.02 × 672 h / 1 h = 13.44.
    """
    return pair.budget_share * window_seconds / pair.long_seconds


def left_out(pairs: Iterable[BurnPair], window_seconds: int) -> str | None:
    """Why a window has no alert of some pairs; None if it has all of them.

    Of 7 days, 1d would fire at 0.1 × 7 / 1 = 0.7: at this pace 70 % of the budget are spent when the window ends.

        no ticket alerts over 1d and 3d. They would fire at 0.7× and 0.23×, and at such a pace the budget outlasts the
        window
    """
    low = [(pair, limit) for pair in pairs if (limit := threshold(pair, window_seconds)) < LEAST_THRESHOLD]
    if not low:
        return None
    kinds: dict[str, list[str]] = {}
    for pair, _ in low:
        kinds.setdefault(pair.severity, []).append(format_duration(pair.long_seconds))
    missing = " and ".join(
        f"no {kind} alert{'s' * (len(over) > 1)} over {' and '.join(over)}" for kind, over in kinds.items()
    )
    they, limits = "They" if len(low) > 1 else "It", [f"{limit:.2g}×" for _, limit in low]
    paces = " and ".join(part for part in (", ".join(limits[:-1]), limits[-1]) if part)
    return f"{missing}. {they} would fire at {paces}, and at such a pace the budget outlasts the window"


def steps(pair: BurnPair, pairs: Iterable[BurnPair], window_seconds: int) -> tuple[tuple[int, int], ...]:
    """The windows that a pair is judged by, long and short: its own, then the longer ones of other pairs."""
    longest = min(window_seconds, LONGEST_OF_PAGE if pair.severity == PAGE else window_seconds)
    every = {(other.long_seconds, other.short_seconds) for other in pairs}
    longer = sorted(one for one in every if pair.long_seconds < one[0] <= longest)
    return ((pair.long_seconds, pair.short_seconds), *longer)


def alerts(
    pairs: Iterable[BurnPair],
    burn_rates: Mapping[int, float | None],
    window_seconds: int,
    *,
    bad: Mapping[int, float] | None = None,
    total: Mapping[int, float] | None = None,
    raw_bad: Mapping[int, float] | None = None,
    maintenance: Mapping[int, str] | None = None,
) -> tuple[Alert, ...]:
    """Each pair, judged. It fires when both windows exceed the threshold.

    It is unknown when a window is unknown and the other one is not below the threshold.

    A pair that exceeds its threshold is withheld, with the reason, when no window that it may look at has 10 bad
    events, or when a correction lies in the short window: such numbers say little about the service.

    Args:
        pairs: the workbook's.
        burn_rates: by window in seconds.
        window_seconds: length of the SLO window. Pairs whose threshold the budget would outlast are left out: the
            shares were chosen for a month, and in a window of one day a pair over 6h would page at a rate of 0.2.
        bad: bad events by window in seconds; None when the basis is not events.
        total: all events, as `bad`.
        raw_bad: the same without corrections, for the windows that hold one.
        maintenance: by window in seconds, the reason of a correction that lies in it.
    """
    every = tuple(pairs)
    judge = _Judge(burn_rates, bad, total or {}, raw_bad or {}, maintenance or {})
    fitting = ((pair, threshold(pair, window_seconds)) for pair in every)
    return tuple(
        judge.alert(pair, limit, steps(pair, every, window_seconds))
        for pair, limit in fitting
        if limit >= LEAST_THRESHOLD
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """The numbers of one SLO that its pairs are judged by."""

    burn_rates: Mapping[int, float | None]
    bad: Mapping[int, float] | None
    total: Mapping[int, float]
    raw_bad: Mapping[int, float]
    maintenance: Mapping[int, str]

    def alert(self, pair: BurnPair, limit: float, windows: Sequence[tuple[int, int]]) -> Alert:
        own = windows[0]
        decided = self._deciding(windows, limit)
        used = decided or own
        exceeds = self._exceeds(used, limit)
        if exceeds is False and used is not own:
            exceeds = None if self._exceeds(own, limit) is None else False
        withheld = self._withheld(own, decided, limit)
        numbers = self._numbers(own)
        fires = exceeds and withheld is None
        return Alert(
            severity=pair.severity,
            long=numbers.long,
            short=numbers.short,
            threshold=limit,
            long_burn_rate=numbers.long_burn_rate,
            short_burn_rate=numbers.short_burn_rate,
            firing=False if withheld else exceeds,
            withheld=withheld,
            long_bad=numbers.long_bad,
            budget_share=pair.budget_share,
            longer=self._numbers(used) if fires and used is not own else None,
        )

    def _numbers(self, windows: tuple[int, int]) -> JudgedWindows:
        long, short = windows
        return JudgedWindows(
            long=format_duration(long),
            short=format_duration(short),
            long_burn_rate=self.burn_rates.get(long),
            short_burn_rate=self.burn_rates.get(short),
            long_bad=self._bad(long),
        )

    def _bad(self, window: int) -> float | None:
        return None if self.bad is None else self.bad.get(window)

    def _deciding(self, windows: Sequence[tuple[int, int]], limit: float) -> tuple[int, int] | None:
        """The first windows that fire, or have the events to say that nothing does; None when all have too few.

        An unknown count decides that it is unknown.
        """
        enough = [one for one in windows if (bad := self._bad(one[0])) is None or bad >= LEAST_BAD_EVENTS]
        certain = (one for one in enough if self._exceeds(one, limit) is not False or not self._is_thin(one))
        return next(certain, enough[-1] if enough else None)

    def _is_thin(self, windows: tuple[int, int]) -> bool:
        """Whether the short window may be without bad events by chance.

        Four requests an hour are two in 30m: one window in seven has none, although nothing recovered.
        """
        long, short = windows
        total = self.total.get(long)
        return total is not None and total * short / long < LEAST_SHORT_EVENTS

    def _exceeds(self, windows: tuple[int, int], limit: float) -> bool | None:
        known = [rate > limit for window in windows if (rate := self.burn_rates.get(window)) is not None]
        return False if not all(known) else (True if len(known) == len(windows) else None)

    def _withheld(self, own: tuple[int, int], decided: tuple[int, int] | None, limit: float) -> str | None:
        """Why a pair does not fire although the windows exceed its threshold; None where it fires, or they do not."""
        used = decided or own
        exceeds = self._exceeds(used, limit)
        if exceeds:
            if decided is None:
                return self._too_few(own)
            reason = self.maintenance.get(used[1])
            return None if reason is None else f"a correction lies in the last {format_duration(used[1])}: {reason}"
        if exceeds is False and used is not own and self._exceeds(own, limit):
            numbers = self._numbers(used)
            rate = fmt.burn_rate(min(r for r in (numbers.long_burn_rate, numbers.short_burn_rate) if r is not None))
            return f"{self._too_few(own)}, and over {numbers.long} and {numbers.short} it burns at {rate}"
        return None

    def _too_few(self, own: tuple[int, int]) -> str:
        """The bad events of its own long window, and how many there are without corrections."""
        window = own[0]
        bad = self._bad(window)
        assert bad is not None
        raw = self.raw_bad.get(window)
        without = f" ({fmt.number(raw)} without corrections)" if raw is not None else ""
        plural = "s" * (bad != 1)
        events = f"{fmt.number(bad, LEAST_BAD_EVENTS)} bad event{plural} in {format_duration(window)}{without}"
        return f"only {events}; it takes {LEAST_BAD_EVENTS} to fire"
