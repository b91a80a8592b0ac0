"""When the error budget will be spent.

A rolling window forgets: as time goes on its oldest hours leave it and new ones arrive. The forecast takes the hours
that are known, lets the mean hour of the last three days arrive again and again, and looks for the first hour at whose
end nothing is left. Source: the definition of the rolling window itself (Google SRE workbook, chapter 2).
"""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.compute.budget import remaining_ratio
from sresnap.model.events import EventCount
from sresnap.model.snapshot import Forecast
from sresnap.model.windows import DAY, HOUR, iso

PACE_SECONDS = 3 * DAY
_PACE = "3d"
_LEAST_HOURS = 24
"""With less than a day seen, a daily rhythm would be taken for a trend."""


def forecast(hours: Sequence[EventCount | None], running: EventCount | None, objective: float, at: int) -> Forecast:
    """Simulate the window forward hour by hour, at most one window far.

    `hours` are the SLO window's whole hours, oldest first. No forecast is made (`pace` None) with less than a day of
    data in the last three, or when the budget is spent already.
    """
    recent = [hour for hour in hours[-PACE_SECONDS // HOUR :] if hour is not None]
    known = [hour for hour in hours if hour is not None]
    now = sum(known, running or EventCount(0, 0))
    if len(recent) < _LEAST_HOURS or remaining_ratio(now, objective) <= 0:
        return Forecast(exhausted_at=None, pace=None)
    arriving = sum(recent, EventCount(0, 0))
    good, total = arriving.good / len(recent), arriving.total / len(recent)
    for index, leaving in enumerate(hours, start=1):
        gone = leaving or EventCount(0, 0)
        now = EventCount(now.good - gone.good + good, now.total - gone.total + total)
        if remaining_ratio(now, objective) <= 0:
            return Forecast(exhausted_at=iso(at + index * HOUR), pace=_PACE)
    return Forecast(exhausted_at=None, pace=_PACE)
