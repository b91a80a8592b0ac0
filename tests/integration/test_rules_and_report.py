"""Hour by hour, the rules count what the report counts, or nothing where the report knows nothing.

Where a counter restarts, appears, returns or changes its labels, the report reads samples and the rules cannot. There
the rules' numbers have the bounds that docs/rules.md states. One sample a minute at :17, one request a second.
"""

from __future__ import annotations

import json
import math
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from sresnap.config import burn_pairs, loads
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, MINUTE, parse_time
from sresnap.rules import rules_yaml
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-11-20T12:00:00Z")
HOURS = 12
FIRST = AT - (HOURS + 1) * HOUR
SCRAPES = range(FIRST + 17, AT + 1, MINUTE)
CHANGE = AT - 150 * MINUTE
SHORT = ("5m", "30m", "1h", "2h", "6h")
ENDS = range(AT - (HOURS - 1) * HOUR, AT + 1, HOUR)
pytestmark = pytest.mark.xdist_group("rules_and_report")

OWN = """
provider: http
window: 1d
services:
  - {name: clean, slos: [{name: availability, objective: 99}, {name: latency, objective: 99, latency_threshold: 1s},
     {name: fives, objective: 99, kind: timeslices}, {name: no_bucket, objective: 99, latency_threshold: 350ms}]}
  - {name: no_errors, slo_target: 99}
  - {name: expiring, slo_target: 99}
  - {name: relabelled, slo_target: 99}
  - {name: second_cluster, slo_target: 99}
  - {name: restarted, slo_target: 99}
  - name: two_by_service
    slos:
      - name: zones
        objective: 99
        queries:
          total: {by: service, promql: 'sum by (service, zone) (increase(zoned_total{{service=~"{service}"}}[{window}]))'}
          bad: {by: service, promql: 'sum by (service) (increase(zoned_errors_total{{service=~"{service}"}}[{window}]))'}
  - name: own
    slos:
      - {name: one, objective: 99, kind: time, queries: {availability: '100 * avg(avg_over_time(one_up[{window}]))'}}
      - {name: two_clusters, objective: 99, kind: time, queries: {availability: '100 * avg_over_time(two_up[{window}])'}}
      - {name: nothing, objective: 99, kind: time, queries: {availability: '100 * avg_over_time(no_up[{window}])'}}
      - {name: ratio, objective: 99, kind: time, queries: {availability: '100 * sum(increase(day_good[{window}])) / sum(increase(day_total[{window}]))'}}
      - {name: two_totals, objective: 99, queries: {total: 'sum by (zone) (increase(zoned_total[{window}]))', bad: 'sum(increase(zoned_errors_total[{window}]))'}}
      - {name: two_bads, objective: 99, queries: {total: 'sum(increase(zoned_total[{window}]))', bad: 'sum by (zone) (increase(zoned_errors_total[{window}]))'}}
      - {name: plain, objective: 99, queries: {total: 'sum(increase(zoned_total[{window}]))', bad: 'sum(increase(zoned_errors_total[{window}]))'}}
      - {name: one_bad_of_two, objective: 99, queries: {total: 'sum(increase(zoned_total[{window}]))', bad: 'increase(zoned_errors_total{{zone="a"}}[{window}])'}}
      - {name: above, objective: 99, queries: {total: 'sum(increase(day_total[{window}])) > 0', bad: 'sum(increase(day_errors[{window}]))'}}
      - {name: minutes, objective: 99, kind: time, queries: {availability: '100 * (1 - avg_over_time((clamp_max(sum(rate(zoned_errors_total[5m])) / sum(rate(zoned_total[5m])), 1) >= 0)[{within}:1m]))'}}
"""  # noqa: E501 - one objective per line


def at_rate(per_minute, since=0):
    return lambda time: since + int((time - FIRST) * per_minute / 60)


def until(end, counter):
    return lambda time: counter(time) if time < end else None


def from_(start, counter):
    return lambda time: counter(time) if time >= start else None


def expiring(time):
    events, age = divmod(time - FIRST, 3 * HOUR)
    return 700 + events if age < 5 * MINUTE else None


def by_day(per_hour):
    """A counter that grows in the odd hours only."""
    return lambda time: sum(
        per_hour * min(max(time - (FIRST + hour * HOUR), 0), HOUR) // HOUR for hour in range(1, HOURS + 1, 2)
    )


def families():
    """(metric, labels, value by time)."""
    requests = "http_requests_total"
    restarted = lambda time: at_rate(60, 900_000)(time) if time < CHANGE else int(time - CHANGE)  # noqa: E731
    for service, counter in (("clean", at_rate(60, 9)), ("no_errors", at_rate(60, 9)), ("restarted", restarted)):
        yield requests, {"job": service, "instance": "a", "service": service, "code": "200"}, counter
    yield requests, {"job": "clean", "instance": "a", "service": "clean", "code": "500"}, at_rate(3, 10)
    yield requests, {"job": "e", "instance": "a", "service": "expiring", "code": "200"}, at_rate(60, 5_000_000)
    yield requests, {"job": "e", "instance": "a", "service": "expiring", "code": "500"}, expiring
    for code, rate in (("200", 60), ("500", 3)):
        target = {"job": "r", "instance": "a", "service": "relabelled", "code": code}
        yield requests, target, until(CHANGE, at_rate(rate, 5_000_000))
        yield requests, {**target, "zone": "eu"}, from_(CHANGE, at_rate(rate, 5_000_000))
        target = {"job": "s", "instance": "a", "service": "second_cluster", "code": code}
        yield requests, {**target, "cluster": "a"}, at_rate(rate, 900_000)
        yield requests, {**target, "cluster": "b"}, from_(CHANGE, at_rate(rate, 2_284_854))
    for le, rate in (("1", 54), ("+Inf", 60)):
        labels = {"job": "clean", "instance": "a", "service": "clean", "le": le}
        yield "http_request_duration_seconds_bucket", labels, at_rate(rate, 7)
    for zone, rate in (("a", 2), ("b", 4)):
        yield "zoned_total", {"service": "two_by_service", "zone": zone}, at_rate(60, 3)
        yield "zoned_errors_total", {"service": "two_by_service", "zone": zone}, at_rate(rate, 3)
        yield "two_up", {"cluster": zone}, (lambda time, zone=zone: int(zone == "a"))
    yield "one_up", {"instance": "a"}, lambda time: int(time % HOUR > 10 * MINUTE)
    yield "day_total", {}, by_day(3600)
    yield "day_good", {}, by_day(3580)
    yield "day_errors", {}, by_day(20)
    for job in ("clean", "no_errors", "e", "r", "s", "restarted"):
        yield "up", {"job": job, "instance": "a"}, lambda time: 1


def exposition():
    by_metric = {}
    for metric, labels, value in families():
        inside = ",".join(f'{name}="{text}"' for name, text in labels.items())
        lines = by_metric.setdefault(metric, [f"# TYPE {metric} gauge\n"])
        lines += [f"{metric}{{{inside}}} {found} {time}\n" for time in SCRAPES if (found := value(time)) is not None]
    return "".join(line for lines in by_metric.values() for line in lines)


@dataclass(frozen=True)
class Counted:
    """What the report and the rules say of the same samples."""

    hours: dict
    """By (service, objective): the report's and the rules' (total, bad) of each hour; None where there are none."""
    short: dict
    """By window, what the rules record at the report's time."""
    report: Snapshot


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules_and_report")
    with prometheus_of(exposition(), folder / "engine") as url:
        config = loads(OWN, "sresnap.yaml", {}, prometheus_url=url, cwd=Path.cwd())
        snapshot = build_without_pages(config, folder / "site", AT)
        rules = yaml.load(rules_yaml(config, burn_pairs(), MINUTE), yaml.CSafeLoader)
        ruled = of_rules(url, rules, "1h", start=ENDS[0], end=AT, step=HOUR)
        short = {window: of_rules(url, rules, window, start=AT, end=AT, step=1) for window in SHORT}
    reported = {(service.name, slo.name): hours_of(slo) for service in snapshot.services for slo in service.slos}
    hours = {key: (hours, [ruled.get((*key, end), (None, None)) for end in ENDS]) for key, hours in reported.items()}
    return Counted(hours, short, snapshot)


def hours_of(slo):
    pairs = zip(slo.hours.good, slo.hours.total, strict=True)
    counts = [(None, None) if total is None or good is None else (total, total - good) for good, total in pairs]
    return counts[-HOURS:]


def of_rules(url, document, window, **span):
    """(service, objective, window's end) → (total, bad) as the rules record them."""
    found = {}
    for group in document["groups"]:
        for rule in group["rules"]:
            if not group["name"].startswith("sresnap-count") or not rule["record"].endswith(f"increase{window}"):
                continue
            place = 0 if rule["record"].startswith("slo:sli_total") else 1
            data = urllib.parse.urlencode({"query": rule["expr"], **span}).encode()
            with urllib.request.urlopen(f"{url}/api/v1/query_range", data, timeout=60) as response:
                rows = json.load(response)["data"]["result"]
            for row in rows:
                labels = {**row["metric"], **rule["labels"]}
                for time, value in row["values"]:
                    pair = found.setdefault((labels["service"], labels["slo"], int(time)), [None, None])
                    assert pair[place] is None, f"two values for {labels}"
                    pair[place] = float(value)
    return {key: tuple(pair) for key, pair in found.items()}


def same(one, other):
    """Whether two counts are the same. An hour without events spends nothing, as one without a count."""
    one, other = (pair if pair[0] else (None, None) for pair in (one, other))
    return all(
        (a is None and b is None)
        or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6))
        for a, b in zip(one, other, strict=True)
    )


EQUAL = [
    ("clean", "availability"), ("clean", "latency"), ("clean", "no_bucket"), ("clean", "fives"),
    ("no_errors", "availability"), ("two_by_service", "zones"), ("own", "one"), ("own", "two_clusters"),
    ("own", "nothing"), ("own", "ratio"), ("own", "two_totals"), ("own", "two_bads"), ("own", "plain"),
    ("own", "one_bad_of_two"), ("own", "above"), ("own", "minutes"),
]  # fmt: skip
UNKNOWN = {("clean", "no_bucket"), ("two_by_service", "zones"), ("own", "two_clusters"), ("own", "nothing"),
           ("own", "two_totals"), ("own", "two_bads")}  # fmt: skip


@pytest.mark.parametrize("key", EQUAL, ids="/".join)
def test_each_hour_of_the_rules_is_the_report_s(counted, key):
    report, rules = counted.hours[key]
    differing = [(hour, a, b) for hour, a, b in zip(ENDS, report, rules, strict=True) if not same(a, b)]
    assert not differing
    assert all(pair == (None, None) for pair in rules) == (key in UNKNOWN)


@pytest.mark.parametrize("key", EQUAL, ids="/".join)
def test_each_short_window_of_the_rules_is_the_report_s(counted, key):
    service, name = key
    slos = next(one.slos for one in counted.report.services if one.name == service)
    windows = next(slo.windows for slo in slos if slo.name == name)
    for short in SHORT:
        window = windows[short]
        report = (None, None) if window.total is None else (window.total, window.total - window.good)
        assert same(report, counted.short[short].get((*key, AT), (None, None))), short


def test_row_13_two_clusters_of_one_slo_by_time_have_no_data_and_record_nothing(counted):
    """Added up, they would be 200 % available when both are up, and -3,600 bad seconds an hour."""
    own = next(service for service in counted.report.services if service.name == "own")
    assert next(slo for slo in own.slos if slo.name == "two_clusters").status is Status.NO_DATA
    assert any(
        "2 series came where one is needed; they differ in cluster" in p.message for p in counted.report.problems
    )
    assert counted.hours["own", "two_clusters"][1] == [(None, None)] * HOURS


def test_several_series_of_errors_are_unknown_and_not_zero(counted):
    own = next(service for service in counted.report.services if service.name == "own")
    assert next(slo for slo in own.slos if slo.name == "two_bads").status is Status.NO_DATA


def test_what_the_rules_cannot_read_has_the_bounds_of_the_documentation(counted):
    """A part of an hour is estimated from the rest of it; a series that returns counts from its first sample."""
    for name in ("restarted", "relabelled", "second_cluster", "expiring"):
        for end, (total, bad), (ruled, ruled_bad) in zip(ENDS, *counted.hours[name, "availability"], strict=True):
            where = (name, end, (total, bad), (ruled, ruled_bad))
            if name == "expiring":
                assert (ruled - total, ruled_bad - bad) == (-bad, -bad), where
            elif not end - HOUR <= CHANGE < end:
                assert same((total, bad), (ruled, ruled_bad)), where
            else:
                assert ruled == pytest.approx(total, rel=0.037), where
                assert ruled_bad == pytest.approx(bad, rel=0.037), where
