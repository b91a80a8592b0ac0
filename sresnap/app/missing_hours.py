"""Hours that a period lacks when it is about to be closed: the build that closes it asks for them, only this once.

A report asks for the hours of its windows. Where no build came for longer than that, earlier hours were never asked
for, and Prometheus may still have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sresnap.app.due_periods import due_periods
from sresnap.app.period_history import missing_day
from sresnap.config.settings import Config
from sresnap.documents.history import first_known_before, load_earlier
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.review_index import Reviews
from sresnap.model.windows import DAY, day_of, floor
from sresnap.plan import Missed, history_hours, slo_columns


def missed_hours(config: Config, out: Path, at: int, index: Reviews, history: History) -> Missed | None:
    """The hours that a build has to ask for before its windows; None where no period that is due lacks any.

    Hours before a series was first known were not missed: it, or the history, had not begun.

    Args:
        config: which periods are closed, and the series of SLOs.
        out: the site's folder.
        at: the report's moment, seconds since the epoch.
        index: what is closed.
        history: the days of the report's windows.
    """
    if index.head is not None and not due_periods(config, index, 0, at):
        return None
    columns, hours = slo_columns(config, at), history_hours(config, at)
    known = _first_known(out, hours, history, {key: one.definition for key, one in columns.items()})
    due = due_periods(config, index, min(known.values(), default=at), at)
    # A day that was published and not restored is there: asked for again, it would replace the published one.
    due = [period for period in due if missing_day(out, period) is None]
    if not due:
        return None
    start, end = min(period.start for period in due), max(period.end for period in due)
    every = History({**load_earlier(out, Span(start, hours.start)).days, **history.days})
    first = [
        span.start
        for key, since in known.items()
        for span in every.unsealed(
            key, columns[key].definition, Span(max(start, since), min(columns[key].asked_from, end))
        )
    ]
    return Missed(floor(min(first), DAY), known) if first else None


def _first_known(out: Path, hours: Span, history: History, columns: Mapping[ColumnKey, str]) -> Mapping[ColumnKey, int]:
    """Since when columns are known, by the notes of builds or, without one, by the stored days."""
    noted = {key for key, definition in columns.items() if history.has_known_since(key, definition)}
    older = first_known_before(out, day_of(hours.start), {key: columns[key] for key in columns.keys() - noted})
    found = {key: history.first_known(key, definition) for key, definition in columns.items()}
    return older | {key: min(hour, older.get(key, hour)) for key, hour in found.items() if hour is not None}


def loaded_hours(config: Config, at: int, missed: Missed | None) -> Span:
    """The hours whose days a build loads: of its windows, and those that it asks for besides."""
    hours = history_hours(config, at)
    return hours if missed is None else Span(min(missed.since, hours.start), hours.end)
