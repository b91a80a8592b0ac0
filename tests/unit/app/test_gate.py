"""`sresnap gate`: a release passes only on a fresh report with budget left; every other end has a code of its own."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from freezegun import freeze_time

import sresnap.config  # noqa: F401 - pydantic must not meet the frozen clock's classes
from sresnap.cli import cli
from sresnap.documents import files, snapshots
from sresnap.documents.layout import SNAPSHOT
from sresnap.errors import ExitCode, NoReport, SresnapError
from sresnap.model.status import Status
from sresnap.preview import PreviewServer
from sresnap.publish.newest import read_newest
from tests import factories

REPORT = factories.healthy()
FRESH = "2026-11-22T21:35:00Z"


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


@pytest.fixture
def site(tmp_path):
    def write(snapshot):
        content = {
            SNAPSHOT.path(snapshot.id): snapshots.encode(snapshot),
            "latest.json": snapshots.latest(snapshot, {}),
        }
        tmp_path.mkdir(exist_ok=True)
        files.write_changed(tmp_path, content)
        return str(tmp_path)

    return write


def gate(*arguments, at=FRESH):
    with freeze_time(at):
        return CliRunner().invoke(cli, ["gate", *arguments], standalone_mode=False)


def first_slo(index=0):
    service = REPORT.services[index]
    return f"{service.name}/{service.slos[0].name}"


def code(result):
    return result.exception.exit_code if isinstance(result.exception, SresnapError) else result.return_value


@pytest.mark.parametrize(
    ("left", "least", "expected"),
    [
        (0.5, "0.1", ExitCode.DONE),
        (0.1, "0.1", ExitCode.BREACHED),
        (0.0999, "0.1", ExitCode.BREACHED),
        (0.0, "0", ExitCode.BREACHED),
        (-0.2, "-0.5", ExitCode.DONE),
        (None, "0.1", ExitCode.NO_REPORT),
    ],
)
def test_the_budget_left_must_be_over_what_is_wanted(site, left, least, expected):
    folder = site(with_budgets(**{REPORT.services[0].name: left}))
    assert code(gate("--slo", first_slo(), "--min-remaining", least, "--site", folder)) == expected


def with_unknown_burn(status, left, *names):
    """The first SLO of the sample report, without data in some windows."""
    service = REPORT.services[0]
    slo = service.slos[0]
    windows = {name: replace(w, burn_rate=None) if name in names else w for name, w in slo.windows.items()}
    slo = replace(slo, status=status, windows=windows, budget=replace(slo.budget, remaining_ratio=left))
    return replace(REPORT, services=(replace(service, slos=(slo,)),))


@pytest.mark.parametrize("names", [("5m", "30m", "1h", "2h", "6h"), ("5m",)])
def test_an_objective_whose_data_ended_hours_ago_does_not_pass_on_what_was_left_then(site, names):
    result = gate("--site", site(with_unknown_burn(Status.AT_RISK, 0.2, *names)))
    assert code(result) == ExitCode.NO_REPORT
    assert "The current state is unknown" in result.output
    assert all(name in result.output for name in names)


def test_a_budget_that_is_spent_is_breached_whatever_happens_now(site):
    assert code(gate("--site", site(with_unknown_burn(Status.EXHAUSTED, -0.2, "5m")))) == ExitCode.BREACHED


def test_a_stale_report_does_not_pass_whatever_it_says(site):
    folder = site(with_budgets())
    old = gate("--slo", first_slo(), "--site", folder, at="2026-11-22T22:30:00Z")
    assert code(old) == ExitCode.STALE
    assert "stale" in old.output
    allowed = gate("--slo", first_slo(), "--site", folder, "--max-age", "2h", at="2026-11-22T22:30:00Z")
    assert code(allowed) == ExitCode.DONE


def test_a_report_from_the_future_has_no_age_that_could_be_fresh(site):
    # Of 21:30. Clocks may differ by 5 minutes; at 21:24 it is dated 6 minutes ahead.
    folder = site(with_budgets())
    assert code(gate("--site", folder, "--slo", first_slo(), at="2026-11-22T21:25:00Z")) == ExitCode.DONE
    ahead = gate("--site", folder, "--slo", first_slo(), "--max-age", "1000d", at="2026-11-22T21:24:00Z")
    assert code(ahead) == ExitCode.STALE
    assert "stale: it is dated 6\u00a0min in the future" in ahead.output


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: content[:500], "no JSON"),
        (lambda _: b"", "no JSON"),
        (lambda content: content.replace(b"sresnap/snapshot/1", b"sresnap/snapshot/2"), "newer sresnap"),
        (lambda content: content.replace(b'"objective":0.9', b'"objective":1.9'), "does not hold together"),
        (lambda content: content.replace(b'"services"', b'"servants"'), "damaged"),
    ],
    ids=["truncated", "empty", "newer", "edited", "renamed"],
)
def test_a_report_that_cannot_be_read_is_none(site, tmp_path, damage, words):
    folder = site(REPORT)
    file = tmp_path / SNAPSHOT.path(REPORT.id)
    file.write_bytes(damage(file.read_bytes()))
    result = gate("--site", folder)
    assert code(result) == ExitCode.NO_REPORT
    assert words in result.exception.message
    assert "sresnap build" in result.exception.hint


def test_no_data_goes_before_stale_and_stale_before_breached(site):
    names = [service.name for service in REPORT.services]
    folder = site(with_budgets(**{names[0]: None, names[1]: -1.0}))
    late = "2026-11-23T22:30:00Z"
    assert code(gate("--slo", names[0], "--slo", names[1], "--site", folder, at=late)) == ExitCode.NO_REPORT
    assert code(gate("--slo", first_slo(1), "--site", folder, at=late)) == ExitCode.STALE
    assert code(gate("--slo", first_slo(1), "--site", folder)) == ExitCode.BREACHED


def test_a_service_alone_means_all_its_objectives_and_nothing_means_all_of_all(site):
    folder = site(with_budgets())
    everything = json.loads(gate("--site", folder, "--json").output)
    assert len(everything["slos"]) == sum(len(service.slos) for service in REPORT.services)
    service = REPORT.services[0]
    one = json.loads(gate("--site", folder, "--json", "--slo", service.name).output)
    assert [slo["slo"] for slo in one["slos"]] == [f"{service.name}/{slo.name}" for slo in service.slos]
    assert one["id"] == REPORT.id


def test_a_name_that_is_none_is_wrong_usage_with_the_nearest(site):
    wrong = gate("--slo", REPORT.services[0].name + "x", "--site", site(with_budgets()))
    assert code(wrong) == ExitCode.USAGE
    assert REPORT.services[0].name in wrong.exception.hint


def test_a_site_is_read_over_http_from_below_a_path_too(site, tmp_path):
    site(with_budgets())
    (tmp_path.parent / "repo").symlink_to(tmp_path)
    with PreviewServer(tmp_path) as server:
        for address in (f"http://127.0.0.1:{server.port}", f"http://127.0.0.1:{server.port}/index.html"):
            assert read_newest(address).id == REPORT.id


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "nowhere", "http://[broken"])
def test_no_report_is_no_pass(address, tmp_path):
    target = address if address.startswith("http") else str(tmp_path / address)
    result = gate("--site", target)
    assert code(result) == ExitCode.NO_REPORT
    assert isinstance(result.exception, NoReport)


@pytest.mark.parametrize(
    "pointer",
    ["", "[]", "{}", '{"snapshot": 3}', '{"snapshot": "snapshots/../../x.json"}', '{"snapshot": "/etc/passwd"}'],
)
def test_a_pointer_that_leads_out_of_the_site_or_nowhere_is_refused(tmp_path, pointer):
    (tmp_path / "latest.json").write_text(pointer)
    assert code(gate("--site", str(tmp_path))) == ExitCode.NO_REPORT


@pytest.mark.parametrize("share", ["nan", "-inf", "1.5", "much"])
def test_what_is_no_share_of_a_budget_is_refused(site, share):
    result = CliRunner().invoke(cli, ["gate", "--min-remaining", share, "--site", site(REPORT)])
    assert result.exit_code == ExitCode.USAGE
    assert "--min-remaining" in result.output
