"""`sresnap explain --site`: the numbers of a published report, each with its queries."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.documents import files, snapshots
from sresnap.documents.layout import SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import NoReport, UsageError
from sresnap.model.windows import iso, parse_time
from sresnap.publish.newest import read_newest
from tests import factories


def test_a_report_without_services_has_a_whole_hint(explained):
    failed = explained(replace(factories.healthy(), services=()), "api").exception
    assert isinstance(failed, UsageError)
    assert failed.hint == "it has none: was it built with another configuration?"


@pytest.fixture
def explained(tmp_path):
    """Run the command on a site that shows a report."""

    def explain(snapshot, *arguments):
        name = SNAPSHOT.path(snapshot.id)
        content = {name: snapshots.encode(snapshot), "latest.json": pointer_to(snapshot, {})}
        files.write_changed(tmp_path, content)
        return CliRunner().invoke(cli, ["explain", *arguments, "--site", str(tmp_path)], standalone_mode=False)

    return explain


def with_queries(snapshot, *queries):
    """A report whose first SLO is made from one series, with the queries that were sent for it."""
    service = snapshot.services[0]
    slo = replace(service.slos[0], series=("total",))
    return replace(snapshot, services=(replace(service, slos=(slo,)),), queries=queries)


def test_an_instant_query_does_not_hide_the_range_query_with_the_same_text(explained):
    instant = factories.query("total", purpose="sli", window="1h", promql="x[1h]", start=None, step_seconds=None)
    hours = replace(
        instant, purpose="hourly", window="28d", start=parse_time("2026-10-25T21:00:00Z"), step_seconds=3600
    )
    printed = explained(with_queries(factories.healthy(), instant, hours), "api").output
    assert printed.count("      x[1h]\n") == 2
    assert f"total · sli · 1h at {iso(instant.time)}" in printed
    assert f"total · hourly · 28d from 2026-10-25T21:00:00Z to {iso(instant.time)} by 1h" in printed


def test_a_query_of_several_numbers_is_printed_once_and_each_number_names_it(explained):
    query = factories.query("total", purpose="sli", window="1h", promql="x[1h]", start=None, step_seconds=None)
    lines = explained(with_queries(factories.healthy(), query), "api").output.splitlines()
    assert lines.count("    queries [1]") > 1
    assert [line for line in lines if "x[1h]" in line] == ["      x[1h]"]
    assert lines.index("queries") > max(i for i, line in enumerate(lines) if line == "    queries [1]")


def test_a_look_up_is_named_as_one_and_each_query_is_shown_for_the_service_only(explained):
    grouped = factories.query(
        "total", purpose="sli", window="1h", promql='x{job=~"api|web"}', for_one='x{{job=~"{job}"}}', services=None
    )
    look_up = replace(grouped, purpose="look_up", promql='count(x{job=~"api|web"})', for_one='count(x{{job=~"{job}"}})')
    api, web = (replace(factories.healthy_service(name), selected_by={"job": name}) for name in ("api", "web"))
    api = replace(api, slos=(replace(api.slos[0], series=("total",)),))
    printed = explained(factories.snapshot([api, web], queries=(grouped, look_up)), "api").output
    assert "[1] total · look up · 1h at" in printed
    assert "[2] total · sli · 1h at" in printed
    assert '      x{job=~"api"}\n' in printed
    assert '      count(x{job=~"api"})\n' in printed
    assert "api|web" not in printed


def test_parts_signals_capacities_and_slos_are_chosen_by_name(explained):
    snapshot = factories.healthy()
    everything = explained(snapshot, "api").output
    for title in (
        "api/availability",
        "api/availability, forecast",
        "api/availability, statement",
        "api, signals",
        "fleet",
    ):
        assert f"{title}\n" in everything
    signal = explained(snapshot, "api", "error_rate").output
    assert "error_rate, ratio = " in signal
    assert "SLI" not in signal
    for name in ("vps_cpu", "cap_vps_cpu"):
        assert "vps_cpu, ratio = " in explained(snapshot, "api", name).output
    assert "mean SLI, fleet = " in explained(snapshot, "api", "fleet").output
    one = json.loads(explained(snapshot, "api", "statement", "--json").output)
    assert [title for title in one["numbers"] if "statement" not in title] == []
    assert list(json.loads(explained(snapshot, "api", "availability", "--json").output)["numbers"]) == [
        "api/availability",
        "api/availability, forecast",
        "api/availability, statement",
    ]


def test_an_unknown_name_is_reported_with_the_nearest(explained):
    error = explained(factories.healthy(), "api", "eror_rate").exception
    assert isinstance(error, UsageError)
    assert "error_rate" in error.hint


def test_a_published_report_has_its_own_time_and_source(tmp_path):
    result = CliRunner().invoke(
        cli, ["explain", "api", "--site", str(tmp_path), "--at", "2026-01-01T00:00:00Z"], standalone_mode=False
    )
    assert isinstance(result.exception, UsageError)
    assert "--site cannot be combined with --at" in str(result.exception)


def test_a_password_in_a_sites_address_is_not_printed():
    with pytest.raises(NoReport) as failed:
        read_newest("http://me:geheim@127.0.0.1:1/site")
    assert "geheim" not in str(failed.value) + str(failed.value.hint)
