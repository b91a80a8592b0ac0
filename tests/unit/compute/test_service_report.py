"""From answers to a service's report: what failed, what never came, what a correction cuts out of the running hour."""

from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.compute.answers import Answers, merge_answers
from sresnap.compute.problems import problems
from sresnap.compute.service_report import Earlier, ReportInput, fleet_status, service_report
from sresnap.config import burn_pairs, default_policy, loads
from sresnap.model.history import History, Hourly
from sresnap.model.now import NowState
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure, Purpose, Result, Run
from sresnap.model.series import Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.snapshot import Problem
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, parse_time
from sresnap.plan import plan
from sresnap.prometheus.assign import all_failed
from sresnap.render.verdict_text import slo_reason

AT = parse_time("2026-11-22T21:34:00Z")
FLEET = "services: [{name: web, slo_target: 99}, {name: api, slo_target: 99}]\n"


def gathered(text, result_of, at=AT):
    """What a build would have, were each query answered by `result_of`."""
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    todo = plan(config, History(), at)
    results = [result_of(query) for query in todo.queries]
    history = merge_answers(History(), results, todo.definitions, todo.totals, at - 3 * HOUR)
    return ReportInput(
        at, config.window, config.services, burn_pairs(), todo.hours,
        Answers.of(results), history, todo.definitions,
        todo.corrections, config.policy, default_policy(), {}, Earlier(todo.earlier, History()),
        names_sources=config.names_sources,
    )  # fmt: skip


def constant(query):
    """100 events with one bad in every window, 10 with one bad in the part of an hour that a correction cuts out."""
    key = query.series_key
    value = {"total": 10.0 if key.part else 100.0, "bad": 1.0}.get(key.role, 5.0)
    return Result(query, {m.service: Series({}, query.grid, (value,) * query.grid.count) for m in query.members})


TOTALS_OF_FLEET = {(name, SeriesKey("bad")): SeriesKey("total") for name in ("web", "api")}


def report(found, name="web"):
    return service_report(found, next(s for s in found.services if s.name == name))


def test_a_correction_of_the_running_hour_subtracts_its_counts():
    now = "{reason: move, start: 2026-11-22T21:10:00Z, duration: 10m, services: [web]}"
    before = "{reason: upgrade, start: 2026-11-20T10:00:00Z, duration: 2h, services: [web]}"
    found = gathered(f"{FLEET}corrections: [{now}, {before}]", constant)
    slo = report(found).slos[0]
    # 671 whole hours of 100 events with 1 bad, and the running one. Two whole hours are left out, and of the running
    # one 10 events with 1 bad.
    assert (slo.windows["28d"].total, slo.uncorrected.window.total) == (66_990, 67_200)
    assert slo.uncorrected.window.total - slo.uncorrected.window.good == 672
    assert slo.windows["28d"].total - slo.windows["28d"].good == 669
    assert slo.uncorrected.excluded_seconds == 7800
    assert report(found, "api").slos[0].uncorrected is None


def test_a_correction_of_a_part_of_a_past_hour_subtracts_its_counts():
    text = f"{FLEET}corrections: [{{reason: move, start: 2026-11-20T10:20:00Z, duration: 10m, services: [web]}}]"
    slo = report(gathered(text, constant)).slos[0]
    # 672 stretches of 100 events with 1 bad, less 10 events with 1 bad.
    assert (slo.windows["28d"].total, slo.uncorrected.window.total) == (67_190, 67_200)
    assert slo.windows["28d"].total - slo.windows["28d"].good == 671


def test_a_warning_is_reported_once_and_a_known_cause_by_its_series():
    def warned(query):
        return replace(constant(query), runs=(Run("promql", query.grid, 1, 0.1, ("it is slow",)),) * 2)

    found = replace(
        gathered(FLEET, warned), causes={("web", SeriesKey.parse("latency_good@0.3")): "there is no bucket 0.3"}
    )
    listed = problems(found, [])
    assert [p.message for p in listed if p.kind == "warning" and p.signal == "bad"] == ["Prometheus warns: it is slow"]
    assert [(p.service, p.message) for p in listed if p.signal == "latency_good@0.3"] == [
        ("web", "there is no bucket 0.3")
    ]


def test_with_a_warning_what_seems_quiet_is_unknown_and_what_burns_still_burns():
    def warned(query):
        return replace(constant(query), runs=(Run("promql", query.grid, 1, 0.1, ("a store is away",)),))

    # 1 % of 10 % is 0.1×; of 1 % it is 1×, which is over 0.933 for three days.
    calm, burning = (f"services: [{{name: web, slo_target: {target}}}]\n" for target in (90, 99))
    assert report(gathered(calm, constant)).now.state is NowState.QUIET
    found = report(gathered(calm, warned)).slos[0]
    assert found.now.state is NowState.UNKNOWN
    assert found.now.reason == "Prometheus warns of its answers, so events may be missing."
    assert report(gathered(burning, warned)).now.state is NowState.TICKET


def test_the_fleet_has_the_status_of_its_worst_service():
    found = gathered(FLEET, constant)
    spent = replace(report(found), status=Status.EXHAUSTED)
    assert fleet_status([report(found, "api"), spent]) is Status.EXHAUSTED
    assert fleet_status([]) is Status.NO_DATA


def test_a_calendar_window_that_has_just_begun_is_not_a_problem_of_the_report():
    found = gathered(FLEET + "window: month\n", constant, at=parse_time("2026-12-01T00:03:00Z"))
    services = [report(found), report(found, "api")]
    assert [service.slos[0].flags for service in services] == [("just_begun",)] * 2
    assert not [problem for problem in problems(found, services) if problem.kind == "insufficient"]


def failing(*purposes, services=("web",), keys=None):
    failure = Failure("timeout", "no answer within 30 s")

    def result_of(query):
        if query.purpose in purposes and (keys is None or str(query.series_key) in keys):
            good = constant(query)
            values = {name: series for name, series in good.values.items() if name not in services}
            return Result(query, values, dict.fromkeys(services, failure))
        return constant(query)

    return result_of


def test_a_signal_whose_query_failed_says_why_and_is_one_problem():
    keys = {"request_rate", "request_rate_peak"}
    found = gathered(FLEET, failing(Purpose.SIGNAL, Purpose.HOURLY, Purpose.PEAK, keys=keys))
    assert report(found).signals["request_rate"].absent == "no answer within 30 s"
    assert report(found, "api").signals["request_rate"].absent is None
    listed = [p for p in problems(found, [report(found), report(found, "api")]) if p.signal == "request_rate"]
    assert [(p.kind, p.service) for p in listed] == [("timeout", "web")]


def test_a_failure_of_all_services_is_reported_once():
    found = gathered(FLEET, failing(Purpose.SIGNAL, services=("web", "api"), keys={"error_rate"}))
    listed = [p for p in problems(found, []) if p.signal == "error_rate"]
    assert [(p.kind, p.service) for p in listed] == [("timeout", None)]


def test_a_signal_that_nothing_answers_is_absent_and_one_with_empty_values_is_not():
    def empty(query):
        return Result(query) if query.series_key.role.startswith("latency_p99") else constant(query)

    found = gathered(FLEET, empty)
    assert report(found).signals["latency_p99"].absent == "Prometheus has no series for this query."

    def idle(query):
        if not query.series_key.role.startswith("latency_p99"):
            return constant(query)
        return Result(query, {m.service: Series({}, query.grid, (None,) * query.grid.count) for m in query.members})

    assert report(gathered(FLEET, idle)).signals["latency_p99"].absent is None


def test_when_it_is_not_known_which_minutes_had_data_coverage_of_short_windows_is_unknown():
    assert report(gathered(FLEET, failing(Purpose.SEEN))).slos[0].windows["1h"].coverage is None


def test_a_series_that_never_had_five_minutes_covers_nothing():
    def unseen(query):
        return Result(query) if query.purpose is Purpose.SEEN else constant(query)

    assert report(gathered(FLEET, unseen)).slos[0].windows["1h"].coverage == 0


def test_capacity_that_was_answered_has_no_reason_to_be_absent():
    text = FLEET + "queries: {cap_vps_cpu: {by: service, promql: 'cpu{{service=~\"{service}\"}}'}}"
    found = report(gathered(text, constant))
    # 5 percent is a share of 0.05.
    assert (found.capacity["vps_cpu"], found.capacity["vps_memory"]) == (0.05, None)
    assert "vps_cpu" not in found.capacity_absent
    assert found.capacity_absent["vps_memory"].startswith("The preset http has no query cap_vps_mem")


def healthy(query):
    """100 events without a bad one, in every window."""
    value = {"bad": 0.0}.get(query.series_key.role, 100.0)
    return Result(query, {m.service: Series({}, query.grid, (value,) * query.grid.count) for m in query.members})


@pytest.mark.parametrize(
    ("key", "purpose", "status"),
    [
        ("bad", Purpose.SLI, Status.INSUFFICIENT),
        ("total", Purpose.HOURLY, Status.INSUFFICIENT),
        ("bad", Purpose.RUNNING_HOUR, Status.INSUFFICIENT),
        ("request_rate", Purpose.SIGNAL, Status.HEALTHY),  # not what the objective is counted from
    ],
)
def test_nothing_is_healthy_by_a_partial_answer(key, purpose, status):
    def partial(query):
        if (str(query.series_key), query.purpose) != (key, purpose):
            return healthy(query)
        return replace(healthy(query), runs=(Run("promql", query.grid, 1, 0.1, ("the answer is partial",)),))

    slo = report(gathered("window: 7d\n" + FLEET, partial)).slos[0]
    assert slo.status is status
    assert ("the answer is partial" in slo.reason) is (status is Status.INSUFFICIENT)
    assert slo.windows["1h"].total == 100, "its values are shown"
    assert (slo.now.state is NowState.UNKNOWN) is (status is Status.INSUFFICIENT)


def test_bad_news_and_infos_stand_as_they_are():
    def spent(query):
        result = constant(query)
        return replace(result, runs=(Run("promql", query.grid, 1, 0.1, ("the answer is partial",)),))

    def noted(query):
        return replace(healthy(query), runs=(Run("promql", query.grid, 1, 0.1, infos=("not a counter?",)),))

    # 1 of 100 events is bad: exactly the budget.
    assert report(gathered(FLEET, spent)).slos[0].status is Status.EXHAUSTED
    assert report(gathered(FLEET, noted)).slos[0].status is Status.HEALTHY


def test_a_signal_that_is_switched_off_is_neither_shown_nor_missing():
    off = frozenset({"error_rate", "cap_vps_disk"})
    found = gathered(FLEET + "queries: {error_rate: null, cap_vps_disk: null}\n", constant)
    service = report(found)
    assert "error_rate" not in service.signals
    assert "request_rate" in service.signals
    assert "vps_disk" not in {*service.capacity, *service.capacity_absent, *service.capacity_trends}
    assert "vps_cpu" in service.capacity_absent, "the preset has no such query, which is something else"
    assert not [problem for problem in problems(found, [service]) if problem.signal in off]


@pytest.mark.parametrize(
    ("percent", "is_named"), [(0.995, True), (1.0, True), (99.5, False), (1.5, False), (0.0, False)]
)
def test_an_availability_between_0_and_1_is_named(percent, is_named):
    def answered(query):
        value = percent / 100 if query.series_key.role == "availability" else 5.0
        return Result(
            replace(query, divisor=1.0),
            {m.service: Series({}, query.grid, (value,) * query.grid.count) for m in query.members},
        )

    text = "window: 7d\nservices: [{name: web, slos: [{name: a, objective: 99, kind: time}]}]\n"
    reason = report(gathered(text, answered)).slos[0].reason
    assert ("percent is expected: multiply it by 100" in reason) is is_named


@pytest.mark.parametrize(("hours", "known"), [((0.0, 0.0), 0), ((0.0, None), 0), ((0.0, 2.0), 2)])
def test_zeros_of_a_doubted_series_are_unknown_unless_it_has_ever_found_anything(hours, known):
    """An older version kept zeros of a query that finds nothing. A label that was renamed lately has true ones."""
    found = gathered(FLEET, healthy)
    key = ("web", SeriesKey("bad"))
    first = found.hours.start
    values = {first: hours[0], first + HOUR: hours[1]}
    history = History().merged([Hourly(*key, found.definitions[key], values)], 0)
    doubted = replace(found, answers=Answers.of(found.answers.results, {key: "no label"}), history=history)
    assert sum(value is not None for value in doubted.hourly(*key)) == known
    assert doubted.answers.value("web", Purpose.SLI, key[1], "1h") is None


def test_a_doubted_zero_is_in_no_budget():
    found = gathered(FLEET, healthy)
    doubts = {("web", SeriesKey("bad")): "code has 500, which the query does not take"}
    history = merge_answers(History(), found.answers.results, found.definitions, TOTALS_OF_FLEET, AT, doubts=doubts)
    doubted = replace(found, answers=Answers.of(found.answers.results, doubts), history=history, causes=doubts)
    slo = report(doubted).slos[0]
    assert (slo.status, slo.budget.remaining_ratio, slo.windows["28d"].total) == (Status.NO_DATA, None, None)
    assert slo.reason == "Bad events are unknown: code has 500, which the query does not take."
    assert report(doubted, "api").slos[0].status is Status.HEALTHY


def test_a_rate_of_no_errors_is_unknown_while_bad_events_are():
    """It is the rate of the same series: 0 % beside an objective without data would look well."""

    def without_errors(query):
        result = constant(query)
        if query.series_key.role != "error_rate":
            return result
        return replace(
            result,
            values={name: replace(series, values=(0.0,) * query.grid.count) for name, series in result.values.items()},
        )

    found = gathered(FLEET, without_errors)
    doubts = {("web", SeriesKey("bad")): "no label code"}
    doubted = replace(found, answers=Answers.of(found.answers.results, doubts), causes=doubts)
    signal = report(doubted).signals["error_rate"]
    assert (signal.value, signal.windows, signal.absent) == (None, {}, "Bad events are unknown: no label code.")
    assert report(doubted, "api").signals["error_rate"].value == 0


TWO_SOURCES = f"""
prometheus: {{url: "http://home"}}
sources: {{eu: {{url: "http://eu"}}}}
{FLEET.replace("name: api", "name: api, source: eu")}"""
DOWN = Failure(ProblemKind.UNREACHABLE, "source eu answered no query: refused")


def by_source(query):
    return constant(query) if query.source == "prometheus" else all_failed(query, DOWN, ())


def test_a_source_that_failed_leaves_the_services_of_others_whole():
    whole, found = gathered(FLEET, constant), gathered(TWO_SOURCES, by_source)
    found = replace(found, failed_sources={"eu": DOWN})
    assert report(found).slos == report(whole).slos
    lost = report(found, "api")
    assert (lost.source, lost.status) == ("eu", Status.NO_DATA)
    assert lost.slos[0].reason == "There is no data for 28 days: source eu answered no query: refused."
    assert lost.signals["request_rate"].absent == DOWN.message
    assert fleet_status([report(found), lost]) is fleet_status([report(whole), lost])


def test_a_source_that_fails_after_others_filled_the_history_is_named_once():
    def lately(query):
        is_kept = query.purpose in {Purpose.HOURLY, Purpose.PEAK} or query.source == "prometheus"
        return constant(query) if is_kept else all_failed(query, DOWN, ())

    # 1 % was bad. That is a tenth of this budget, so the last five minutes decide whether it is enough to judge by.
    text = TWO_SOURCES.replace("source: eu, slo_target: 99", "source: eu, slo_target: 90")
    found = replace(gathered(text, lately), failed_sources={"eu": DOWN})
    lost = report(found, "api")
    assert lost.status is Status.INSUFFICIENT
    assert slo_reason(lost.slos[0]).count("no data for the last 5m") == 1
    assert slo_reason(lost.slos[0]).endswith(f"{DOWN.message}.")
    spent = report(replace(gathered(TWO_SOURCES, lately), failed_sources={"eu": DOWN}), "api")
    assert spent.status is Status.EXHAUSTED
    assert spent.slos[0].now.reason.endswith("Source eu answered nothing.")
    assert [problem.kind for problem in problems(found, [lost])] == [ProblemKind.UNREACHABLE]


def test_a_source_that_failed_is_one_problem_of_each_of_its_services():
    found = replace(gathered(TWO_SOURCES, by_source), failed_sources={"eu": DOWN})
    listed = problems(found, [report(found), report(found, "api")])
    assert [problem for problem in listed if problem.service == "api"] == [
        Problem(ProblemKind.UNREACHABLE, DOWN.message, "api")
    ]
    assert not [problem for problem in listed if problem.kind == ProblemKind.UNREACHABLE and problem.service != "api"]


def test_a_warning_and_an_empty_answer_name_their_source():
    def empty(query):
        run = Run("x", query.grid, 0, 0.1, warnings=("partial",))
        return Result(query, runs=(run,)) if query.source == "eu" else constant(query)

    found = gathered(TWO_SOURCES, empty)
    assert report(found, "api").signals["request_rate"].absent == "Source eu has no series for this query."
    texts = {p.message for p in problems(found, []) if p.kind == ProblemKind.WARNING}
    assert texts == {"Source eu warns: partial"}


def test_a_report_with_one_prometheus_names_no_source():
    assert report(gathered(FLEET, constant)).source is None


def test_a_panel_whose_label_is_not_set_says_so_and_is_not_a_problem_of_the_report():
    text = "provider: traefik\nservices: [{name: web, slo_target: 99, labels: {service: web@docker}}]\n"
    found = gathered(text, constant)
    service = report(found)
    said = "Its query needs the label container, which this service does not set under `labels`."
    assert service.signals["saturation"].absent == service.capacity_absent["container_cpu"] == said
    assert not any(one.signal in ("saturation", "cap_container_cpu") for one in problems(found, [service]))
