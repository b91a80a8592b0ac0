"""The first days in words: until when reports are provisional, and which window would be whole today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sresnap import format as fmt
from sresnap.compute.answers import Answers
from sresnap.compute.slo.first_days import provisional_of
from sresnap.config.settings import Config
from sresnap.model.query import Purpose, Result
from sresnap.model.series import Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.slo import Provisional
from sresnap.model.windows import DAY, HOUR, day_of
from sresnap.plan import REACH, REACH_HOURS


def provisional_notes(windows: Iterable[Provisional | None]) -> tuple[str, ...]:
    """A sentence for all objectives whose window is equally young.

    Args:
        windows: how young the window of each objective is; None for a whole one.
    """
    every = list(windows)
    found: dict[tuple[str, str, int], int] = {}
    for provisional in every:
        if provisional is not None:
            key = (
                fmt.part_of(provisional.seen_seconds, provisional.of_seconds),
                day_of(provisional.whole_at),
                provisional.seen_seconds // DAY,
            )
            found[key] = found.get(key, 0) + 1
    return tuple(
        fmt.plain(
            f"{count} of {fmt.count(len(every), 'objective')}: data for {seen}. The report is provisional until {day}"
            f"{f'; a window of {whole}d would be whole today' if whole else ''}."
        )
        for (seen, day, whole), count in found.items()
    )


def reached(config: Config, results: Sequence[Result], at: int) -> list[Provisional | None]:
    """How much of each objective's window Prometheus has, from the answers to the plan's `reach` and `reach_hours`.

    None for a whole window, and where nothing was found: then the check says so.
    """
    answers = Answers.of(results)
    return [
        provisional_of(_since(answers, service.name, slo.series[0]), slo.window.period(at))
        for service in config.services
        for slo in service.slos
    ]


def known_hours(series: Series | None) -> list[int]:
    """The starts of the hours that a series has a count of, or may have one of from raw samples."""
    if series is None:
        return []
    points = zip(series.grid.times(), series.values, strict=True)
    return [time - HOUR for time, value in points if value is not None or time in series.unclear]


def _since(answers: Answers, service: str, key: SeriesKey) -> int | None:
    found = (answers.series(service, Purpose.SEEN, key, window) for window in (REACH, REACH_HOURS))
    return min((hours[0] for hours in map(known_hours, found) if hours), default=None)
