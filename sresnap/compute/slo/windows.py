"""An SLO's windows: their counts, and how a report shows them."""

from __future__ import annotations

from sresnap.compute.slo.burn import burn_rate
from sresnap.compute.slo.events import SloData, Total, over, over_period
from sresnap.model.service import Slo
from sresnap.model.slo import WindowReport
from sresnap.model.windows import LONG_WINDOWS, SHORT_WINDOWS, CalendarWindow, Period


def totals(slo: Slo, data: SloData, period: Period) -> dict[str, Total]:
    """By window, shortest first; a calendar window comes last."""
    rolling = {w.seconds: w for w in (*SHORT_WINDOWS, *LONG_WINDOWS)}
    if not isinstance(slo.window, CalendarWindow):
        rolling[slo.window.seconds] = slo.window
    found = {rolling[seconds].name: over(data, rolling[seconds]) for seconds in sorted(rolling)}
    return found if period.name in found else {**found, period.name: over_period(data, period)}


def window_report(total: Total, objective: float) -> WindowReport:
    """A window's counts with what follows from them."""
    events = total.events
    return WindowReport(
        start=total.start,
        end=total.end,
        good=None if events is None else events.good,
        total=None if events is None else events.total,
        sli=None if events is None else events.sli,
        burn_rate=burn_rate(events, objective),
        coverage=total.coverage,
    )
