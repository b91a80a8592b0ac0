"""The teams of a report, and the part of it that is about one team."""

from dataclasses import replace

from sresnap.compute.fleet.teams import part_of, teams
from sresnap.model.now import NowState
from sresnap.model.people import People
from sresnap.model.slug import team_slug
from sresnap.model.snapshot import Problem
from sresnap.model.status import Status
from tests import factories


def of(team, service):
    return replace(service, people=People(team=team))


WELL, RISK, SPENT = factories.healthy_service(), factories.at_risk_service(), factories.overspent_service()


def test_teams_come_worst_first_and_a_service_without_one_is_in_none():
    found = teams([of("Shop", WELL), of("Data", SPENT), of("Shop", RISK), factories.healthy_service("other", 2)])
    assert [(team.name, [one.name for one in team.services]) for team in found] == [
        ("Data", ["worker"]),
        ("Shop", ["api", "web"]),
    ]
    assert teams([WELL, of(None, RISK)]) == ()


def test_a_team_is_judged_by_its_own_services():
    report = factories.snapshot([of("Shop", WELL), of("Data", SPENT)])
    by_name = {team.name: part_of(report, team.services) for team in teams(report.services)}
    assert (by_name["Shop"].status, by_name["Shop"].now.state) == (Status.HEALTHY, NowState.QUIET)
    assert (by_name["Data"].status, report.status) == (Status.EXHAUSTED, Status.EXHAUSTED)


def test_gaps_of_another_team_do_not_count_and_gaps_of_all_services_do():
    gaps = [Problem("timeout", "x", name, None) for name in ("api", "worker", None)]
    report = factories.snapshot([of("Shop", WELL), of("Data", SPENT)], problems=gaps)
    assert [problem.service for problem in part_of(report, [report.services[0]]).problems] == ["api", None]


def test_the_folder_of_a_team_is_its_name_in_lower_case_where_that_is_safe():
    assert team_slug("Platform") == "platform"
    assert team_slug("Zürich").startswith("zurich-")
    assert team_slug("日本").startswith("team-")
    assert team_slug("../x") != "../x"
