"""Flaws of the dashboard that sresnap replaces. For each there is a case that a build gets right.

Flaw 8, a page that still says that all is well when its Prometheus has died, needs a browser:
tests/browser/test_seed_flaws.py.
"""

import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.errors import ExitCode, SresnapError
from sresnap.model.windows import DAY, HOUR, MINUTE, iso, parse_duration, parse_time
from tests.integration.faults import Fault, FaultProxy
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-03-15T12:00:00Z")
RESTORED = AT - 30 * MINUTE
"""The exporter of `paused` is back after 87 s. A longer gap, 20 minutes, was 3 hours ago."""

# Good and bad events a minute. up is 1 for all of them, all the time.
RATES = {"failing": (905, 95), "spent": (9777, 223), "close": (99_896, 104), "paused": (990, 10)}
CONFIG = """\
provider: http
window: 3d
services:
  - {name: failing, slo_target: 99}
  - {name: spent, slo_target: 99}
  - {name: close, slo_target: 99.9}
  - {name: paused, slo_target: 98}
  - {name: renamed, slo_target: 99}
queries:
  latency_p99: {by: service, promql: 'odd{{service=~"{service}"}}'}
  saturation: {by: service, promql: 'by_pod{{service=~"{service}"}}'}
"""


def only(*names):
    """The configuration of some of the services."""
    others = "|".join({*RATES, "renamed"} - {*names})
    return re.sub(rf"(?m)^  - \{{name: ({others}),.*\n", "", CONFIG)


def exposition():
    """Four days of samples, one per minute at :17, of the services in RATES and one whose label was renamed."""
    times = range(AT - 4 * DAY + 17, AT, MINUTE)
    lines = ["# TYPE http_requests counter"]
    for name, rates in (*RATES.items(), ("renamed", (1000, 0))):
        label = "exported_service" if name == "renamed" else "service"
        for code, rate in zip(("200", "500"), rates, strict=True):
            series = f'http_requests_total{{job="shop",{label}="{name}",code="{code}"}}'
            lines += [
                f"{series} {rate * i} {time}" for i, time in enumerate(times) if not (name == "paused" and away(time))
            ]
    lines.append("# TYPE up gauge")
    lines += [f'up{{job="shop",service="{name}"}} 1 {time}' for name in RATES for time in times]
    lines.append("# TYPE odd gauge")
    for name, value in (("failing", "NaN"), ("spent", "+Inf"), ("close", "0.25")):
        lines += [f'odd{{service="{name}"}} {value} {time}' for time in times]
    lines.append("# TYPE by_pod gauge")
    for pod in ("a", "b"):
        lines += [f'by_pod{{service="failing",pod="{pod}"}} 1 {time}' for time in times]
    return "\n".join([*lines, "# EOF", ""])


def away(time):
    return RESTORED - 87 <= time < RESTORED or AT - 3 * HOUR <= time < AT - 3 * HOUR + 20 * MINUTE


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with prometheus_of(exposition(), tmp_path_factory.mktemp("flaws")) as url:
        yield url


@pytest.fixture(scope="module")
def site(url, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    code, _ = build(url, folder)
    assert code == ExitCode.INCOMPLETE, "renamed has no data, and odd values are reported"
    return folder / "public"


def build(url, folder, text=CONFIG):
    """The exit code and what was said."""
    (folder / "sresnap.yaml").write_text(text)
    arguments = ["build", "--config", folder / "sresnap.yaml", "--out", folder / "public", "--prometheus-url", url]
    result = CliRunner().invoke(cli, [*map(str, arguments), "--at", iso(AT), "--quiet"], standalone_mode=False)
    if isinstance(result.exception, SresnapError):
        return result.exception.exit_code, result.exception.message
    assert result.exception is None, result.exception
    return result.return_value, result.output


def snapshot(site):
    """The newest one, by a reader of JSON that knows no NaN and no Infinity."""
    pointer = json.loads((site / "latest.json").read_bytes())
    return json.loads((site / pointer["snapshot"]).read_bytes(), parse_constant=pytest.fail)


def service(site, name):
    return next(found for found in snapshot(site)["services"] if found["name"] == name)


def slo(site, name):
    return service(site, name)["slos"][0]


def page(site, name):
    return (site / "services" / name / "index.html").read_text()


def test_flaw_1_a_renamed_label_gives_no_data_and_never_looks_good(site):
    found = service(site, "renamed")
    assert (found["status"], found["slos"][0]["budget"]["remaining_ratio"]) == ("NO_DATA", None)
    assert "Unknown" in found["policy"]["text"]
    assert "Deploys allowed" not in page(site, "renamed")
    problems_found = {
        (problem["kind"], problem["signal"])
        for problem in snapshot(site)["problems"]
        if problem["service"] == "renamed"
    }
    assert {("no_data", "availability"), ("no_series", "error_rate")} <= problems_found
    assert snapshot(site)["composite"]["missing"] == ["renamed"]


def test_flaw_1_the_report_says_what_renamed_the_label_and_which_query_was_sent(site):
    reason = service(site, "renamed")["slos"][0]["reason"]
    assert reason.startswith("There is no data for 3 days: http_requests_total carries ")
    assert "in exported_service, not in service" in reason
    assert "honor_labels: true" in reason
    shown = page(site, "renamed")
    assert "honor_labels: true" in shown
    quality = re.search(r'data-panel="quality".*?</section>', shown, re.DOTALL)[0]
    assert "last_over_time(http_requests_total{service=~" in html.unescape(quality)


def test_flaw_2_a_5xx_spends_the_budget_though_up_is_1(site):
    found = slo(site, "failing")
    # 95 bad of 1,000 with an objective of 99 %: 0.095 / 0.01.
    assert [found["windows"][window]["burn_rate"] for window in ("1h", "6h", "3d")] == pytest.approx([9.5] * 3)
    assert found["status"] == "EXHAUSTED"
    assert "Deploys allowed" not in page(site, "failing")


def test_flaw_3_a_pause_of_the_exporter_loses_no_event_and_is_seen_as_coverage(site):
    windows = slo(site, "paused")["windows"]
    # The counter kept counting for the 87 s; the next scrape has it all.
    assert (windows["1h"]["good"], windows["1h"]["total"]) == (59_400, 60_000)
    # Of 6 hours 20 minutes were not scraped: five-minute stretches without one sample.
    assert windows["6h"]["total"] == 360_000
    assert windows["6h"]["coverage"] < 1
    assert "coverage" in page(site, "paused").lower()


def test_flaw_4_budgets_have_no_floor_a_fleet_hides_no_breach_and_99_896_is_not_99_9(site):
    # 223 bad of 10,000 with an objective of 99 %: 1 − 2.23 = −1.23.
    assert slo(site, "spent")["budget"]["remaining_ratio"] == pytest.approx(-1.23)
    assert "−123" in page(site, "spent")
    assert slo(site, "close")["windows"]["3d"]["sli"] == pytest.approx(0.99896)
    assert slo(site, "close")["status"] == "EXHAUSTED"
    assert "99.896" in page(site, "close")
    report = snapshot(site)
    assert (report["status"], report["composite"]["worst"]) == ("EXHAUSTED", "failing")


def test_flaw_5_nothing_is_asked_from_before_the_window_whose_own_name_stands_everywhere(site):
    report = snapshot(site)
    oldest = AT - 3 * DAY
    for query in report["queries"]:
        ranges = [parse_duration(found) for found in re.findall(r"\[(\w+)\]", query["promql"])]
        # Histories hold whole UTC days, and an hour's increase reaches back to its beginning.
        start = parse_time(query["start"] or query["time"])
        assert start - max(ranges, default=0) >= oldest - oldest % DAY - HOUR, query["promql"]
    assert parse_time(slo(site, "spent")["windows"]["3d"]["start"]) == oldest
    for path in (site / "index.html", site / "services" / "spent" / "index.html"):
        assert not re.search(r"\b28[ \N{NO-BREAK SPACE}]?d", path.read_text()), path


def test_flaw_6_nan_and_infinity_are_null_and_two_series_for_one_service_are_not_one(site):
    odd = {name: service(site, name)["signals"]["latency_p99"] for name in ("failing", "spent", "close", "paused")}
    assert [odd[name]["value"] for name in odd] == [None, None, 0.25, None]
    assert "no series" in odd["paused"]["absent"]
    pods = service(site, "failing")["signals"]["saturation"]
    assert pods["value"] is None
    assert "pod" in pods["absent"]
    # Nobody measured it, so nothing is said to be 0 %.
    assert service(site, "renamed")["signals"]["error_rate"]["value"] is None


@pytest.mark.parametrize("fault", ["422", "html", "hang"])
def test_flaw_7_one_failing_query_costs_its_panel_and_not_the_page(url, tmp_path, fault):
    text = only("failing", "spent").replace("services:", "prometheus: {timeout: 2s}\nservices:", 1)
    with FaultProxy(url, Fault(fault, match="by_pod")) as proxy:
        code, _ = build(proxy.url, tmp_path, text)
    assert code == ExitCode.INCOMPLETE
    assert slo(tmp_path / "public", "spent")["budget"]["remaining_ratio"] == pytest.approx(-1.23)
    assert service(tmp_path / "public", "spent")["signals"]["saturation"]["absent"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("provider: htpp\nservices: [{name: a, slo_target: 99}]", ("htpp", '"http"', "presets list")),
        ("services: [{name: a, slo_target: 99}]\nqueries: {saturation: 'x{{c=\"{container}\"}}'}", ("container",)),
    ],
)
def test_flaw_7_a_typo_in_the_provider_and_a_missing_label_are_errors_that_list_the_choices(tmp_path, text, words):
    code, message = build("http://127.0.0.1:1", tmp_path, text)
    assert code == ExitCode.USAGE
    assert all(word in message for word in words), message
    assert "\ntraefik " in CliRunner().invoke(cli, ["presets", "list"]).output, "the choices that the error leads to"


def test_flaw_9_unmeasured_time_has_no_number_and_a_counter_from_before_the_window_is_counted(url, site, tmp_path):
    dora = "dora: {repo: acme/shop, workflow_file: deploy.yml, github_token_env: NO_SUCH_TOKEN}\n"
    build(url, tmp_path, dora + only("failing"))
    index = (tmp_path / "public" / "index.html").read_text().lower()
    assert "deployment frequency" not in index
    assert not any(number in index for number in ("elite", "/day", "medium"))
    # `failing` fails since before the window: the episode has all of its bad events and begins with the window.
    statement = slo(site, "failing")["statement"]
    assert statement["background"]["bad"] == 0
    (episode,) = statement["episodes"]
    assert (episode["bad"], parse_time(episode["start"])) == (statement["bad"], AT - 3 * DAY)


def test_flaw_10_a_fleet_costs_no_more_queries_than_a_service(url, site, tmp_path):
    with FaultProxy(url) as proxy:
        build(proxy.url, tmp_path, only("failing"))
    # Once an hour one more, for all services, asks which values exist of the labels that choose errors. The service
    # whose label was renamed has look-ups of its own.
    sent = [one.query for one in proxy.queries if not one.query.startswith("count by (service, ")]
    assert len(sent) == len(proxy.queries) - 1
    fleet, service = (
        [query for query in snapshot(out)["queries"] if query["purpose"] != "look_up"]
        for out in (site, tmp_path / "public")
    )
    assert len(fleet) == len(service) == len(sent)


def test_every_flaw_of_the_list_has_its_test():
    here = Path(__file__)
    text = here.read_text() + (here.parents[1] / "browser" / here.name).read_text()
    assert {int(found) for found in re.findall(r"def test_flaw_(\d+)_", text)} == set(range(1, 11))
