"""The time of a plan grows as the fleet does, not as its square."""

import time
from pathlib import Path

from sresnap.config import loads
from sresnap.model.history import Column, History, HistoryDay, Superseded
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, day_of, parse_time
from sresnap.plan import plan

AT = parse_time("2026-11-22T21:30:00Z")


def fleet(count):
    """A configuration whose queries have changed twice, and its history: every column was superseded by another."""
    names = [f"s{number}" for number in range(count)]
    rows = "".join(f"  - {{name: {name}, slo_target: 99.9, labels: {{env: e1}}}}\n" for name in names)
    repairs = "".join(
        f"  - {{reason: r, start: 2026-11-20T22:10:00Z, end: 2026-11-20T23:30:00Z, services: [{name}]}}\n"
        for name in names[:20]
    )
    text = f"window: 3d\nservices:\n{rows}corrections:\n{repairs}"
    keys = [SeriesKey(role) for role in ("total", "bad", "request_rate", "saturation")]
    old = tuple(Superseded(name, key, Column("older")) for name in names for key in keys)
    columns = {(name, key): Column("old") for name in names for key in keys}
    days = {day_of(AT - back * DAY): HistoryDay(columns, old) for back in range(4)}
    return loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(days)


def seconds(count):
    config, history = fleet(count)
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        plan(config, history, AT)
        best = min(best, time.process_time() - started)
    return best


def test_four_times_the_services_take_about_four_times_as_long():
    # a loop over all services inside a loop over all services takes sixteen times as long
    assert seconds(600) < 9 * seconds(150)
