"""Every kind of SLO, window and correction on a real Prometheus, against the model's true counts."""

import json
import shutil
import time
import urllib.parse
import urllib.request

import pytest

from sresnap import promql
from sresnap.app.check import check_queries
from sresnap.cli import cli
from sresnap.errors import ExitCode
from sresnap.model.query import Member, Purpose, Query
from sresnap.model.series import Grid
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, ceil, iso, parse_time
from sresnap.progress import Quiet
from tests.integration.faults import FaultProxy
from tests.integration.month import AT, FLEET, SCRAPES, configured
from tests.integration.native import exporter
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus

CONFIG = """
provider: http
timezone: Europe/Berlin
services:
  - name: worker
    labels: {service: worker}
    slos:
      - {name: availability, objective: 99, window: [28d, month]}
      - {name: latency, objective: 99, latency_threshold: 1s, window: 7d}
      - {name: slices, objective: 99, kind: timeslices, slice: {length: 5m, target: 95}}
      - {name: up, objective: 99, kind: time}
      - name: own
        objective: 99
        queries:
          total: {by: service, form: counted, selector: 'http_requests_total{{service=~"{service}"}}'}
          bad: {by: service, form: counted, selector: 'http_requests_total{{service=~"{service}", code=~"5.."}}'}
  - name: frontend
    labels: {service: frontend}
    slos:
      - {name: availability, objective: 99.9}
      - {name: slices, objective: 99, kind: timeslices, slice: {length: 5m, target: 97}}
  - name: api
    labels: {service: api}
    slos: [{name: latency, objective: 99, latency_threshold: 350ms}]
corrections:
  - {reason: Database move, start: 2026-03-09T16:09:00Z, duration: 90m, services: [frontend]}
"""
SLICE = 5 * MINUTE
STARTS = {"28d": ceil(AT - 28 * DAY, HOUR), "6h": AT - 6 * HOUR}
MOVE = (parse_time("2026-03-09T16:09:00Z"), parse_time("2026-03-09T17:39:00Z"))
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("kinds") / "public"


@pytest.fixture(scope="module")
def report(month, out):
    return build_without_pages(configured(month.url, CONFIG), out, AT)


def slo_of(report, service, name):
    (found,) = [slo for s in report.services if s.name == service for slo in s.slos if slo.name == name]
    return found


def counts(window):
    return window.good, window.total


def true(service, start, end, threshold_seconds=None):
    events = FLEET[service].seen(start, end, SCRAPES, threshold_seconds)
    return events.good, events.total


def less(whole, part):
    return tuple(a - b for a, b in zip(whole, part, strict=True))


def answered(url, path, **parameters):
    """The API's answer, asked for without any code of ours."""
    data = urllib.parse.urlencode(parameters).encode()
    with OPENER.open(f"{url}/api/v1/{path}", data) as response:
        return json.load(response)["data"]["result"]


@pytest.fixture(scope="module")
def five_minutes(month):
    """(service, key) → {end of five minutes: count}, over 28 days."""
    config = configured(month.url, CONFIG)
    members = tuple(Member(service.name, service.labels) for service in config.services)
    found = {}
    for key in ("total", "bad"):
        query = Query(
            config.templates[key], members, {"window": "5m", "rate": "5m"}, Grid.instant(0), Purpose.SLI, key, "5m"
        )
        text = promql.render(query)
        rows = answered(month.url, "query_range", query=text, start=STARTS["28d"], end=AT - AT % SLICE, step=SLICE)
        for row in rows:
            found[row["metric"]["service"], key] = {int(at): float(value) for at, value in row["values"]}
    return found


def slices(five_minutes, service, start, end, target):
    """Good slices and slices with events among those that end in (start, end]."""
    total, bad = five_minutes[service, "total"], five_minutes[service, "bad"]
    ends = [t for t in range(ceil(start + 1, SLICE), end + 1, SLICE) if total.get(t, 0) > 0]
    return sum((total[t] - bad.get(t, 0)) / total[t] >= target for t in ends), len(ends)


def test_availability_over_28_days_and_over_berlins_month_is_counted_to_the_event(report):
    rolling, month = (slo_of(report, "worker", name) for name in ("availability", "availability-month"))
    assert counts(rolling.windows["28d"]) == true("worker", STARTS["28d"], AT)
    # March began in Berlin at 23:00 UTC, and has 743 hours: the clocks go forward on the 29th.
    start = parse_time("2026-02-28T23:00:00Z")
    assert month.windows["month"].start == start
    assert counts(month.windows["month"]) == true("worker", start, AT)
    assert month.calendar.resets_at == parse_time("2026-03-31T22:00:00Z")
    assert month.calendar.elapsed_ratio == pytest.approx((AT - start) / (743 * HOUR))
    assert counts(month.windows["6h"]) == counts(rolling.windows["6h"])


def test_latency_over_7_days_is_counted_to_the_event(report):
    slo = slo_of(report, "worker", "latency")
    assert slo.window == "7d"
    assert counts(slo.windows["7d"]) == true("worker", ceil(AT - 7 * DAY, HOUR), AT, 1.0)


@pytest.mark.parametrize("window", ["6h", "28d"])
def test_timeslices_equal_what_five_minute_answers_give(report, five_minutes, window):
    slo = slo_of(report, "worker", "slices")
    expected = slices(five_minutes, "worker", STARTS[window], AT, 0.95)
    assert counts(slo.windows[window]) == expected
    if window == "28d":
        # 671 whole hours of 12 slices and, in the running one, those that end at 12:05 to 12:30.
        assert expected[1] == 671 * 12 + 6
        assert 100 < expected[1] - expected[0] < 400
        assert (slo.kind, slo.slice_seconds, slo.slice_target) == ("timeslices", 300, 0.95)


def test_own_queries_equal_to_the_preset_count_the_same(report):
    ours, preset = (slo_of(report, "worker", name) for name in ("own", "availability"))
    assert ours.windows == preset.windows
    assert ours.series != preset.series


def test_an_slo_of_kind_time_is_weighted_by_seconds(report):
    slo = slo_of(report, "worker", "up")
    assert slo.kind == "time"
    for window, start in STARTS.items():
        assert counts(slo.windows[window]) == (AT - start, AT - start)


def test_a_corrected_and_a_raw_number_are_both_counted_to_the_event(report):
    slo = slo_of(report, "frontend", "availability")
    raw, removed = true("frontend", STARTS["28d"], AT), true("frontend", *MOVE)
    assert removed[1] - removed[0] > 300, "the last five minutes of an incident lie in it"
    assert counts(slo.uncorrected.window) == raw
    assert counts(slo.windows["28d"]) == less(raw, removed)
    assert slo.uncorrected.excluded_seconds == 90 * MINUTE
    assert [(c.reason, c.start, c.end) for c in slo.uncorrected.applied] == [("Database move", *MOVE)]
    assert slo.windows["28d"].coverage == 1
    assert slo.budget.remaining_ratio > slo.uncorrected.budget.remaining_ratio
    assert slo_of(report, "worker", "availability").uncorrected is None


def test_a_correction_takes_out_the_slices_that_end_in_it(report, five_minutes):
    slo = slo_of(report, "frontend", "slices")
    raw = slices(five_minutes, "frontend", STARTS["28d"], AT, 0.97)
    removed = slices(five_minutes, "frontend", *MOVE, 0.97)
    assert removed[1] == 18
    assert counts(slo.uncorrected.window) == raw
    assert counts(slo.windows["28d"]) == less(raw, removed)


def test_a_threshold_between_two_buckets_gives_no_data_and_the_report_names_the_boundaries(report):
    assert slo_of(report, "api", "latency").status is Status.NO_DATA
    (found,) = {p.message for p in report.problems if p.service == "api" and "boundaries found" in p.message}
    assert "has the boundary 0.35; the boundaries found are 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5:" in found
    assert {problem.service for problem in report.problems} == {"api"}


def test_check_online_names_the_boundaries_too(month, tmp_path):
    from click.testing import CliRunner

    path = tmp_path / "sresnap.yaml"
    path.write_text(CONFIG)
    arguments = ["--config", str(path), "--prometheus-url", month.url, "--at", iso(AT)]
    result = CliRunner().invoke(cli, ["check", "--online", *arguments], standalone_mode=False)
    assert result.return_value == ExitCode.INCOMPLETE
    assert "the boundaries found are" in result.stdout
    assert "choose one of them (latency_threshold: 300ms or 500ms, or le" in result.stdout


def test_a_second_build_does_not_query_28_days_again(month, report, out, tmp_path):
    site = shutil.copytree(out, tmp_path / "public")
    with FaultProxy(month.url) as proxy:
        again = build_without_pages(configured(proxy.url, CONFIG), site, AT + MINUTE)
    spans = {
        (seen.params["step"], float(seen.params["end"]) - float(seen.params["start"]))
        for seen in proxy.queries
        # For the bucket that nobody has nothing came at all, and such an answer is never sealed.
        if "start" in seen.params and "35)" not in seen.query
    }
    assert max(span for _, span in spans) == 6 * HOUR
    assert all(span <= 3 * HOUR for step, span in spans if step == "3600")
    assert not any("~" in query.signal for query in again.queries), "what a correction took out is sealed"
    for service in ("worker", "frontend"):
        good, total = counts(slo_of(report, service, "slices").windows["28d"])
        # One more slice has ended, at 12:35, and it is a good one.
        assert counts(slo_of(again, service, "slices").windows["28d"]) == (good + 1, total + 1)
    # There is no scrape after AT, so the events are the same as in the first report.
    before, after = (slo_of(r, "frontend", "availability") for r in (report, again))
    assert counts(after.windows["28d"]) == counts(before.windows["28d"])
    assert counts(after.uncorrected.window) == counts(before.uncorrected.window)


NATIVE = """
provider: http
services:
  - &one
    name: api
    labels: {service: api}
    slos:
      - {name: latency, objective: 70, latency_threshold: 250ms}
      - name: slow
        objective: 90
        latency_threshold: 1s
        queries: &native
          total: {by: service, form: native_total, selector: 'http_request_duration_seconds{{service=~"{service}"}}'}
          latency_good: {by: service, form: native, selector: 'http_request_duration_seconds{{service=~"{service}"}}'}
  - {<<: *one, name: web, labels: {service: web}}
  - {<<: *one, name: idle, labels: {service: idle}}
queries: *native
"""
# Eight buckets to a power of two: -16 ends at 0.25 s, -15 begins there, 0 ends at 1 s.
GROWTH = {"api": {-20: 3, -16: 5, -15: 2, -7: 1}, "web": {-30: 4, -8: 4, 0: 1, 1: 3}, "idle": {-3: 0}}
SCRAPE = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs: [{{job_name: native, static_configs: [{{targets: ['{target}']}}]}}]
"""


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    """A Prometheus that has scraped native histograms at least four times; and a report of it."""
    folder = tmp_path_factory.mktemp("native")
    flags = ["--enable-feature=native-histograms"]
    with (
        exporter(GROWTH) as target,
        prometheus(folder / "tsdb", config=SCRAPE.format(target=target), flags=flags) as url,
    ):
        give_up = time.monotonic() + 15
        while (scraped := scrapes(url)) < 4:
            assert time.monotonic() < give_up
            time.sleep(0.2)
        at = int(time.time())
        classic = configured(url, NATIVE.partition("        queries: &native")[0])
        checked = check_queries(classic, at, Quiet())
        yield scraped, build_without_pages(configured(url, NATIVE), folder / "public", at), checked


def scrapes(url):
    rows = answered(url, "query", query='count_over_time(http_request_duration_seconds{service="api"}[1m])')
    return int(rows[0]["value"][1]) if rows else 0


@pytest.mark.parametrize(
    ("service", "name", "good", "of"),
    [("api", "latency", 8, 11), ("api", "slow", 11, 11), ("web", "latency", 4, 12), ("web", "slow", 9, 12)],
)
def test_the_share_under_a_bucket_boundary_of_a_native_histogram_is_exact(native, service, name, good, of):
    scraped, report, _ = native
    slo = slo_of(report, service, name)
    for window in (slo.windows["5m"], slo.windows["1h"]):
        assert window.sli == pytest.approx(good / of, rel=1e-15)
        # From the first scrape to the last, and at most half an interval more to either side.
        assert scraped - 1.5 <= window.total / of <= scraped + 1.5


def test_a_preset_that_reads_buckets_is_sent_to_the_forms_of_native_histograms(native):
    found = {hint.text for finding in native[2].findings for hint in finding.hints if hint.kind == "switched off"}
    assert {text.partition(" in `queries`")[0] for text in found} == {
        "http_request_duration_seconds_bucket is not here, because http_request_duration_seconds is a native histogram:"
    }


def test_a_native_histogram_without_events_shows_no_traffic_rather_than_missing_data(native):
    _, report, _ = native
    assert counts(slo_of(report, "idle", "latency").windows["5m"]) == (0, 0)
