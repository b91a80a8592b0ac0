"""What the result of a build says of itself."""

import dataclasses
from pathlib import Path

import pytest

from sresnap.app.site_writer import BuildResult
from sresnap.errors import ExitCode
from sresnap.model.windows import snapshot_id
from tests import factories

SNAPSHOT = factories.small()


@pytest.mark.parametrize(("offset", "is_wrong"), [(-1, False), (0, False), (1, True)])
def test_a_clock_is_wrong_when_the_site_shows_a_report_of_a_later_time(offset, is_wrong):
    newer = snapshot_id(SNAPSHOT.generated_at + offset)
    assert BuildResult(SNAPSHOT, Path("public"), 1, newer=newer).is_clock_wrong is is_wrong
    assert not BuildResult(SNAPSHOT, Path("public"), 1).is_clock_wrong


def test_a_build_with_missing_data_is_incomplete():
    assert BuildResult(SNAPSHOT, Path("public"), 1).exit_code is ExitCode.DONE
    some = dataclasses.replace(SNAPSHOT, problems=factories.some_failed().problems)
    assert BuildResult(some, Path("public"), 1).exit_code is ExitCode.INCOMPLETE


def test_the_slo_with_the_worst_status_speaks_for_a_service():
    service = factories.overspent_service()
    assert service.worst_slo.status is service.status
    assert service.worst_slo is min(service.slos, key=lambda slo: slo.status.rank)
