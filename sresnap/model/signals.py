"""All query keys, and their units inside the program."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.golden import SignalUnit
from sresnap.model.series_key import SeriesKey


@dataclass(frozen=True, slots=True)
class Signal:
    """A key that a preset may define."""

    key: str
    unit: SignalUnit | None
    """Inside the program and in the snapshot; None for counts of events."""
    percent: bool = False
    """Whether the query answers in percent, so that the answer is divided by 100."""
    title: str = ""


GOLDEN = (
    Signal("latency_p99", "seconds", title="Latency p99"),
    Signal("request_rate", "per_second", title="Traffic"),
    Signal("error_rate", "ratio", percent=True, title="Errors"),
    Signal("saturation", "ratio", percent=True, title="Saturation"),
)
"""The four golden signals, in the order of the page (Google SRE book, chapter 6)."""

CAPACITY = (
    Signal("cap_vps_cpu", "ratio", percent=True, title="Host CPU"),
    Signal("cap_vps_mem", "ratio", percent=True, title="Host memory"),
    Signal("cap_vps_disk", "ratio", percent=True, title="Host disk"),
    Signal("cap_container_cpu", "ratio", percent=True, title="Container CPU"),
    Signal("cap_container_mem", "ratio", percent=True, title="Container memory"),
)

CAPACITY_NAMES = {
    "cap_vps_cpu": "vps_cpu",
    "cap_vps_mem": "vps_memory",
    "cap_vps_disk": "vps_disk",
    "cap_container_cpu": "container_cpu",
    "cap_container_mem": "container_memory",
}
"""Query key → name in the snapshot."""

EVENTS = (
    Signal("total", None),
    Signal("good", None),
    Signal("bad", None),
    Signal("latency_good", None),
    Signal("availability", "ratio", percent=True),
)
"""The inputs of SLIs, counted over {window}."""


SLI_KEYS = {signal.key: signal for signal in EVENTS}
"""Query keys that an objective may define for itself."""


_COUNTED = frozenset({*SLI_KEYS, "slices_good", "slices_total"})


def is_counted(key: SeriesKey) -> bool:
    """Whether a series has the counts of whole hours that SLIs are made from."""
    return key.part is None and key.role in _COUNTED


def signal_key(signal: Signal) -> SeriesKey:
    """The series of a signal's values."""
    return SeriesKey(signal.key)


def peak_key(signal: Signal) -> SeriesKey:
    """The series of a signal's hourly peaks in the history."""
    return SeriesKey(f"{signal.key}_peak")


SIGNALS = {signal.key: signal for signal in (*GOLDEN, *CAPACITY, *EVENTS)}
"""Every query key."""
