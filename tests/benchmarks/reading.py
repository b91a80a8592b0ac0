"""`python -m tests.benchmarks.reading`: what reading stored files costs, beside the reader that it replaced.

The old reader parsed JSON into dicts and lists first. A snapshot was then validated from them by pydantic; a day of the
history was checked by hand, value by value. Its approach is kept here, frozen, so that both are measured in one run.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable
from dataclasses import replace

from pydantic import TypeAdapter

from sresnap.documents import history, snapshots
from sresnap.model.history import HOURS, Column, HistoryDay
from sresnap.model.series_key import SeriesKey
from sresnap.model.snapshot import Snapshot
from tests.golden.files import SNAPSHOT

SERVICES = 100
SERIES = ("total", "good", "latency_good@0.3", "request_rate", "latency_p99", "error_rate", "saturation", "cap_vps_cpu")
DAY = "2026-11-22"
ROUNDS = 9


def old_snapshot(content: bytes) -> Snapshot:
    data = json.loads(content, parse_constant=_refuse_constant)
    return ADAPTER.validate_python(data, strict=False)


def old_day(content: bytes) -> HistoryDay:
    data = json.loads(content.decode("utf-8"))
    return HistoryDay(
        {
            (service, SeriesKey.parse(series)): _old_column(raw)
            for service, by_series in data["services"].items()
            for series, raw in by_series.items()
        }
    )


def _old_column(raw: dict) -> Column:
    query, sealed, values = raw["query"], raw["sealed"], raw["values"]
    if not isinstance(query, str) or type(sealed) is not int or not 0 <= sealed <= HOURS or len(values) != HOURS:
        raise ValueError("not a column")
    return Column(query, sealed, tuple(_old_value(value) for value in values))


def _old_value(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


ADAPTER = TypeAdapter(Snapshot)


def fleet() -> bytes:
    """The golden report with SERVICES services."""
    report = snapshots.read(SNAPSHOT)
    copies = [
        replace(report.services[number % len(report.services)], name=f"service-{number}", slug=f"service-{number}")
        for number in range(SERVICES)
    ]
    return snapshots.encode(replace(report, services=tuple(copies)))


def day() -> bytes:
    """A day of SERVICES services: counts, ratios, and some hours without data."""
    numbers = random.Random(1)

    def values(series: str) -> tuple[float | None, ...]:
        found = [numbers.expovariate(1) for _ in range(HOURS)]
        counts = [float(int(value * 10_000)) if "good" in series or series == "total" else value for value in found]
        return tuple(None if numbers.random() < 0.02 else value for value in counts)

    columns = {
        (f"service-{number}", SeriesKey.parse(series)): Column("5c8a" * 4, HOURS, values(series))
        for number in range(SERVICES)
        for series in SERIES
    }
    return history.encode(DAY, HistoryDay(columns), None)


def milliseconds(read: Callable[[], object]) -> float:
    """CPU of the fastest of several readings."""
    best = math.inf
    for _ in range(ROUNDS):
        started = time.process_time()
        read()
        best = min(best, time.process_time() - started)
    return best * 1000


def main() -> None:
    one, many, one_day = SNAPSHOT.read_bytes(), fleet(), day()
    assert old_snapshot(many) == snapshots.decode(many, "fleet")
    assert old_day(one_day) == history.decode(one_day, DAY)[0]
    rows: list[tuple[str, bytes, Callable[[], object], Callable[[], object]]] = [
        ("snapshot, 3 services", one, lambda: old_snapshot(one), lambda: snapshots.decode(one, "x")),
        ("snapshot, 100 services", many, lambda: old_snapshot(many), lambda: snapshots.decode(many, "x")),
        ("history day, 100 services", one_day, lambda: old_day(one_day), lambda: history.decode(one_day, DAY)),
    ]
    print(f"{'file':<28}{'KB':>8}{'old ms':>10}{'new ms':>10}{'ratio':>8}")
    for name, content, old, new in rows:
        before, after = milliseconds(old), milliseconds(new)
        print(f"{name:<28}{len(content) / 1000:>8.0f}{before:>10.1f}{after:>10.1f}{before / after:>8.1f}")


if __name__ == "__main__":
    main()
