"""The gate: a release passes only on a fresh report with budget left. Every other result has its own exit code."""

from dataclasses import replace

import pytest

from sresnap.app.gate import FailOn, GateRequest, Verdict, gate, judge
from sresnap.errors import ExitCode, NoReport, UsageError
from sresnap.model.now import Now, NowState
from sresnap.model.slo import Flag
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE
from tests import factories

REPORT = factories.healthy()
FRESH = REPORT.at + 5 * MINUTE


def with_budgets(**remaining):
    """The sample report with other budgets: service → ratio of its first SLO."""
    services = []
    for service in REPORT.services:
        left = remaining.get(service.name, 0.5)
        status = Status.NO_DATA if left is None else Status.HEALTHY
        slo = service.slos[0]
        slo = replace(slo, status=status, budget=replace(slo.budget, remaining_ratio=left))
        services.append(replace(service, slos=(slo, *service.slos[1:])))
    return replace(REPORT, services=tuple(services))


def judged(snapshot, *names, now=FRESH, **more):
    return judge(snapshot, GateRequest("public", now, names, **more))


def first_slo(index=0):
    service = REPORT.services[index]
    return f"{service.name}/{service.slos[0].name}"


@pytest.mark.parametrize(
    ("left", "least", "expected"),
    [
        (0.5, 0.1, ExitCode.DONE),
        (0.1, 0.1, ExitCode.BREACHED),
        (0.0999, 0.1, ExitCode.BREACHED),
        (0.0, 0, ExitCode.BREACHED),
        (-0.2, -0.5, ExitCode.DONE),
        (None, 0.1, ExitCode.NO_REPORT),
    ],
)
def test_the_budget_left_must_exceed_the_minimum(left, least, expected):
    report = with_budgets(**{REPORT.services[0].name: left})
    assert judged(report, first_slo(), min_remaining=least).exit_code == expected


def with_unknown_burn(status, left, *names):
    """The first SLO of the sample report, without data in some windows."""
    service = REPORT.services[0]
    slo = service.slos[0]
    windows = {name: replace(w, burn_rate=None) if name in names else w for name, w in slo.windows.items()}
    slo = replace(slo, status=status, windows=windows, budget=replace(slo.budget, remaining_ratio=left))
    return replace(REPORT, services=(replace(service, slos=(slo,)),))


@pytest.mark.parametrize("names", [("5m", "30m", "1h", "2h", "6h"), ("5m",)])
def test_an_slo_without_recent_data_does_not_pass_on_an_old_budget(names):
    result = judged(with_unknown_burn(Status.AT_RISK, 0.2, *names))
    assert result.exit_code == ExitCode.NO_REPORT
    assert result.slos[0].reason == "There is no data for the last 5m, so the current state is unknown."


def test_a_spent_budget_is_breached_even_without_recent_data():
    assert judged(with_unknown_burn(Status.EXHAUSTED, -0.2, "5m")).exit_code == ExitCode.BREACHED


def test_a_breach_says_what_is_left_and_what_is_required():
    report = with_budgets(**{REPORT.services[0].name: 0.7})
    assert judged(report, first_slo(), min_remaining=0.8).slos[0].reason == "70 % is left; more than 80 % is required."
    spent = with_budgets(**{REPORT.services[0].name: -0.22})
    assert judged(spent, first_slo()).slos[0].reason == "−22 % is left; some is required."


def burns(state, *, unknown=None, left=0.5):
    """The sample report; its first SLO has this state now and, if asked, a pair that is unknown."""
    report = with_budgets(**{REPORT.services[0].name: left})
    service = report.services[0]
    slo = service.slos[0]
    alerts = tuple(replace(one, firing=None if one.severity == unknown else False) for one in slo.alerts)
    slo = replace(slo, now=Now(state, reason="Why."), alerts=alerts)
    return replace(report, services=(replace(service, slos=(slo,)), *report.services[1:]))


PAGING, TICKET, UNKNOWN, QUIET = NowState
DONE, BREACHED, NO_REPORT = ExitCode.DONE, ExitCode.BREACHED, ExitCode.NO_REPORT


@pytest.mark.parametrize(
    ("state", "paging", "ticket"),
    [
        (PAGING, BREACHED, BREACHED), (TICKET, DONE, BREACHED), (UNKNOWN, NO_REPORT, NO_REPORT), (QUIET, DONE, DONE),
    ],
)  # fmt: skip
def test_what_burns_now_breaches_where_it_is_asked_for(state, paging, ticket):
    report = burns(state)
    assert judged(report, first_slo(), fail_on=frozenset({FailOn.PAGING})).exit_code == paging
    assert judged(report, first_slo(), fail_on=frozenset({FailOn.TICKET})).exit_code == ticket
    assert judged(report, first_slo()).exit_code == DONE


def test_a_spent_budget_passes_where_only_the_present_is_asked_for():
    spent = burns(QUIET, left=-3.0)
    assert judged(spent, first_slo(), fail_on=frozenset({FailOn.TICKET})).exit_code == DONE
    both = judged(spent, first_slo(), fail_on=frozenset(FailOn))
    assert (both.exit_code, both.slos[0].now) == (BREACHED, "quiet")


def test_of_both_parts_the_worse_one_counts():
    assert judged(burns(PAGING), first_slo(), fail_on=frozenset(FailOn)).slos[0].reason == "Why."
    assert judged(burns(UNKNOWN, left=-3.0), first_slo(), fail_on=frozenset(FailOn)).exit_code == NO_REPORT


def test_a_ticket_that_fires_does_not_answer_for_a_page_that_is_unknown():
    asked = frozenset({FailOn.PAGING})
    assert judged(burns(TICKET, unknown="page"), first_slo(), fail_on=asked).exit_code == NO_REPORT
    assert judged(burns(QUIET, unknown="ticket"), first_slo(), fail_on=asked).exit_code == DONE


def test_the_most_urgent_slo_is_the_first_line():
    report = factories.burning()
    assert judged(report, now=report.at).slos[0].slo == "worker/availability"


def test_a_stale_report_never_passes():
    late = REPORT.at + HOUR
    assert judged(with_budgets(), first_slo(), now=late).exit_code == ExitCode.STALE
    assert judged(with_budgets(), first_slo(), now=late, max_age_seconds=2 * HOUR).exit_code == ExitCode.DONE


def test_a_report_from_the_future_is_stale():
    # Two clocks may differ by 5 minutes.
    assert judged(with_budgets(), first_slo(), now=REPORT.at - 5 * MINUTE).exit_code == ExitCode.DONE
    ahead = judged(with_budgets(), first_slo(), now=REPORT.at - 6 * MINUTE, max_age_seconds=1000 * DAY)
    assert ahead.exit_code == ExitCode.STALE
    assert ahead.stale == "it is dated 6\u00a0min in the future; a clock is wrong, there or here"


def test_no_data_wins_over_stale_and_stale_over_breached():
    names = [service.name for service in REPORT.services]
    report = with_budgets(**{names[0]: None, names[1]: -1.0})
    late = REPORT.at + DAY
    assert judged(report, *names[:2], now=late).exit_code == ExitCode.NO_REPORT
    assert judged(report, first_slo(1), now=late).exit_code == ExitCode.STALE
    assert judged(report, first_slo(1)).exit_code == ExitCode.BREACHED


def test_a_service_means_all_its_slos_and_no_name_means_every_slo():
    everything = judged(with_budgets())
    assert len(everything.slos) == sum(len(service.slos) for service in REPORT.services)
    assert {slo.verdict for slo in everything.slos[:1]} == {Verdict.PASSED}
    service = REPORT.services[0]
    only = judged(with_budgets(), service.name)
    assert [slo.slo for slo in only.slos] == [f"{service.name}/{slo.name}" for slo in service.slos]


def test_an_unknown_slo_is_wrong_usage_with_the_nearest_name():
    with pytest.raises(UsageError) as wrong:
        judged(with_budgets(), REPORT.services[0].name + "x")
    assert REPORT.services[0].name in wrong.value.hint


def test_a_report_without_slos_has_a_whole_hint():
    with pytest.raises(UsageError) as raised:
        judged(replace(factories.healthy(), services=()), "api")
    assert raised.value.hint == "it has none: was it built with another configuration?"


def test_a_site_without_a_report_does_not_pass(tmp_path):
    with pytest.raises(NoReport):
        gate(GateRequest(str(tmp_path), FRESH))


def test_row_16_a_pass_in_the_first_days_has_its_own_word_and_exit_code_0():
    young = factories.first_report()
    (verdict,) = judge(young, GateRequest("public", young.at, ())).slos
    assert verdict.verdict == Verdict.PROVISIONAL == "provisional"
    assert judge(young, GateRequest("public", young.at, ())).exit_code == ExitCode.DONE
    # A budget that is spent is breached, however young the history is.
    strict = judge(young, GateRequest("public", young.at, (), min_remaining=0.999))
    assert (strict.slos[0].verdict, strict.exit_code) == (Verdict.BREACHED, ExitCode.BREACHED)


def with_first(**changes):
    """The sample report with another first SLO."""
    service = REPORT.services[0]
    changed = replace(service, slos=(replace(service.slos[0], **changes), *service.slos[1:]))
    return replace(REPORT, services=(changed, *REPORT.services[1:]))


def test_bad_events_that_the_samples_leave_open_count_against_the_budget():
    # 99.5 % of 100,000 events allow 500 bad ones. 100 are proved, which leaves 80 %; 600 are possible: overspent.
    slo = REPORT.services[0].slos[0]
    whole = replace(slo.windows[slo.window], good=99_900.0, total=100_000.0, sli=0.999, bad_bounds=(100.0, 600.0))
    left = replace(slo.budget, remaining_ratio=0.8)
    report = with_first(
        objective=0.995, budget=left, status=Status.EXHAUSTED, windows={**slo.windows, slo.window: whole}
    )
    worst = report.services[0].slos[0].worst_remaining_ratio
    assert worst == pytest.approx(1 - 600 / 100_500 / 0.005)
    assert judged(report, first_slo()).exit_code is ExitCode.BREACHED
    decided = replace(whole, bad_bounds=(100.0, 100.0))
    report = with_first(budget=left, windows={**slo.windows, slo.window: decided})
    assert report.services[0].slos[0].worst_remaining_ratio == 0.8
    assert judged(report, first_slo()).exit_code is ExitCode.DONE


@pytest.mark.parametrize("part", list(FailOn))
@pytest.mark.parametrize("status", [Status.AT_RISK, Status.CRITICAL])
def test_budget_left_of_counts_that_miss_errors_does_not_pass(status, part):
    now = Now(NowState.QUIET, reason="")
    fine = with_first(status=status, now=now)
    assert judged(fine, first_slo(), fail_on=frozenset({part})).exit_code is ExitCode.DONE
    missed = with_first(status=status, now=now, flags=(Flag.AT_LEAST,))
    assert judged(missed, first_slo(), fail_on=frozenset({part})).exit_code is ExitCode.NO_REPORT
