"""Reports of one week, replayed hour by hour: the budget line of the last goes through every earlier headline.

Each report is made as a build makes it: from its plan, the answers to its queries and the history, which grows.
"""

from pathlib import Path

import pytest

from sresnap.compute.answers import Answers, merge_answers
from sresnap.compute.service_report import Earlier, ReportInput, service_report
from sresnap.compute.slo.trend import remaining
from sresnap.config import burn_pairs, default_policy, loads
from sresnap.model.history import History, HistoryDay
from sresnap.model.query import Result
from sresnap.model.series import Series
from sresnap.model.windows import DAY, HOUR, day_of, parse_time
from sresnap.plan import plan

END = parse_time("2026-11-23T00:00:00Z")
WEEK = range(END - 7 * DAY, END + HOUR, HOUR)
OUTAGE = parse_time("2026-11-18T09:00:00Z")
GAP = parse_time("2026-11-19T14:00:00Z")
FLEET = """
provider: custom
window: 2d
queries:
  total: {by: service, promql: 'sum by (service) (increase(total{{service=~"{service}"}}[{window}]))'}
  bad: {by: service, promql: 'sum by (service) (increase(bad{{service=~"{service}"}}[{window}]))'}
services:
  - name: api
    slos:
      - {name: short, objective: 99}
      - {name: week, objective: 99, window: week}
"""
CORRECTIONS = """
corrections:
  - {reason: whole hours, start: 2026-11-17T05:00:00Z, duration: 2h}
  - {reason: a part of an hour, start: 2026-11-20T08:20:00Z, duration: 10m}
"""


def counted(role, start, end, gaps):
    """The events between two moments: steady within an hour, more by day, with bad hours; None in a gap."""
    found = 0.0
    for hour in range(start - start % HOUR, end, HOUR):
        if hour in gaps:
            return None
        total = 600 + 60 * (hour // HOUR % 24)
        bad = 240 if OUTAGE <= hour < OUTAGE + 3 * HOUR else 6 * (hour // HOUR % 5)
        part = (min(end, hour + HOUR) - max(start, hour)) / HOUR
        found += part * (total if role == "total" else bad)
    return found


class Job:
    """A job that builds reports, one after the other."""

    def __init__(self, text, gaps=(), begins=0):
        self.config = loads(FLEET + text, "sresnap.yaml", {}, cwd=Path.cwd())
        self.gaps = gaps
        self.begins = begins
        self.history = History()

    def answer(self, query):
        """What the server has: nothing before it began, and nothing in gaps."""
        seconds = HOUR if query.purpose == "hourly" else {"1h": HOUR, "6h": 6 * HOUR}.get(query.window, 300)
        part = query.series_key.part
        seconds = part[1] - part[0] if part else query.grid.end % HOUR if query.purpose == "running_hour" else seconds
        values = [
            None if time - seconds < self.begins else counted(query.series_key.role, time - seconds, time, self.gaps)
            for time in query.grid.times()
        ]
        if all(value is None for value in values):
            return Result(query, {})
        return Result(query, {member.service: Series({}, query.grid, tuple(values)) for member in query.members})

    def report(self, at):
        """The objectives of a report, by name."""
        todo = plan(self.config, self.history, at)
        results = [self.answer(query) for query in todo.queries]
        self.history = merge_answers(self.history, results, todo.definitions, todo.totals, at - 3 * HOUR)
        # As on disk: a build reads the days of its hours in full, and of those before them what SLOs need.
        early = {day: found for day, found in self.history.days.items() if day < day_of(todo.hours.start)}
        cut = HistoryDay(dict(self.history.days.get(day_of(todo.hours.start), HistoryDay()).columns))
        earlier = History({**early, day_of(todo.hours.start): cut})
        gathered = ReportInput(
            at, self.config.window, self.config.services, burn_pairs(), todo.hours,
            Answers.of(results), self.history, todo.definitions, todo.corrections, {}, default_policy(), {},
            Earlier(todo.earlier, earlier),
        )  # fmt: skip
        return {slo.name: slo for slo in service_report(gathered, self.config.services[0]).slos}


@pytest.mark.parametrize(
    ("corrections", "gaps", "begins"),
    [(CORRECTIONS, (GAP, GAP + HOUR, GAP + 5 * HOUR), 0), ("", (), END - 5 * DAY)],
    ids=["corrections and gaps", "a young history"],
)
def test_row_18_the_budget_line_goes_through_the_headline_of_every_earlier_report(corrections, gaps, begins):
    job = Job(corrections, gaps, begins)
    reports = {at: job.report(at) for at in WEEK if at > begins}
    last = reports[END]
    for name, slo in last.items():
        line = dict(zip(range(slo.hours.start + HOUR, END + HOUR, HOUR), remaining(slo), strict=True))
        said = {at: reports[at][name].budget.remaining_ratio for at in line if at in reports}
        assert said == pytest.approx({at: line[at] for at in said}, abs=1e-9), name
        assert line[END] == pytest.approx(slo.budget.remaining_ratio, abs=1e-12)
        # The line says something: it falls by the outage, and the outage leaves a rolling window again.
        known = [left for left in line.values() if left is not None]
        assert max(known) - min(known) > 0.05


def test_a_line_costs_no_query():
    job = Job("")
    job.report(END - 4 * DAY)
    todo = plan(job.config, job.history, END)
    assert todo.earlier.start < END - 6 * DAY
    assert min(query.grid.start for query in todo.queries if query.purpose == "hourly") == END - 4 * DAY - 2 * HOUR
