"""A table of faults before a real Prometheus: what the report shows of each, and the exit code of the command.

A fault in the query for saturation costs that panel; the same fault in every query costs the build, which ends with 4
and leaves the last site as it was.
"""

import json
import shutil
import time

import pytest
import stamina
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.errors import ExitCode, PrometheusUnreachable
from sresnap.model.status import Status
from sresnap.model.windows import MINUTE
from tests.integration.faults import Fault, FaultProxy
from tests.integration.month import AT, SMALL, configured
from tests.integration.pageless import build_without_pages
from tests.integration.test_builds import assert_whole, tree

ONE = 'demo_saturation_percent{service="api"}'
TABLE = [
    # fault, what the message says, whether the message is the same for the build that is refused everything
    ("html", "HTML"),
    ("truncated", "breaks off"),
    ("400", "400"),
    ("401", "401"),
    ("403", "403"),
    ("404", "404"),
    ("422", "422"),
    ("429", "429"),
    ("500", "500"),
    ("503", "503"),
    ("reset", "connection"),
    ("hang", "no answer within"),
]
TIMEOUT = "prometheus: {timeout: 20s}\n"
FEW = SMALL + "".join(f"  {name}: null\n" for name in ("request_rate", "error_rate", "latency_p99", "availability"))
"""Counts, and the panel of saturation: half of the queries."""


@pytest.fixture(autouse=True, scope="module")
def _retry_at_once():
    """Retries keep their number and leave out the waits."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture(scope="module")
def built(month, tmp_path_factory):
    """A site that a build without faults has made."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "sresnap.yaml").write_text(TIMEOUT + FEW)
    assert build(folder / "sresnap.yaml", month.url, folder / "public", "--quiet")[0] == ExitCode.DONE
    return folder / "public"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "sresnap.yaml"
    path.write_text(TIMEOUT + FEW)
    return path


def build(config, url, out, *more, at="2026-03-15T12:34:00Z"):
    arguments = ["build", "--config", str(config), "--out", str(out), "--prometheus-url", url]
    result = CliRunner().invoke(cli, [*arguments, "--at", at, *more], standalone_mode=False, catch_exceptions=True)
    if isinstance(result.exception, PrometheusUnreachable):
        return ExitCode.UNREACHABLE, result.exception.message
    assert result.exception is None, result.exception
    return result.return_value, result.output


def impatient(config, kind):
    """Waits for a hang to end would make the test long."""
    if kind == "hang":
        config.write_text(config.read_text().replace("20s", "3s"))


def latest_snapshot(out):
    pointer = json.loads((out / "latest.json").read_bytes())
    return json.loads((out / pointer["snapshot"]).read_bytes())


@pytest.mark.parametrize(("kind", "words"), TABLE)
def test_a_fault_costs_one_query_and_not_the_report(month, config, built, tmp_path, kind, words):
    impatient(config, kind)
    shutil.copytree(built / "history", tmp_path / "public/history")
    with FaultProxy(month.url, Fault(kind, match=ONE)) as proxy:
        loaded = configured(proxy.url, config.read_text())
        snapshot = build_without_pages(loaded, tmp_path / "public", AT + MINUTE)
    assert {(p.service, p.signal.removesuffix("_peak")) for p in snapshot.problems} == {("api", "saturation")}
    assert all(words.lower() in problem.message.lower() for problem in snapshot.problems)
    by_name = {service.name: service for service in snapshot.services}
    assert by_name["api"].signals["saturation"].value is None
    assert by_name["frontend"].signals["saturation"].value > 0
    assert by_name["api"].slos[0].windows["28d"].coverage == 1


def test_a_panel_whose_query_failed_keeps_its_place_and_says_why(month, config, tmp_path):
    out = tmp_path / "public"
    with FaultProxy(month.url, Fault("422", match=ONE)) as proxy:
        assert build(config, proxy.url, out, "--quiet")[0] == ExitCode.INCOMPLETE
    api = latest_snapshot(out)["services"][1]
    assert "422" in api["signals"]["saturation"]["absent"]
    page = (out / "services/api/index.html").read_text()
    assert "Saturation" in page
    assert "422" in page


def test_a_fault_after_a_whole_report_leaves_a_whole_site_that_says_so(month, config, built, tmp_path):
    out = shutil.copytree(built, tmp_path / "public")
    faults = {"api": ("html", "HTML"), "frontend": ("reset", "connection")}
    found = [Fault(kind, match=ONE.replace("api", service)) for service, (kind, _) in faults.items()]
    with FaultProxy(month.url, *found) as proxy:
        assert build(config, proxy.url, out, "--quiet", at="2026-03-15T12:35:00Z")[0] == ExitCode.INCOMPLETE
    for service, (_, words) in faults.items():
        page = (out / f"services/{service}/index.html").read_text()
        assert "Saturation" in page
        assert words.lower() in page.lower()
    assert_whole(out)


@pytest.mark.parametrize(("kind", "words"), TABLE)
def test_a_server_that_answers_nothing_ends_the_build_early_and_leaves_the_last_site(
    month, config, built, tmp_path, kind, words
):
    out = shutil.copytree(built, tmp_path / "public")
    before = tree(out)
    impatient(config, kind)
    started = time.monotonic()
    with FaultProxy(month.url, Fault(kind)) as proxy:
        code, message = build(config, proxy.url, out)
    assert code == ExitCode.UNREACHABLE
    assert words.lower() in message.lower()
    assert time.monotonic() - started < 25, "a timeout or two, not one per query"
    assert tree(out) == before


def test_an_unreachable_server_ends_the_build_and_nothing_is_written(config, tmp_path):
    from tests.integration.prometheus_server import free_port

    url = f"http://127.0.0.1:{free_port()}"
    code, message = build(config, url, tmp_path / "public")
    assert code == ExitCode.UNREACHABLE
    assert url in message
    assert not (tmp_path / "public").exists()


def test_the_errors_of_a_service_are_unknown_not_zero_when_their_query_fails(month, config, tmp_path):
    out = tmp_path / "public"
    with FaultProxy(month.url, Fault("500", match='code=~"5')) as proxy:
        code, _ = build(config, proxy.url, out, "--quiet")
    assert code == ExitCode.INCOMPLETE
    for service in latest_snapshot(out)["services"]:
        slo = service["slos"][0]
        assert slo["status"] == "NO_DATA"
        assert slo["budget"]["remaining_ratio"] is None
    page = (out / "index.html").read_text()
    assert "incomplete" in page.lower()


def test_the_next_build_fills_the_gap_that_a_failure_left(month, config, tmp_path):
    out = tmp_path / "public"
    with FaultProxy(month.url, Fault("500", match=lambda seen: seen.params.get("step") == "3600")) as proxy:
        snapshot = build_without_pages(configured(proxy.url, config.read_text()), out, AT)
    assert snapshot.problems
    assert snapshot.services[0].status is Status.INSUFFICIENT
    snapshot = build_without_pages(configured(month.url, config.read_text()), out, AT)
    assert snapshot.problems == ()
    assert snapshot.services[0].slos[0].windows["28d"].coverage == 1


def test_an_answer_with_warnings_is_used_shown_and_not_sealed(month, config, tmp_path):
    out = tmp_path / "public"
    with FaultProxy(month.url, Fault("warnings", match="demo_saturation", text="store gone")) as proxy:
        snapshot = build_without_pages(configured(proxy.url, config.read_text()), out, AT)
    assert any("store gone" in problem.message for problem in snapshot.problems)
    assert snapshot.services[0].signals["saturation"].value > 0
    day = json.loads((out / "history/2026/03/2026-03-01.json").read_bytes())
    assert day["services"]["api"]["saturation"]["sealed"] == 0
    assert day["services"]["api"]["total"]["sealed"] == 24


def test_the_deadline_bounds_all_querying_of_a_build(month, config, tmp_path):
    config.write_text("prometheus: {deadline: 2s, concurrency: 1}\n" + FEW)
    out = tmp_path / "public"
    started = time.monotonic()
    with FaultProxy(month.url, Fault("slow", times=None, seconds=0.3)) as proxy:
        code, _ = build(config, proxy.url, out, "--quiet")
    assert code == ExitCode.INCOMPLETE
    assert time.monotonic() - started < 12
    assert any(problem["kind"] == "deadline" for problem in latest_snapshot(out)["problems"])


def test_no_file_or_message_holds_a_secret(month, config, built, tmp_path, monkeypatch):
    monkeypatch.setenv("PROM_TOKEN", "tok-s3cr3t")
    config.write_text("prometheus: {bearer_token_env: PROM_TOKEN, timeout: 2s}\n" + FEW)
    out = shutil.copytree(built, tmp_path / "public")
    with FaultProxy(month.url, Fault("401", match=ONE, text="token tok-s3cr3t is not valid")) as proxy:
        code, output = build(config, proxy.url, out, at="2026-03-15T12:35:00Z")
        assert proxy.queries[0].headers["authorization"] == "Bearer tok-s3cr3t"
    assert code == ExitCode.INCOMPLETE
    assert "tok-s3cr3t" not in output
    assert not [name for name, content in tree(out).items() if b"tok-s3cr3t" in content]
