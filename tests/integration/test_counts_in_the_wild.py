"""Ordinary events in ordinary clusters, on real engines: what is reported is what happened, or a bound that holds it.

Every target is scraped each minute at :17. One true request a second; a known part of them fails.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path

import pytest

from sresnap.app.check import check_queries
from sresnap.app.gather import gather
from sresnap.app.query_records import query_records
from sresnap.compute.problems import problems
from sresnap.compute.service_report import service_report
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.progress import Quiet
from tests.accuracy.engines import victoria
from tests.integration.faults import Fault, FaultProxy
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-11-20T12:20:00Z")
FIRST = AT - 4 * DAY
CHANGE = AT - 20 * MINUTE
RESTART = AT - 26 * MINUTE + 17
NAMES = (
    "expiring", "away_at_whole_hours", "relabelled", "second_cluster", "restarted", "deployed", "newborn_errors",
    "replicas", "replica_with_gap",
)  # fmt: skip
LATER = 33
"""The second of two Prometheus servers scrapes so many seconds later."""
GAP = (AT - 5 * HOUR, AT - 3 * HOUR)
pytestmark = pytest.mark.xdist_group("counts_in_the_wild")


def at_rate(per_minute, since=0):
    return lambda time: since + int((time - FIRST) * per_minute / 60)


def until(end, counter):
    return lambda time: counter(time) if time < end else None


def from_(start, counter):
    return lambda time: counter(time) if time >= start else None


def expiring(every, shown, offset=0):
    """A counter that its exporter drops until its next event."""

    def value(time):
        events, age = divmod(time - FIRST - offset, every)
        return 700 + events if events >= 0 and age < shown else None

    return value


def since_restart(per_minute, since):
    return lambda time: (
        since + int((time - FIRST) * per_minute / 60) if time <= RESTART else int((time - RESTART) * per_minute / 60)
    )


def pods(per_minute):
    """Five pods, all replaced every six hours. A new one counts from 0 and is scraped within the minute."""
    for generation in range(4 * 4 + 1):
        begin = FIRST + generation * 6 * HOUR
        for pod in range(5):
            start = begin + pod * 50
            yield f"pod-{generation}-{pod}", start, start + 6 * HOUR, per_minute


def without(span, counter):
    return lambda time: None if span[0] <= time < span[1] else counter(time)


def families():
    """(service, code, other labels, value by time[, its first and last time])."""
    for code, rate in (("200", 60), ("500", 1)):
        for service, second in (("replicas", at_rate(rate)), ("replica_with_gap", without(GAP, at_rate(rate)))):
            yield service, code, {"prometheus_replica": "a"}, at_rate(rate)
            yield service, code, {"prometheus_replica": "b"}, second
    yield "expiring", "200", {}, at_rate(60, 5_000_000)
    yield "expiring", "500", {}, expiring(3 * HOUR, 5 * MINUTE)
    yield "away_at_whole_hours", "200", {}, at_rate(60, 5_000_000)
    yield "away_at_whole_hours", "500", {}, expiring(3 * HOUR, 5 * MINUTE, offset=AT % HOUR + 20 * MINUTE)
    for code, rate in (("200", 60), ("500", 0.06)):
        yield "relabelled", code, {}, until(CHANGE, at_rate(rate, 5_000_000))
        yield "relabelled", code, {"zone": "eu"}, from_(CHANGE, at_rate(rate, 5_000_000))
        yield "second_cluster", code, {"cluster": "a"}, at_rate(rate, 900_000)
        yield "second_cluster", code, {"cluster": "b"}, from_(CHANGE, at_rate(rate, 2_284_854))
    for code, rate in (("200", 60), ("500", 0.5)):
        yield "restarted", code, {}, since_restart(rate, 900_000)
    for name, start, end, rate in pods(3):
        for code, share in (("200", rate), ("500", rate / 100)):
            counter = lambda time, start=start, share=share: int((time - start) * share / 60)  # noqa: E731
            yield "deployed", code, {"instance": name}, counter, start, end - 1
    yield "newborn_errors", "200", {}, at_rate(60, 5_000_000)
    yield "newborn_errors", "500", {}, from_(CHANGE, lambda time: 1 + (time - CHANGE) // (5 * MINUTE))


def scrapes(start, end, offset=17):
    """The scrapes of a target that was there from start to end, both included."""
    return range(start + (FIRST + offset - start) % MINUTE, min(end, AT) + 1, MINUTE)


@cache
def exposition():
    """The samples by family, without the ends of their lines. Times are in seconds."""
    requests = []
    for service, code, labels, value, *span in families():
        target = {"job": service, "instance": service, **labels, "service": service, "code": code}
        text = ",".join(f'{key}="{found}"' for key, found in target.items())
        offset = 17 + (LATER if labels.get("prometheus_replica") == "b" else 0)
        requests += [
            f"http_requests_total{{{text}}} {found} {time}"
            for time in scrapes(*(span or (FIRST, AT)), offset)
            if (found := value(time)) is not None
        ]
    targets = [(name, name, FIRST, AT + 1) for name in NAMES] + [("deployed", *pod[:3]) for pod in pods(0)]
    up = [
        f'up{{job="{job}",instance="{name}"}} 1 {time}'
        for job, name, start, end in targets
        for time in scrapes(start, end - 1)
    ]
    begun = lambda time: FIRST - DAY if time <= RESTART else RESTART  # noqa: E731
    started = 'process_start_time_seconds{job="restarted",instance="restarted"}'
    starts = [f"{started} {begun(time)} {time}" for time in scrapes(FIRST, AT)]
    return {"http_requests": requests, "up": up, "process_start_time_seconds": starts}


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics"])
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wild")
    if request.param == "prometheus":
        kinds = {"http_requests": "counter"}
        text = "".join(
            f"# TYPE {name} {kinds.get(name, 'gauge')}\n" + "".join(f"{line}\n" for line in lines)
            for name, lines in exposition().items()
        )
        running = prometheus_of(text, folder / "engine")
    else:
        text = "".join(f"{line}000\n" for lines in exposition().values() for line in lines)
        running = victoria(text, folder / "engine")
    with running as url:
        yield url


COUNTS_ONLY = "queries: {request_rate: null, error_rate: null, latency_p99: null, availability: null}"


def configured(url, names=NAMES, **settings):
    services = ", ".join(f"{{name: {name}, slo_target: 99.9}}" for name in names)
    prometheus = ", ".join(f"{key}: {value}" for key, value in {"url": f"'{url}'", **settings}.items())
    text = f"provider: http\nwindow: 3d\nprometheus: {{{prometheus}}}\nservices: [{services}]\n{COUNTS_ONLY}"
    return loads(text, "sresnap.yaml", {}, cwd=Path.cwd())


class Report:
    """What a build computes, without its pages."""

    def __init__(self, config, at, history=None):
        self.gathered, _ = gather(config, history or History(), at, Quiet())
        services = [service_report(self.gathered, service) for service in self.gathered.services]
        self.slos = {service.name: service.slos[0] for service in services}
        self.problems = problems(self.gathered, services)
        self.queries = query_records(self.gathered.answers.results, len(services))

    def next(self, config, at):
        return Report(config, at, self.gathered.history)

    def bad(self, window):
        return {name: bad(slo, window) for name, slo in self.slos.items()}


@pytest.fixture(scope="module")
def report(engine):
    """A report of three days, after a first build and a warm one."""
    found = Report(configured(engine), AT - HOUR).next(configured(engine), AT)
    assert not [problem for problem in found.problems if problem.signal in {"total", "bad"}]
    return found


@pytest.fixture(scope="module")
def reports(report):
    """By service, the only objective of the report."""
    return report.slos


@pytest.fixture(scope="module")
def later(engine):
    """A first report a minute later, by a machine without history."""
    return Report(configured(engine), AT + MINUTE)


def test_a_minute_later_every_long_count_is_the_same(report, later):
    assert not [problem for problem in later.problems if problem.signal in {"total", "bad"}]
    assert later.bad("3d") == report.bad("3d")


def test_without_samples_the_bounds_of_queries_hold_what_happened_and_the_next_build_counts_it(engine, report, later):
    capped = Report(configured(engine, raw_samples=0), AT)
    assert any("prometheus.raw_samples" in problem.message for problem in capped.problems)
    for name, window in product(NAMES, ("1h", "6h", "3d")):
        (low, high), (least, most) = capped.bad(window)[name], report.bad(window)[name]
        assert low <= least <= most <= high, (name, window)
    low, high = capped.bad("1h")["relabelled"]
    assert low <= 4, "without samples nothing shows that the new series continues the old one"
    assert high > 5_000_000
    assert capped.slos["restarted"].status is not Status.HEALTHY
    assert capped.next(configured(engine), AT + MINUTE).bad("3d") == later.bad("3d")


def bad(report, window):
    return report.windows[window].bad_bounds


def test_row_1_an_expiring_error_counter_counts_its_errors_and_not_its_life(reports):
    # The window begins at 13:00, and the error of 12:20:00 is not scraped yet.
    report = reports["expiring"]
    assert (bad(report, "6h"), bad(report, "3d")) == ((2, 2), (23, 23))
    assert report.status is Status.HEALTHY


def test_row_2_errors_that_are_away_at_each_whole_hour_count(reports):
    report = reports["away_at_whole_hours"]
    assert (bad(report, "6h"), bad(report, "3d")) == ((2, 2), (24, 24))


def test_row_3_a_label_that_is_added_to_a_running_target_changes_no_count(reports):
    report = reports["relabelled"]
    assert (bad(report, "1h"), report.windows["1h"].total) == ((4, 4), 3604)
    assert bad(report, "3d") == (257, 257)


def test_row_4_a_second_cluster_with_the_same_job_and_instance_brings_no_old_events(reports):
    report = reports["second_cluster"]
    least, most = bad(report, "1h")
    assert (least, report.windows["1h"].total) == (5, 4745)
    assert most <= least + 1
    assert bad(report, "3d")[1] <= bad(report, "3d")[0] + 1


def test_row_5_a_restart_right_after_a_scrape_loses_nothing(reports):
    report = reports["restarted"]
    assert (bad(report, "1h"), report.windows["1h"].total) == ((30, 30), 3630)
    assert bad(report, "6h") == (180, 180)


def test_rolling_deploys_leave_open_what_a_new_pod_counted_before_its_first_scrape(reports):
    report = reports["deployed"]
    truth = sum(
        int((min(end, AT) - max(start, AT - 3 * DAY)) * 0.03 / 60)
        for _, start, end, _ in pods(3)
        if end > AT - 3 * DAY and start < AT
    )
    least, most = bad(report, "3d")
    assert least - 5 <= truth <= most + 5
    assert most - least <= 80


def test_the_first_errors_of_a_running_target_count(reports):
    assert bad(reports["newborn_errors"], "1h") == (4, 4)


@pytest.mark.parametrize("service", ["replicas", "replica_with_gap"])
def test_row_14_two_replicas_of_one_prometheus_count_once(reports, service):
    # The second replica scrapes at :50. Its last scrape before 12:20 is at 12:19:50; the first one's is at 12:19:17.
    report = reports[service]
    assert (bad(report, "1h"), report.windows["1h"].total) == ((60, 60), 3660)
    assert (bad(report, "6h"), report.windows["6h"].total) == ((360, 360), 6 * 3660)
    # From 13:00 three days ago on: 71 hours and 20 minutes.
    assert (bad(report, "3d"), report.windows["3d"].total) == ((4280, 4280), 4280 * 61)


def test_a_partial_answer_about_copies_is_not_the_truth_and_is_asked_again(engine):
    partial = Fault("partial", text='{code!="500"}', match=lambda seen: "max without" in seen.query)
    with FaultProxy(engine, partial) as proxy:
        config = configured(proxy.url, names=("replicas",))
        first = Report(config, AT - HOUR)
        assert any("isPartial" in problem.message for problem in first.problems)
        proxy.faults.clear()
        (slo,) = first.next(config, AT).slos.values()
    assert (bad(slo, "3d"), slo.windows["3d"].total) == ((4280, 4280), 4280 * 61)


def test_the_report_says_which_series_are_copies(report):
    notes = {note for query in report.queries for note in query.infos}
    assert any("differ only in prometheus_replica (a, b)" in note and "counted once" in note for note in notes)


def test_copies_are_not_read_sample_by_sample_where_they_are_clear(report):
    raw = [query for query in report.queries if query.purpose == "raw"]
    assert not any("replicas" in (query.services or ()) for query in raw)


def test_the_online_check_counts_copies_once_and_says_so(engine):
    result = check_queries(configured(engine), AT, Quiet())
    found = {(finding.service, finding.signal): finding.value for finding in result.findings}
    assert (found["replicas", "total"], found["replicas", "bad"]) == (3660, 60)
    (note,) = result.notes
    assert "prometheus_replica (a, b)" in note
