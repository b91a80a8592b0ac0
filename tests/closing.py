"""Builds without Prometheus and without pages: answers are made directly, and periods are closed as a build does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sresnap.app.books import load_books
from sresnap.app.closing import close_due
from sresnap.app.gather import report_input
from sresnap.app.known_since import with_known_since
from sresnap.app.missing_hours import loaded_hours, missed_hours
from sresnap.app.period_history import Known
from sresnap.app.restating import Change, restate
from sresnap.config import loads
from sresnap.documents.files import write_changed
from sresnap.documents.history import load_earlier, load_history, save_history
from sresnap.model.query import Result
from sresnap.model.series import Series
from sresnap.model.windows import snapshot_id
from sresnap.plan import earlier_hours, history_hours, plan

QUERIES = """
provider: custom
queries:
  total: {by: service, promql: 'sum by (service) (increase(total{{service=~"{service}"}}[{window}]))'}
  bad: {by: service, promql: 'sum by (service) (increase(bad{{service=~"{service}"}}[{window}]))'}
"""
API = "services: [{name: api, slos: [{name: a, objective: 99}]}]\n"


@cache
def configured(text):
    return loads(QUERIES + text, "sresnap.yaml", {}, cwd=Path.cwd())


LATE = object()
"""The answer of a server that warns that it is partial."""


class Site:
    """A folder that builds write to.

    `truth(service, role, end, at)` is the number of the hour that ends at `end`, as a build at `at` is answered: None
    for none, LATE for none yet, a pair for bounds.
    """

    def __init__(self, out, truth, config=API):
        self.out, self.truth, self.config = out, truth, config
        self.is_killed = False
        """Whether builds are killed before they write the history."""

    def build(self, at):
        """What the build closed and restated."""
        config = configured(self.config)
        books = load_books(config, self.out)
        before = load_history(self.out, history_hours(config, at))
        missed = missed_hours(config, self.out, at, books.index, before.history)
        before = load_history(self.out, loaded_hours(config, at, missed))
        todo = plan(config, before.history, at, missed)
        results = [self._answer(query, at) for query in todo.queries]
        earlier = load_earlier(self.out, earlier_hours(config, at))
        gathered = report_input(config, before.history, at, todo, results, {}, earlier=earlier)
        gathered = with_known_since(self.out, gathered)
        known = Known.of(gathered)
        books = restate(Change(config, self.out, at, before.history, gathered.history, known), books)
        write_changed(self.out, books.files)
        if not self.is_killed:
            books = close_due(config, self.out, at, known, books)
            save_history(self.out, before, gathered.history, snapshot_id(at))
            write_changed(self.out, books.files)
        return books

    def _answer(self, query, at):
        times = query.grid.times()

        def series(service):
            found = [self.truth(service, str(query.series_key), time, at) for time in times]
            bounds = {time: each[1] for time, each in zip(times, found, strict=True) if isinstance(each, tuple)}
            values = tuple(each[0] if isinstance(each, tuple) else each for each in found)
            return Series({}, query.grid, tuple(None if each is LATE else each for each in values), high=bounds), values

        made = {member.service: series(member.service) for member in query.members}
        return Result(
            query,
            {name: found for name, (found, _) in made.items() if any(found.values) or found.high},
            unsure={
                name: frozenset(time for time, each in zip(times, values, strict=True) if each is LATE)
                for name, (_, values) in made.items()
                if LATE in values
            },
        )


def steady(service, role, end, at):
    """A hundred events an hour, one of them bad in each third hour."""
    return 100.0 if role == "total" else float(end // 3600 % 3 == 0)
