"""Which periods a build closes: those that are over and that the index of closed periods lacks."""

from __future__ import annotations

from sresnap.config.settings import Config
from sresnap.model.periods import NamedPeriod, before
from sresnap.model.review_index import Reviews


def due_periods(config: Config, index: Reviews, begins: int, at: int) -> list[NamedPeriod]:
    """The periods to close, in the order in which they are closed. No file is read for it.

    Args:
        config: which units, and the time zone.
        index: what is closed.
        begins: start of the first hour that is known.
        at: the report's moment, seconds since the epoch.
    """
    closing, timezone = config.closing, config.timezone
    closed = {entry.period for entry in index.entries}
    found = []
    for unit in closing.units:
        period = closing.newest_due(unit, timezone, at)
        while period.end > begins and index.may_close(period):
            found.append(period)
            period = before(period, timezone)
    return sorted((one for one in found if one.name not in closed), key=lambda one: (one.end, one.unit.rank))
