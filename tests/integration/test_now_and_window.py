"""Row 17, on a real Prometheus: what burns now and what the window spent are two things, report by report."""

import json
from xml.etree import ElementTree as ET

import pytest

from sresnap.app import build
from sresnap.app.gate import FailOn, GateRequest, gate
from sresnap.errors import ExitCode
from sresnap.model.now import NowState
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from tests.integration.month import configured
from tests.integration.prometheus_server import prometheus_of
from tests.panels import Document

ATOM = "{http://www.w3.org/2005/Atom}"
MORNING, FIRE, STILL, AFTER = (parse_time(f"2026-11-20T{clock}:00Z") for clock in ("06:00", "11:50", "12:20", "13:50"))
BURNING = range(FIRE - HOUR, FIRE + 40 * MINUTE)
FIRST = MORNING - 8 * DAY
SCRAPES = range(FIRST + 17, AFTER + 1, MINUTE)
WEEK = """
provider: http
window: 7d
services:
  - {name: night, slo_target: 99, labels: {service: night}}
  - {name: slow, slo_target: 99, labels: {service: slow}}
  - {name: worker, slo_target: 99.5, labels: {service: worker}}
"""


def requests(service, time):
    """How many requests a service had in the minute before, and how many of them were bad."""
    if service == "worker":
        on_fire = time in BURNING
        spent = MORNING - 5 * DAY <= time < MORNING - 5 * DAY + HOUR
        # 12,000 bad ones of 2,016,000 spend 10,080. 71 of 200 is 0.355, 71 times 0.005.
        return 200, 200 if spent else 71 if on_fire else 0
    minute = time // MINUTE
    if minute % 15:
        return 0, 0
    if service == "night":
        return 1, int(MORNING - HOUR <= time < MORNING)
    return 1, int(time >= MORNING - HOUR and minute // 15 % 10 != 0)


def samples():
    lines = ["# TYPE http_requests counter"]
    for service in ("night", "slow", "worker"):
        series = {"200": [], "500": []}
        good = bad = 0
        for scrape in SCRAPES:
            total, wrong = requests(service, scrape - 17)
            good, bad = good + total - wrong, bad + wrong
            series["200"].append((good, scrape))
            series["500"].append((bad, scrape))
        for code, values in series.items():
            lines += [f'http_requests_total{{service="{service}",code="{code}"}} {v} {t}' for v, t in values]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The site after each of four builds: by moment, the snapshot and the text of some files."""
    folder = tmp_path_factory.mktemp("now")
    out, found = folder / "public", {}
    with prometheus_of(samples(), folder) as url:
        for at in (MORNING, FIRE, STILL, AFTER):
            snapshot = build.build(configured(url, WEEK), out, at, at).snapshot
            names = ("index.html", "services/worker/index.html", "feed.xml", "latest.json")
            files = {name: (out / name).read_text() for name in names}
            found[at] = ({service.name: service for service in snapshot.services}, snapshot, files, _gates(out, at))
    return found


def _gates(out, at):
    """The exit codes of the gate for the worker: by what burns, and by the budget."""
    asked = (frozenset({FailOn.PAGING}), frozenset({FailOn.BUDGET}))
    return [gate(GateRequest(str(out), at, ["worker"], fail_on=one)).exit_code for one in asked]


def test_row_17_a_worker_on_fire_with_its_budget_spent_does_not_read_like_one_at_rest(reports):
    states = [(reports[at][0]["worker"].status, reports[at][0]["worker"].now.state) for at in reports]
    assert {status for status, _ in states} == {Status.EXHAUSTED}
    assert [state for _, state in states] == [NowState.QUIET, NowState.PAGING, NowState.PAGING, NowState.QUIET]
    pair = reports[FIRE][0]["worker"].now.pairs[0]
    assert (pair.long, pair.slo, pair.long_burn_rate) == ("1h", "availability", pytest.approx(71))
    sentence = "Budget spent, and burning now: 71× over 1h, page."
    page = "services/worker/index.html"
    assert sentence in Document(reports[FIRE][2][page]).text
    assert "worker has overspent its error budget; no alert fires now." in Document(reports[MORNING][2][page]).text
    assert "1 more service burns now." in Document(reports[FIRE][2]["index.html"]).text
    for name in ("index.html", page):
        assert "<title>✕ Paging: " in reports[FIRE][2][name]
        assert "<title>✕ Paging: " not in reports[MORNING][2][name]
    pointers = [json.loads(reports[at][2]["latest.json"]) for at in reports]
    assert [pointer["now"] for pointer in pointers] == ["quiet", "paging", "paging", "paging"]


def test_row_17_the_state_lasts_since_its_first_report(reports):
    since = [reports[at][0]["worker"].now.since for at in reports]
    assert since == [None, FIRE, FIRE, AFTER]


def test_row_17_the_feed_has_an_entry_when_burning_begins_and_one_when_it_ends(reports):
    entries = ET.fromstring(reports[AFTER][2]["feed.xml"]).findall(f"{ATOM}entry")
    worker = [text for entry in entries if "worker" in (text := entry.findtext(f"{ATOM}title"))]
    assert worker == ["✕ worker: Quiet, budget spent", "✕ worker: Paging, budget spent"]


def test_row_17_the_gate_can_ask_for_either_part(reports):
    assert [reports[at][3] for at in reports] == [
        [ExitCode.DONE, ExitCode.BREACHED],
        [ExitCode.BREACHED, ExitCode.BREACHED],
        [ExitCode.BREACHED, ExitCode.BREACHED],
        [ExitCode.DONE, ExitCode.BREACHED],
    ]


def test_row_17_what_burns_comes_first(reports):
    # 0.9 / 0.01 = 90 is faster than 71; at rest, what was spent comes before what is healthy.
    text = Document(reports[FIRE][2]["index.html"]).text.partition("Needs attention")[2]
    assert text.index("slow") < text.index("worker") < text.index("Key numbers")


def test_an_outage_at_four_requests_an_hour_is_found_and_four_errors_at_night_are_not_one(reports):
    assert [reports[at][0]["slow"].now.state for at in reports] == [NowState.QUIET] + [NowState.PAGING] * 3
    assert {reports[at][0]["night"].now.state for at in reports} == {NowState.QUIET}
    night = reports[MORNING][0]["night"].slos[0]
    assert night.windows["1h"].bad == 4
    assert "only 4 bad events in 6h; it takes 10 to fire" in night.now.reason
