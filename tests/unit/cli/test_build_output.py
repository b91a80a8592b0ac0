"""What a build prints about its report."""

from dataclasses import replace
from pathlib import Path

from sresnap.app.books import NO_BOOKS
from sresnap.app.site_writer import BuildResult
from sresnap.cli.build_output import print_closed, print_verdicts
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.snapshot import Problem
from sresnap.model.windows import parse_time
from tests import factories
from tests.closing import Site, steady


def lines(capsys, *services):
    print_verdicts(factories.snapshot(services))
    return capsys.readouterr().out.splitlines()


def test_each_column_has_a_name_and_each_number_is_said_once(capsys):
    head, worker, api = lines(capsys, factories.healthy_service("api"), factories.spent_service("worker"))
    assert head.split() == ["service", "now", "window"]
    assert worker.endswith("availability: Overspent by 93 % (28 days).")
    assert worker.count("93") == 1
    assert api.index("Quiet") == worker.index("Quiet") == head.index("now")
    assert api.index("Healthy") == worker.index("Budget spent") == head.index("window")


def test_what_fires_comes_first_and_the_budget_left_is_named_where_the_reason_does_not_say_it(capsys):
    _, worker, api = lines(capsys, factories.healthy_service("api"), factories.burning_service("worker"))
    assert worker.split()[:2] == ["worker", "Paging"]
    assert " of the budget is left. " in api


def test_a_service_without_data_has_no_number(capsys):
    _, batch = lines(capsys, factories.no_data().services[0])
    assert batch.endswith("No data          availability: There is no data for 28 days.")


def test_a_healthy_service_with_gaps_is_incomplete_as_on_the_page(capsys):
    problem = Problem(ProblemKind.QUERY_FAILED, "no answer", "api", "total")
    services = [factories.healthy_service("api"), factories.healthy_service("web")]
    print_verdicts(factories.snapshot(services, problems=[problem]))
    _, *found = capsys.readouterr().out.splitlines()
    assert {line.split()[0]: line.split()[2] for line in found} == {"api": "Incomplete", "web": "Healthy"}


def test_a_build_names_the_periods_that_it_closed_and_why_one_waits(capsys, tmp_path):
    closed = Site(tmp_path, steady).build(parse_time("2026-11-01T06:00:00Z")).closed
    books = replace(NO_BOOKS, closed=(closed[0], closed[-1]), waiting=("2026-Q4 waits",))
    print_closed(BuildResult(factories.small(), Path(), 1, books=books))
    printed = capsys.readouterr()
    first, last = printed.out.splitlines()
    assert first.startswith(f"Closed week {int(closed[0].period[-2:])} of 2026 ({closed[0].period}): ")
    assert last == "Closed October 2026 (2026-10): 1 of 1 objectives met."
    assert "2026-Q4 waits" in printed.err
