"""What corrections take out of an SLO, and its numbers without them. Reports always show both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap.compute.slo.budget import budget, remaining_ratio
from sresnap.compute.slo.events import SloData, Total
from sresnap.compute.slo.windows import totals, window_report
from sresnap.model.corrections import Correction, Cut
from sresnap.model.events import EventCount
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import AppliedCorrection, SloReport, Uncorrected
from sresnap.model.windows import SHORT_WINDOWS, Period

_SHORT = {window.name for window in SHORT_WINDOWS}


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What corrections take out of an SLO."""

    corrections: Sequence[Correction] = ()
    """Those that concern its service."""
    events: Mapping[Cut, EventCount | None] = field(default_factory=dict)
    """The counts of each part of an hour that is left out; None where they are unknown."""

    def within(self, start: int, end: int) -> list[Correction]:
        return [c for c in self.corrections if c.start < end and c.end > start]


NO_EXCLUSIONS = Exclusions()


def maintenance(window_seconds: Iterable[int], exclusions: Exclusions, at: int) -> dict[int, str]:
    """By window in seconds, the reason of the last correction in it."""
    found = {seconds: exclusions.within(at - seconds, at) for seconds in window_seconds}
    return {seconds: corrections[-1].reason for seconds, corrections in found.items() if corrections}


def as_counted(slo: Slo, measured: SloData, period: Period, exclusions: Exclusions) -> dict[str, Total]:
    """Counts of the long windows that contain a correction, with the correction not applied.

    Short windows are never corrected.
    """
    if not exclusions.corrections:
        return {}
    long = {name: total for name, total in totals(slo, measured, period).items() if name not in _SHORT}
    return {name: total for name, total in long.items() if exclusions.within(total.start, total.end)}


def uncorrected(
    slo: Slo,
    whole: Total,
    raw: Mapping[str, Total],
    left_out: Mapping[int, int],
    period: Period,
    exclusions: Exclusions,
    seen: float = 1.0,
) -> Uncorrected | None:
    """What an SLO's numbers are without corrections; None when no long window holds one.

    The SLO's own window may hold no correction while a longer one does, such as the 3d of a month that began yesterday.
    Then the excluded time is counted over the longest such window.

    Args:
        slo: the objective.
        whole: its window as judged.
        raw: counts of the windows that contain a correction, with the correction not applied.
        left_out: by an hour's start, the seconds of it that are left out.
        period: the span of its window.
        exclusions: what corrections take out.
        seen: the share of the window that was seen while the history is young.
    """
    if not raw:
        return None
    since = period.start if period.name in raw else min(total.start for total in raw.values())
    total = raw.get(period.name, whole)
    return Uncorrected(
        window=window_report(total, slo.objective),
        budget=budget(
            total.events, slo.objective, period.budget_seconds, in_events=slo.basis is Basis.EVENTS, seen=seen
        ),
        excluded_seconds=sum(seconds for hour, seconds in left_out.items() if hour >= since),
        applied=tuple(AppliedCorrection(c.reason, c.start, c.end) for c in exclusions.within(since, period.end)),
        windows={name: window_report(total, slo.objective) for name, total in raw.items()},
        of_period_ratio=of_period_ratio(total.events, slo.objective, period, seen),
    )


def of_period_ratio(events: EventCount | None, objective: float, period: Period, seen: float = 1.0) -> float | None:
    """The remaining budget of a *whole* calendar window if traffic continues as so far; None for a rolling window.

    The events of the first 10 of 30 days have consumed 30 % of the budget to date. If traffic continues, they are
    0.3 × 10 / 30 = 10 % of what the whole month allows, and 90 % is left.
    """
    if events is None or period.resets_at is None:
        return None
    return 1 - (1 - remaining_ratio(events, objective, seen)) * period.elapsed_ratio


def is_corrected(slo: SloReport) -> bool:
    """Whether the SLO's own window holds a correction."""
    raw = slo.uncorrected
    return raw is not None and (slo.window in raw.windows or not raw.windows)


def as_measured(slo: SloReport) -> SloReport:
    """An SLO with its counts and budget without corrections; its verdict stays."""
    raw = slo.uncorrected
    if raw is None:
        return slo
    return replace(slo, windows={**slo.windows, **raw.windows, slo.window: raw.window}, budget=raw.budget)
