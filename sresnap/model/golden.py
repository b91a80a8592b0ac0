"""Golden signals and capacity, over their windows; in the units of `snapshot.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sresnap.model.instant import Instant
from sresnap.model.stored import Real, Span, WindowName

SignalUnit: TypeAlias = Literal["seconds", "per_second", "ratio"]


@dataclass(frozen=True, slots=True)
class SignalWindow:
    """A signal's curve over one window."""

    start: Instant
    """Time of the first value. An hourly value covers the hour that ends at its time."""
    step_seconds: Span
    values: tuple[Real | None, ...]
    peaks: tuple[Real | None, ...] | None = None
    """Of the 28d window: each hour's highest five minutes."""


@dataclass(frozen=True, slots=True)
class SignalReport:
    """A golden signal."""

    unit: SignalUnit
    value: Real | None
    """At `at`; None when that moment has no data."""
    windows: Mapping[WindowName, SignalWindow]
    absent: str | None = None
    """Why there is no data: no query in the preset, a failed query, or no series."""


@dataclass(frozen=True, slots=True)
class CapacityTrend:
    """How full a resource was over the window."""

    hours: SignalWindow
    full_at: Instant | None = None
    """When it is full if it keeps growing as in the last week; None when not within a year, or without enough data."""
