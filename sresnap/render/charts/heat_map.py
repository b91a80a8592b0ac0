"""The map of errors by hour of the day and by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.compute.slo.burn import burn_rate
from sresnap.compute.slo.trend import big_burn, hourly
from sresnap.model.events import EventCount
from sresnap.model.slo import SloReport
from sresnap.model.windows import day_of
from sresnap.render.charts.cells import Cell, CellLink, cell_chart
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.svg import text
from sresnap.render.clock import Clock
from sresnap.render.links import ReportDays
from sresnap.render.slo_text import unit_of, window_seconds
from sresnap.render.views import Chart, Table

NO_REPORTS = ReportDays("", ())
_WIDTH, _HEIGHT = 12, 7
"""Pixels of an hour, with the gap around it."""
_BELOW = 20
"""Pixels for the days' labels."""
_Hours = Mapping[tuple[date, int], EventCount]
"""Counts by local date and hour."""


def heat_map(charts: Charts, name: str, slo: SloReport, pointer: str = "", reports: ReportDays = NO_REPORTS) -> Chart:
    """Bad events by hour and by day: the stronger the colour, the faster the budget was spent. A cell is one hour.

    A day is a link where the archive has its reports.
    """
    title = f"Errors by hour and day: {slo.name}"
    hours = _local_counts(charts, slo)
    known = {place: count for place, count in hours.items() if count is not None}
    if not known:
        return Chart(name, title, None, "There is no hour with data.")
    dates = sorted({day for day, _ in hours})
    column = {day: index for index, day in enumerate(dates)}
    limits = _limits(slo)
    cells = [
        Cell(
            _heat(count, slo.objective, limits),
            column[day] * _WIDTH,
            hour * _HEIGHT + _HEIGHT - 1,
            _WIDTH - 1,
            _HEIGHT - 1,
        )
        for (day, hour), count in hours.items()
    ]
    return cell_chart(
        name,
        title,
        _summary(known, slo, charts.clock),
        (len(dates) * _WIDTH, 24 * _HEIGHT),
        cells,
        texts=Markup("").join(_texts(dates, charts.clock)),
        below=_BELOW,
        table=_by_hour(known, slo),
        pointer=pointer,
        links=list(_links(dates, charts.clock, reports)),
    )


def _links(dates: list[date], clock: Clock, reports: ReportDays) -> Iterator[CellLink]:
    """The archive's days are in UTC: a day leads to the one that its noon lies in."""
    for column, day in enumerate(dates):
        noon = _noon(day, clock)
        href = reports.href(day_of(noon))
        if href is not None:
            yield CellLink(column * _WIDTH, _WIDTH - 1, href, f"Reports of {clock.day(noon)}")


def _local_counts(charts: Charts, slo: SloReport) -> dict[tuple[date, int], EventCount | None]:
    """By local date and hour; the two hours of the same name in autumn are one cell."""
    counts: dict[tuple[date, int], EventCount | None] = {}
    hours = hourly(slo)
    for place, count in zip(charts.local_hours(slo.hours.start, len(hours)), hours, strict=True):
        both = [found for found in (counts.get(place), count) if found is not None]
        counts[place] = sum(both[1:], both[0]) if both else None
    return counts


def _limits(slo: SloReport) -> tuple[float, ...]:
    """The burn rates between classes: 1×, a tenth of the budget a day, the limit of a page if there is one."""
    pages = [alert.threshold for alert in slo.alerts if alert.severity == "page"]
    return (1.0, big_burn(window_seconds(slo)), *([max(pages)] if pages else []))


def _heat(count: EventCount | None, objective: float, limits: tuple[float, ...]) -> str:
    """The class of a cell, by the limits that its burn rate exceeds."""
    if count is None:
        return "fill-nodata"
    if count.sli is None or count.bad <= 0:
        return "heat-0"
    burn = burn_rate(count, objective) or 0.0
    return f"heat-{1 + sum(burn > limit for limit in limits)}"


def _texts(dates: list[date], clock: Clock) -> Iterator[Markup]:
    """The labels of four hours and of about four days."""
    for hour in (0, 6, 12, 18):
        yield text(-8, hour * _HEIGHT + 9, f"{hour:02}:00", "level", "end")
    step = max(1, len(dates) // 4)
    for index in range(step // 2, len(dates), step):
        place = 100 * (index + 0.5) / len(dates)
        yield text(place, 24 * _HEIGHT + 14, clock.day(_noon(dates[index], clock)), "time", "middle")


def _summary(known: _Hours, slo: SloReport, clock: Clock) -> str:
    (day, hour), count = max(known.items(), key=lambda item: item[1].bad)
    when = f"{clock.day(_noon(day, clock))} from {hour:02}:00"
    some = fmt.count(sum(c.bad > 0 for c in known.values()), "hour")
    most = f"the most, {fmt.number(count.bad)}, on {when}"
    return f"{some} of {fmt.number(len(known))} had bad {unit_of(slo)}; {most}."


def _noon(day: date, clock: Clock) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=clock.zone).timestamp())


def _by_hour(known: _Hours, slo: SloReport) -> Table:
    """A row for each hour of the day, over all days."""
    hours: dict[int, EventCount] = {}
    for (_, hour), count in known.items():
        hours[hour] = hours[hour] + count if hour in hours else count
    rows = [
        (f"{hour:02}:00", fmt.number(count.total), fmt.number(count.bad), fmt.sli(count.sli, slo.objective))
        for hour, count in sorted(hours.items())
    ]
    return Table(("hour of the day", unit_of(slo), f"bad {unit_of(slo)}", "SLI"), tuple(rows))
