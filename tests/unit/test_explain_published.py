"""`sresnap explain --site`: the numbers of a published report, each with the queries behind it."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.store import files, snapshots
from tests import factories


@pytest.fixture
def explained(tmp_path):
    """What the command says of a report."""

    def explain(snapshot, *arguments):
        name = snapshots.snapshot_name(snapshot.id)
        content = {name: snapshots.encode(snapshot), "latest.json": snapshots.latest(snapshot, {})}
        files.write_changed(tmp_path, content)
        return CliRunner().invoke(cli, ["explain", *arguments, "--site", str(tmp_path)], standalone_mode=False)

    return explain


def asked(snapshot, *queries):
    """A report whose first SLO is made from a series, with the queries that were sent for it."""
    service = snapshot.services[0]
    slo = replace(service.slos[0], series=("total",))
    return replace(snapshot, services=(replace(service, slos=(slo,)),), queries=queries)


def test_an_instant_does_not_hide_the_range_with_the_same_text(explained):
    instant = factories.query("total", purpose="sli", window="1h", promql="x[1h]", start=None, step_seconds=None)
    hours = replace(instant, purpose="hourly", window="28d", start="2026-10-25T21:00:00Z", step_seconds=3600)
    said = explained(asked(factories.healthy(), instant, hours), "api").output
    assert said.count("asked: x[1h]") == 2
    assert f"sli at {instant.time}" in said
    assert f"hourly from 2026-10-25T21:00:00Z to {instant.time} by 1h" in said
