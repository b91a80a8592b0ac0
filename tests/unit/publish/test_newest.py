"""The newest report of a published site, as `gate` and `explain` read it."""

import pytest

from sresnap.documents import files, snapshots
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import NoReport
from sresnap.publish.newest import read_newest
from tests import factories

REPORT = factories.snapshot(services=[])


@pytest.fixture
def site(tmp_path):
    content = {SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT), POINTER: pointer_to(REPORT, {})}
    files.write_changed(tmp_path, content)
    return tmp_path


@pytest.mark.parametrize("address", ["{}", "file:{}", "file://{}"])
def test_a_site_is_read_by_any_address_of_its_target(site, address):
    assert read_newest(address.format(site)).id == REPORT.id


def test_a_folder_without_a_pointer_has_no_report(tmp_path):
    with pytest.raises(NoReport, match=r"latest\.json is missing") as raised:
        read_newest(str(tmp_path))
    assert "--site" in raised.value.hint


def test_a_pointer_to_a_missing_report_is_reported_with_the_missing_file(site):
    (site / SNAPSHOT.path(REPORT.id)).unlink()
    with pytest.raises(NoReport, match=f"{SNAPSHOT.path(REPORT.id)} is missing") as raised:
        read_newest(str(site))
    assert "publish it again" in raised.value.hint


@pytest.mark.parametrize("address", ["ftp://user:hunter2@host/x", "user:hunter2@host", ""])
def test_an_address_that_names_no_site_is_reported_without_its_login(address):
    with pytest.raises(NoReport) as raised:
        read_newest(address)
    assert "hunter2" not in f"{raised.value.message} {raised.value.hint}"
