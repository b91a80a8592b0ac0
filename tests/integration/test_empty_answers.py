"""Empty answers on real engines: a count of bad events is 0 only where the query could have found some.

Each minute every service gets 60 requests; `shop` answers 30 of them with an error.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.app.check import check_queries
from sresnap.app.findings import State
from sresnap.audit.slo import slo_derivations
from sresnap.cli import cli
from sresnap.config import loads
from sresnap.errors import ExitCode
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, MINUTE, iso, parse_time
from sresnap.progress import Quiet
from tests.accuracy.engines import victoria
from tests.integration.faults import Fault, FaultProxy
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-11-20T12:20:00Z")
WINDOW_MINUTES = (23 * HOUR + 20 * MINUTE) // MINUTE  # the whole hours of a day, and the running one
SCRAPES = range(AT - 27 * HOUR + 17, AT + 1, MINUTE)
pytestmark = pytest.mark.xdist_group("empty_answers")

OUTCOMES = {"200": "SUCCESS", "404": "CLIENT_ERROR", "500": "SERVER_ERROR", "503": "SERVER_ERROR"}
RATES = {
    "shop": {"200": 20, "404": 10, "500": 29, "503": 1},
    "calm": {"200": 59, "404": 1},
}
ERRORS_OF_SPLIT = 23
"""Of a service whose errors lie in another store of a cluster than its other requests; one a hour."""
TOTAL = 'sum(increase(http_requests_total{{service="SERVICE"}}[{window}]))'
COUNT = 'sum(increase(latency_seconds_count{{service="SERVICE"}}[{window}]))'
BUCKET = 'sum(increase(latency_seconds_bucket{{service="SERVICE", le="1"}}[{window}]))'


def matching(matchers, metric="http_requests_total"):
    return f'sum(increase({metric}{{{{service="SERVICE", {matchers}}}}}[{{window}}]))'


# name → (service, total, bad or good, its status, a part of its reason)
UNKNOWN = "events are unknown: "
CASES = {
    "right": ("shop", TOTAL, ("bad", matching('code=~"5.."')), Status.EXHAUSTED, "Overspent"),
    # The label has 200, 404, 500 and 503.
    "not_a_code": ("shop", TOTAL, ("bad", matching('code=~"5xx"')), None, "code has 500, 503, which look like errors"),
    "zero": ("shop", TOTAL, ("bad", matching('code=~"5xx"') + " or vector(0)"), None, "code has 500, 503, which"),
    "times_zero": ("shop", TOTAL, ("bad", matching('code="999"') + f" or 0 * {TOTAL}"), None, "code has 500, 503"),
    "outcome": ("shop", TOTAL, ("bad", matching('outcome="ERROR"')), None, "outcome has SERVER_ERROR"),
    # What was found stays a number, and says nothing about the objective.
    "good": ("shop", TOTAL, ("good", matching('code!~"5xx"')), Status.INSUFFICIENT, f"Good {UNKNOWN}code has 500, 503"),
    "label": ("shop", TOTAL, ("bad", matching('status=~"5.."')), None, "http_requests_total has a label status"),
    "metric": (
        "shop",
        TOTAL,
        ("bad", matching('code=~"5.."', "errors_total")),
        None,
        "there is no metric errors_total",
    ),
    # The buckets are le="1.0", as Prometheus 3 writes them; 40 % are slower.
    "bucket": ("shop", COUNT, ("bad", f"{COUNT} - {BUCKET}"), None, "no bucket of latency_seconds_bucket has the bo"),
    "good_bucket": ("shop", COUNT, ("good", BUCKET), None, "no bucket of latency_seconds_bucket has the boundary 1"),
    "slices": ("shop", TOTAL, ("slice", matching('code=~"5xx"')), None, "code has 500, 503, which look like errors"),
    # No error happened, and the query would find one.
    "calm": ("calm", TOTAL, ("bad", matching('code=~"5.."')), Status.HEALTHY, "No bad events"),
    "calm_outcome": ("calm", TOTAL, ("bad", matching('outcome="SERVER_ERROR"')), Status.HEALTHY, "No bad events"),
    "calm_zero": ("calm", TOTAL, ("bad", matching('code=~"5.."') + " or vector(0)"), Status.HEALTHY, "No bad events"),
    # Ten hours without traffic spend nothing.
    "quiet": ("nightly", f"{TOTAL} > 0", ("bad", matching('code=~"5.."')), Status.HEALTHY, "No bad events"),
    "excluded": ("shop", TOTAL, ("bad", matching('code=~"5..", code!~"500|503"')), Status.HEALTHY, "No bad events"),
}


def config(url):
    return loads(config_text(url, CASES), "sresnap.yaml", {}, cwd=Path.cwd())


def config_text(url, names):
    services = []
    for name in names:
        service, total, (part, query), *_ = CASES[name]
        own = {"total": total, "bad" if part == "slice" else part: query}
        queries = {key: text.replace("SERVICE", service) for key, text in own.items()}
        slo = {"name": "slo", "objective": 99, "queries": queries}
        if part == "slice":
            slo |= {"kind": "timeslices", "slice": {"length": "5m"}}
        services.append({"name": name, "slos": [slo]})
    preset = [{"name": f"{name}_by_preset", "labels": {"service": name}, "slo_target": 99} for name in ("shop", "calm")]
    found = {"prometheus": {"url": url}, "window": "1d", "provider": "http", "services": services + preset}
    # Each service has its own queries. The signals of its panels say nothing here.
    found["queries"] = dict.fromkeys(("request_rate", "error_rate", "latency_p99", "availability"))
    return json.dumps(found)


def exposition(scale):
    requests, buckets, counts = [], [], []
    for time in SCRAPES:
        minutes, stamp = (time - SCRAPES[0]) // MINUTE, time * scale
        rested = min(minutes, 5 * 60) + max(minutes - 15 * 60, 0)
        requests.append(f'http_requests_total{{service="nightly",code="200"}} {60 * rested} {stamp}\n')
        for service, rates in RATES.items():
            for code, rate in rates.items():
                labels = f'service="{service}",code="{code}",outcome="{OUTCOMES[code]}"'
                requests.append(f"http_requests_total{{{labels}}} {1000 + rate * minutes} {stamp}\n")
        requests.append(f'http_requests_total{{service="split",code="200",store="a"}} {60 * minutes} {stamp}\n')
        errors = (time - AT + 24 * HOUR) // HOUR
        requests.append(f'http_requests_total{{service="split",code="500",store="b"}} {100 + errors} {stamp}\n')
        for bound, rate in (("0.5", 20), ("1.0", 36), ("+Inf", 60)):
            buckets.append(f'latency_seconds_bucket{{service="shop",le="{bound}"}} {rate * minutes} {stamp}\n')
        counts.append(f'latency_seconds_count{{service="shop"}} {60 * minutes} {stamp}\n')
    return requests, buckets, counts


@pytest.fixture(scope="module")
def victoria_url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("victoria")
    with victoria("".join(line for lines in exposition(1000) for line in lines), folder / "data") as url:
        yield url


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics"])
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    if request.param == "victoria-metrics":
        yield request.getfixturevalue("victoria_url")
    else:
        requests, buckets, counts = exposition(1)
        text = "".join(["# TYPE http_requests counter\n", *requests, "# TYPE latency_seconds histogram\n"])
        with prometheus_of(text + "".join(buckets + counts), folder) as url:
            yield url


@pytest.fixture(scope="module")
def built(engine, tmp_path_factory):
    """Two builds: the second one takes what the first one knows."""
    out = tmp_path_factory.mktemp("site")
    return [build_without_pages(config(engine), out, at) for at in (AT - 5 * MINUTE, AT)]


ROWS = {"not_a_code": 6, "outcome": 6, "bucket": 8, "good_bucket": 8, "quiet": 15}
"""Of the twenty faults that were seen in the wild: `pytest -k row_`."""


@pytest.mark.parametrize("name", CASES, ids=lambda name: f"row_{ROWS[name]}_{name}" if name in ROWS else name)
def test_a_zero_is_a_number_only_with_a_reason(built, name):
    *_, status, reason = CASES[name]
    for snapshot in built:
        (slo,) = next(service.slos for service in snapshot.services if service.name == name)
        assert reason in slo.reason
        assert slo.status is (status or Status.NO_DATA)
        assert status is not None or UNKNOWN in slo.reason or "There is no data for" in slo.reason


def test_row_6_check_names_the_values_that_a_query_takes_and_misses(engine, tmp_path):
    names = ("right", "not_a_code", "zero", "outcome", "label", "metric", "bucket", "calm", "excluded")
    path = tmp_path / "sresnap.yaml"
    path.write_text(config_text(engine, names))
    arguments = ["check", "--online", "--config", str(path), "--at", iso(AT)]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is None
    assert result.return_value == ExitCode.INCOMPLETE
    lines = {line.split()[0]: line for line in result.output.splitlines() if " bad" in line}
    assert "✓ ok  1 800 events in 1h" in lines["right"]
    assert "code: takes 500, 503; not 200, 404" in lines["right"]
    assert "✕ misses errors" in lines["not_a_code"]
    assert "code: takes none; not 200, 404, 500, 503" in lines["not_a_code"]
    assert "✕ misses errors  0 events in 1h  code has 500, 503" in lines["zero"]
    assert "outcome: takes none; not CLIENT_ERROR, SERVER_ERROR, SUCCESS" in lines["outcome"]
    assert "✕ no data  no series of http_requests_total has a label status" in lines["label"]
    assert "takes" not in lines["label"]
    assert "✕ no data  there is no metric errors_total" in lines["metric"]
    assert "✕ no data  no bucket of latency_seconds_bucket has the boundary 1" in lines["bucket"]
    assert "✓ none happened  code: takes none; not 200, 404" in lines["calm"]
    assert "✓ none happened  code: takes none; not 200, 404, 500, 503" in lines["excluded"]
    assert "3 of " in result.output
    assert "queries do not take values that look like errors" in result.output


def test_check_is_content_where_no_error_happened(engine, tmp_path):
    path = tmp_path / "sresnap.yaml"
    queries = {"total": TOTAL, "bad": matching('code=~"5.."')}
    found = {
        "prometheus": {"url": engine},
        "provider": "custom",
        "services": [{"name": "calm", "slo_target": 99}],
        "queries": {key: text.replace("SERVICE", "{service}") for key, text in queries.items()},
    }
    path.write_text(json.dumps(found))
    arguments = ["check", "--online", "--json", "--config", str(path), "--at", iso(AT)]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.return_value == ExitCode.DONE
    found = next(finding for finding in json.loads(result.output) if finding["signal"] == "bad")
    none = {"missed": [], "mistaken": [], "unmet": []}
    assert found["labels"] == [{"label": "code", "takes": [], "leaves": ["200", "404"], **none}]


def test_check_and_build_agree_where_the_server_refuses_every_look_up(victoria_url, tmp_path):
    refused = Fault("422", match=lambda seen: seen.query.startswith("count by"))
    with FaultProxy(victoria_url, refused) as proxy:
        read = loads(config_text(proxy.url, ["calm_zero"]), "sresnap.yaml", {}, cwd=Path.cwd())
        checked = check_queries(read, AT, Quiet())
        found = {finding.service: finding for finding in checked.findings if finding.signal.startswith("bad")}
        built = build_without_pages(read, tmp_path, AT)
    (slo,) = next(service.slos for service in built.services if service.name == "calm_zero")
    assert slo.status is Status.NO_DATA
    assert (found["calm_zero"].value, found["calm_zero"].state) == (0, State.NO_DATA)
    assert "the look-up failed" in found["calm_zero"].cause
    assert found["calm_zero"].cause in slo.reason
    assert checked.exit_code is ExitCode.INCOMPLETE


def test_a_preset_reads_both_services_right(built):
    found = {service.name: service.slos[0] for service in built[-1].services}
    assert (found["shop_by_preset"].status, found["calm_by_preset"].status) == (Status.EXHAUSTED, Status.HEALTHY)
    assert found["shop_by_preset"].windows["1d"].bad == 30 * WINDOW_MINUTES
    assert found["calm_by_preset"].windows["1d"].bad == 0


def test_what_is_in_doubt_is_a_problem_and_no_hour_of_it_is_zero(built):
    problems = {
        problem.service: problem.message for problem in built[-1].problems if "look like errors" in problem.message
    }
    assert set(problems) == {"not_a_code", "zero", "times_zero", "outcome", "slices", "good"}
    found = {service.name: service.slos[0] for service in built[-1].services}
    assert set(found["not_a_code"].hours.good) == {None}
    assert found["calm_by_preset"].windows["1d"].total == 60 * WINDOW_MINUTES


def test_the_report_lists_the_look_ups_of_its_zeros(built):
    snapshot = built[0]
    calm = next(service for service in snapshot.services if service.name == "calm")
    (asked,) = [query for query in snapshot.queries if query.purpose == "look_up" and query.services == ("calm",)]
    assert asked.promql.startswith("count by (code) (http_requests_total{")
    assert (asked.signal, asked.window, asked.series, asked.error) == (str(calm.slos[0].series[1]), "6h", 2, None)
    assert asked in slo_derivations(snapshot, calm, calm.slos[0])[0].queries, "explain and the page name it"


def test_row_7_a_cluster_without_a_store_is_unsure_and_its_hours_are_right_once_it_is_back(victoria_url, tmp_path):
    # HTTP 200 and isPartial. The errors are in the store that is away.
    text = "provider: http\nwindow: 1d\nservices: [{name: split, slo_target: 99.9}]\n"

    def split(url, at):
        read = loads(f"prometheus: {{url: {url}}}\n{text}", "x.yaml", {}, cwd=Path.cwd())
        snapshot = build_without_pages(read, tmp_path, at)
        return snapshot, snapshot.services[0].slos[0]

    with FaultProxy(victoria_url, Fault("partial", text='{store!="b"}', match=lambda seen: bool(seen.query))) as proxy:
        snapshot, slo = split(proxy.url, AT - 10 * MINUTE)
        assert slo.status in (Status.NO_DATA, Status.INSUFFICIENT)
        assert any("isPartial" in problem.message for problem in snapshot.problems)
        proxy.faults.clear()
        _, slo = split(proxy.url, AT)
        assert slo.windows["1d"].bad == ERRORS_OF_SPLIT
        assert slo.windows["1d"].total == 60 * WINDOW_MINUTES + ERRORS_OF_SPLIT
        assert slo.status is not Status.INSUFFICIENT
        asked = len(proxy.queries)
        split(proxy.url, AT + MINUTE)
        assert not [seen for seen in proxy.queries[asked:] if seen.query.startswith("count by")], "the reason is known"
