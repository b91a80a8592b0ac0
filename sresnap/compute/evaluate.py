"""An SLO, a service, a fleet: judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sresnap.compute.budget import budget
from sresnap.compute.burn import alerts, burn_rate
from sresnap.compute.events import SloData, Total, over
from sresnap.compute.forecast import forecast
from sresnap.compute.status import LEAST_COVERAGE, judge
from sresnap.model.events import BurnPair
from sresnap.model.service import Basis, Slo
from sresnap.model.snapshot import Composite, Hours, ServiceReport, SloReport, Status, WindowReport
from sresnap.model.windows import HOUR, Window, ceil, iso, slo_windows


def evaluate_slo(slo: Slo, data: SloData, window: Window, pairs: Sequence[BurnPair]) -> SloReport:
    """All windows, the budget, the alerts, the forecast and the status of one SLO."""
    totals = {w: over(data, w) for w in slo_windows(window)}
    whole = totals[window]
    rates = {w.seconds: burn_rate(total.events, slo.objective) for w, total in totals.items()}
    left = budget(whole.events, slo.objective, window.seconds, in_events=slo.basis is Basis.EVENTS)
    fired = alerts(pairs, rates, window.seconds)
    first = max(0, (ceil(data.at - window.seconds, HOUR) - data.first_hour) // HOUR)
    hours = tuple(data.hours)[first:]
    ahead = forecast(hours, data.running, slo.objective, data.at)
    status, reason = judge(whole.events, whole.coverage, left, fired, ahead, data.at, window.name)
    return SloReport(
        name=slo.name,
        objective=slo.objective,
        basis=slo.basis.value,
        threshold_seconds=slo.threshold_seconds,
        window=window.name,
        status=status,
        reason=reason,
        flags=("no_traffic",) if whole.events is not None and whole.events.total <= 0 else (),
        windows={w.name: _window_report(total, rates[w.seconds]) for w, total in totals.items()},
        budget=left,
        alerts=fired,
        forecast=ahead,
        hours=Hours(
            start=iso(data.first_hour + first * HOUR),
            good=tuple(None if hour is None else hour.good for hour in hours),
            total=tuple(None if hour is None else hour.total for hour in hours),
        ),
    )


def _window_report(total: Total, rate: float | None) -> WindowReport:
    events = total.events
    return WindowReport(
        start=iso(total.start),
        end=iso(total.end),
        good=None if events is None else events.good,
        total=None if events is None else events.total,
        sli=None if events is None else events.sli,
        burn_rate=rate,
        coverage=total.coverage,
    )


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them; NO_DATA of none."""
    return min(statuses, key=lambda status: status.rank, default=Status.NO_DATA)


def composite(services: Sequence[ServiceReport]) -> Composite:
    """The fleet's budget: 1 − the mean of what each service has consumed, a service counting by its worst SLO.

    Consumed 0.2, 0.7 and 1.5: 1 − 2.4 / 3 = 0.2, worst the third. A service without enough data is left out of the
    mean and makes it partial (with_data < members). `mean_sli` is the seed's: the plain mean of the SLIs.
    """
    remaining = {service.name: _least_remaining(service) for service in services}
    known = {name: ratio for name, ratio in remaining.items() if ratio is not None}
    slis = [sli for service in services if (sli := _first_sli(service)) is not None]
    consumed = [1 - ratio for ratio in known.values()]
    return Composite(
        remaining_ratio=1 - sum(consumed) / len(consumed) if consumed else None,
        members=len(services),
        with_data=len(known),
        worst=min(known, key=lambda name: known[name]) if known else None,
        mean_sli=sum(slis) / len(slis) if slis else None,
    )


def _least_remaining(service: ServiceReport) -> float | None:
    """Of the SLOs that saw enough of their window to be judged."""
    ratios = [
        slo.budget.remaining_ratio for slo in service.slos if (slo.windows[slo.window].coverage or 0) >= LEAST_COVERAGE
    ]
    return min((ratio for ratio in ratios if ratio is not None), default=None)


def _first_sli(service: ServiceReport) -> float | None:
    slo = service.slos[0]
    return slo.windows[slo.window].sli
