"""The whole hours that a report is made from."""

from __future__ import annotations

from sresnap.config.settings import Config
from sresnap.model.history import Span
from sresnap.model.service import Slo
from sresnap.model.windows import DAY, HOUR, ceil, floor


def history_hours(config: Config, at: int) -> Span:
    """The whole hours of the longest window, of the charts or of an SLO."""
    slos = (slo for service in config.services for slo in service.slos)
    starts = [config.window.period(at).start, *(slo_start(slo, at) for slo in slos)]
    return Span(min(starts), floor(at, HOUR))


def earlier_hours(config: Config, at: int) -> Span:
    """The hours before `history_hours`, back to two windows: they say what the budget was at each hour of a window."""
    end = history_hours(config, at).start
    return Span(min(end, *(_earlier_start(slo, at) for service in config.services for slo in service.slos)), end)


def _earlier_start(slo: Slo, at: int) -> int:
    """Where the window before an SLO's own begins."""
    period = slo.window.period(at)
    return period.start - ceil(period.length_seconds, HOUR)


def slo_start(slo: Slo, at: int) -> int:
    """The first hour that an SLO needs: of its window, or of the three days for burn rate and pace."""
    return min(slo.window.period(at).start, ceil(at - 3 * DAY, HOUR))
