"""The work of a plan grows as the fleet does, not as its square."""

import sys
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
        for name in names[:3]
    )
    text = f"window: 3d\nservices:\n{rows}corrections:\n{repairs}"
    keys = [SeriesKey(role) for role in ("total", "bad", "request_rate", "saturation")]
    old = tuple(Superseded(name, key, Column("older")) for name in names for key in keys)
    columns = {(name, key): Column("old") for name in names for key in keys}
    days = {day_of(AT - back * DAY): HistoryDay(columns, old) for back in range(4)}
    return loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(days)


def steps(count):
    """Lines of Python that a plan runs, with each turn of a loop: unlike seconds, they are the same on any machine."""
    config, history = fleet(count)
    done = 0

    def step(frame, event, argument):
        nonlocal done
        done += event == "line"
        return step

    before = sys.gettrace()  # a measurement of coverage
    sys.settrace(step)
    try:
        plan(config, history, AT)
    finally:
        sys.settrace(before)
    return done


def test_five_more_services_take_as_many_steps_more_in_a_fleet_of_any_size():
    steps(1)  # fills what is remembered from plan to plan
    first, second, third = map(steps, (5, 10, 15))
    # each turn of a loop over all services inside a loop over all services adds 15² - 2 × 10² + 5² = 50 steps
    assert (third - second) - (second - first) < 10
