"""Where the error budget went, for readers."""

from dataclasses import replace

from sresnap.model.now import Now, NowState
from sresnap.render.clock import Clock
from sresnap.render.downloads.statements import statement_files
from sresnap.render.panels.statement import statements
from tests import factories
from tests.panels import pages_of

UTC = Clock.of("UTC")


PAGE = "services/worker/index.html"


def test_the_page_lists_the_episodes_and_says_that_they_add_up():
    text = pages_of("overspent").document(PAGE, "statement").text
    assert "Sat 7 Nov 11:00 Sat 7 Nov 16:00 5 h 12 488 1 h 23 min 41 % 27 % 80× Sat 5 Dec 15:30 −77 %" in text
    assert "Sat 21 Nov 15:00 ongoing" in text
    assert "All other hours 25 d 15 h 5 580" in text
    assert "Total 27 d 23 h 45 692 5 h 5 min 152 % 100 % 80×" in text
    assert "40 112 in 3 episodes and 5 580 in all other hours add up to 45 692 bad requests" in text


def test_the_page_names_the_pace_of_what_is_left_after_an_episode():
    text = pages_of("overspent").document(PAGE, "statement").text
    assert "Drops out Left after that" in text
    assert "Left after that: at the calmer pace, of the last 3 days." in text


def test_a_quiet_present_is_not_said_and_an_unknown_one_is():
    quiet = factories.slo(now=Now(NowState.QUIET, reason="No burn-rate alert fires."))
    unknown = factories.slo(now=Now(reason="There is no data for the last 5m."))
    first, second = statements(factories.service(slos=(quiet, unknown)), UTC).slos
    assert first.now == ""
    assert second.now == "Whether an alert fires now is unknown. There is no data for the last 5m."


def test_a_statement_that_does_not_add_up_says_so():
    slo = factories.overspent_service().slos[0]
    wrong = replace(slo, statement=replace(slo.statement, bad=slo.statement.bad + 7))
    (view,) = statements(factories.service(slos=(wrong,)), UTC).slos
    assert view.sum.startswith("This does not add up")
    assert "7 are missing" in view.sum


def test_nothing_spent_divides_by_nothing():
    (view,) = statements(factories.no_traffic().services[0], UTC).slos
    assert view.sum == "Nothing was spent: 0 bad requests of 0."
    assert (view.whole.bad, view.whole.budget_share, view.whole.spent_share) == ("0", "0\u00a0%", "—")


def test_without_data_there_is_a_reason_and_no_file():
    report = factories.no_data()
    (view,) = statements(report.services[0], UTC).slos
    assert view.empty == "There is no data for 28 days."
    assert not statement_files(report, report.services[0])


def test_the_page_links_its_files_for_download():
    found = [attrs for tag, attrs in pages_of("overspent").document(PAGE, "statement").tags if tag == "a"]
    assert [attrs["href"] for attrs in found] == ["statement-availability.csv", "statement-availability.json"]
    assert all("download" in attrs for attrs in found)


def test_a_calendar_window_is_reset_instead_of_left():
    month = factories.this_month()
    (view,) = statements(factories.service(slos=(month,)), UTC).slos
    assert view.leaves == "Resets"
    assert view.sum.endswith("% of the budget.")
    assert "in this month" in view.sum
