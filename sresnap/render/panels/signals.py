"""The golden signals of one service with their curves."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.signals import GOLDEN
from sresnap.model.snapshot import ServiceReport
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.signal import reference_marks, signal_chart
from sresnap.render.views import Chart, Value


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A golden signal: its value now and a curve for each window."""

    title: str
    term: str
    value: Value
    charts: tuple[Chart, ...]
    absent: str | None


@dataclass(frozen=True, slots=True)
class Signals:
    """The golden signals of one service."""

    windows: tuple[str, ...]
    rows: tuple[SignalRow, ...]


_TERMS = {"latency_p99": "latency", "request_rate": "traffic", "error_rate": "errors", "saturation": "saturation"}


def signals(service: ServiceReport, window: str, charts: Charts, pointer: str) -> Signals:
    """The golden signals that the report has, with a curve for each window."""
    windows = ("1h", "6h", window)
    marks = reference_marks(service.slos)
    rows = []
    for signal in GOLDEN:
        report = service.signals.get(signal.key)
        if report is None:  # switched off
            continue
        name, where = f"{service.slug}-{signal.key}", f"{pointer}/signals/{signal.key}/windows"
        known = any(value is not None for w in windows if w in report.windows for value in report.windows[w].values)
        curves = tuple(
            signal_chart(charts, f"{name}-{index}", signal.title, report, w, marks.get(signal.key, ()), f"{where}/{w}")
            for index, w in enumerate(windows)
        )
        absent = None if known else report.absent or "No data in any window."
        value, term = signal_value(service, signal.key), _TERMS[signal.key]
        rows.append(SignalRow(signal.title, term, value, curves if known else (), absent))
    return Signals(windows, tuple(rows))


def signal_value(service: ServiceReport, key: str) -> Value:
    """A golden signal at the end of the report's data."""
    report = service.signals[key]
    if report.value is None:
        return Value(fmt.NONE, report.absent or "no data now")
    levels = [mark.level for mark in reference_marks(service.slos).get(key, ())]
    return Value(fmt.quantity(report.value, report.unit, levels))
