"""Golden signals (Google SRE book, chapter 6) and capacity, as the snapshot shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.series import Series
from sresnap.model.signals import CAPACITY, CAPACITY_NAMES, Signal
from sresnap.model.windows import HOUR

_CHART_DIGITS = 6


def chart_values(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Values of a curve to six significant digits, far finer than a pixel. Nothing is computed from them."""
    return tuple(None if value is None else float(f"{value:.{_CHART_DIGITS}g}") for value in values)


def curve(series: Series) -> SignalWindow:
    """A range answer as a curve."""
    return SignalWindow(series.grid.start, series.grid.step, chart_values(series.values))


def hourly_curve(first_hour: int, values: Sequence[float | None], peaks: Sequence[float | None]) -> SignalWindow:
    """The history's hours as a curve: an hour's value stands at its end."""
    return SignalWindow(first_hour + HOUR, HOUR, chart_values(values), chart_values(peaks))


def signal_report(
    signal: Signal, windows: Mapping[str, SignalWindow], hour: Series | None, absent: str | None
) -> SignalReport:
    """A signal with its curves. Its value is the last minute's or unknown; an older value would look fresh."""
    assert signal.unit is not None, "only counts of events have no unit"
    return SignalReport(
        unit=signal.unit, value=None if hour is None else hour.last, windows=dict(windows), absent=absent
    )


def capacity(
    values: Mapping[str, float | None], absent: Mapping[str, str]
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Capacities and the reasons of those that are missing, under their names in the snapshot.

    A key without a value, not even None, is not part of the report.
    """
    names = [(signal.key, CAPACITY_NAMES[signal.key]) for signal in CAPACITY if signal.key in values]
    return (
        {name: values[key] for key, name in names},
        {name: absent[key] for key, name in names if values[key] is None and key in absent},
    )
