"""A history that existed and broke: however long the gap is, what comes after it is not its first days."""

from pathlib import Path

import pytest

from sresnap.app.gather import report_input
from sresnap.app.known_since import with_known_since
from sresnap.compute.service_report import service_report
from sresnap.config import loads
from sresnap.documents.history import load_earlier, load_history, save_history
from sresnap.model.query import Result
from sresnap.model.series import Series
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, parse_time, snapshot_id
from sresnap.plan import earlier_hours, history_hours, plan

BEGAN = parse_time("2026-11-01T00:00:00Z")
BROKE, BACK = BEGAN + 3 * DAY, BEGAN + 9 * DAY
"""The gap of six days is three windows."""
CONFIG = """
provider: custom
window: 2d
queries:
  total: {{by: service, promql: 'sum by (service) (increase(total{{{{service=~"{{service}}"}}}}[{{window}}]))'}}
  bad: {{by: service, promql: 'sum by (service) (increase({bad}{{{{service=~"{{service}}"}}}}[{{window}}]))'}}
services: {services}
"""
API = "{name: api, slos: [{name: a, objective: 99}]}"
WEB = "{name: web, slos: [{name: a, objective: 99}]}"


class Site:
    """A folder into which reports are built, one after the other."""

    def __init__(self, out):
        self.out = out

    def report(self, at, *, services=API, bad="bad", begins=BEGAN, gap=(BROKE, BACK)):
        """The objective of the last service."""
        config = loads(CONFIG.format(services=f"[{services}]", bad=bad), "sresnap.yaml", {}, cwd=Path.cwd())
        before = load_history(self.out, history_hours(config, at))
        todo = plan(config, before.history, at)
        results = [_answer(query, begins, gap) for query in todo.queries]
        earlier = load_earlier(self.out, earlier_hours(config, at))
        found = with_known_since(self.out, report_input(config, before.history, at, todo, results, {}, earlier=earlier))
        save_history(self.out, before, found.history, snapshot_id(at))
        (slo,) = service_report(found, config.services[-1]).slos
        return slo


def _answer(query, begins, gap):
    """A hundred events an hour, one in a thousand bad; nothing before the beginning and in the gap."""
    values = [
        None if time <= begins or gap[0] < time <= gap[1] else 100.0 if query.series_key.role == "total" else 0.1
        for time in query.grid.times()
    ]
    if not any(values):
        return Result(query, {})
    return Result(query, {member.service: Series({}, query.grid, tuple(values)) for member in query.members})


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_a_gap_of_three_windows_is_a_gap_when_reports_were_built_all_the_time(site):
    for at in range(BROKE, BACK + 12 * HOUR, DAY):
        site.report(at)
    slo = site.report(BACK + 12 * HOUR)
    assert (slo.status, slo.provisional, slo.known_since) == (Status.INSUFFICIENT, None, BEGAN)
    assert "Only 25 % of 2 days has data" in slo.reason


def test_a_gap_of_three_windows_is_a_gap_when_no_report_was_built_in_it(site):
    site.report(BROKE)
    slo = site.report(BACK + 12 * HOUR)
    assert (slo.status, slo.provisional) == (Status.INSUFFICIENT, None)
    # The next report finds the note of this one, even on a machine that has no older day.
    for day in sorted(site.out.glob("history/*/*/*.json"))[:-1]:
        day.unlink()
    assert site.report(BACK + 13 * HOUR, begins=BACK).status is Status.INSUFFICIENT


def test_what_an_older_version_stored_without_the_note_counts_too(site):
    site.report(BROKE)
    for day in site.out.glob("history/*/*/*.json"):
        text = day.read_text()
        assert ('"known_since"' in text) == (day.stem == "2026-11-03")
        day.write_text(text.replace(f',"known_since":{BEGAN}', ""))
        assert "known_since" not in day.read_text()
    assert site.report(BACK + 12 * HOUR).status is Status.INSUFFICIENT


def test_after_the_gap_has_left_the_window_the_verdict_is_back(site):
    site.report(BROKE)
    slo = site.report(BACK + 2 * DAY)
    assert (slo.status, slo.provisional) == (Status.HEALTHY, None)


def test_a_service_that_is_new_is_in_its_first_days_beside_a_history_that_broke(site):
    site.report(BROKE)
    site.report(BACK + 12 * HOUR)
    slo = site.report(BACK + 12 * HOUR, services=f"{API}, {WEB}", begins=BACK)
    assert (slo.status, slo.provisional.since, slo.known_since) == (Status.HEALTHY, BACK, BACK)


def test_a_query_that_changed_begins_again(site):
    # Nothing says what the new query would have found before the gap.
    site.report(BROKE)
    slo = site.report(BACK + 12 * HOUR, bad="errors")
    assert slo.provisional.since == BACK


def test_a_report_of_the_past_knows_no_beginning_after_it(site):
    site.report(BACK + 12 * HOUR, begins=BACK)
    assert site.report(BEGAN + DAY, begins=BACK).status is Status.NO_DATA


def test_the_first_hour_may_be_in_any_day_though_no_build_noted_it(site):
    site.report(BROKE)
    for day in site.out.glob("history/*/*/*.json"):
        day.write_text(day.read_text().replace(f',"known_since":{BEGAN}', ""))
    assert site.report(BACK + 12 * HOUR).known_since == BEGAN
