"""The newest report of a published site, as `gate` and `explain` read it."""

import pytest

from sresnap.documents import files, snapshots
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import NoReport, UsageError
from sresnap.preview import PreviewServer
from sresnap.publish.newest import read_newest
from tests import factories
from tests.integration.web_answers import Answer, answering

REPORT = factories.snapshot(services=[])


@pytest.fixture
def site(tmp_path):
    content = {SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT), POINTER: pointer_to(REPORT, {})}
    files.write_changed(tmp_path, content)
    return tmp_path


@pytest.mark.parametrize("address", ["{}", "file:{}", "file://{}"])
def test_a_site_is_read_by_any_address_of_its_target(site, address):
    assert read_newest(address.format(site)).id == REPORT.id


def test_gate_and_explain_ask_a_busy_server_again_and_show_no_login(site):
    with answering(Answer(503), root=site) as server:
        assert read_newest(f"http://user:hunter2@{server.host}/").id == REPORT.id
        assert server.requests == 3
    with answering(Answer(403)) as server, pytest.raises(NoReport) as raised:
        read_newest(f"http://user:hunter2@{server.host}/")
    assert f"http://{server.host}/latest.json: HTTP 403" in raised.value.message
    assert "hunter2" not in f"{raised.value.message} {raised.value.hint}"


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
def test_an_address_that_names_no_site_is_a_mistake_of_the_call_and_its_login_is_not_shown(address):
    with pytest.raises(UsageError) as raised:
        read_newest(address)
    assert "hunter2" not in f"{raised.value.message} {raised.value.hint}"


@pytest.mark.parametrize(
    ("damage", "words", "hint"),
    [
        (lambda content: content[:500], "is not JSON: it is cut short", "publish it again"),
        (lambda _: b"", "is empty", "publish it again"),
        (
            lambda content: content.replace(b"sresnap/snapshot/1", b"sresnap/snapshot/2"),
            "newer sresnap",
            "upgrade sresnap",
        ),
        (
            lambda content: content.replace(b'"objective":0.9', b'"objective":1.9'),
            "is not between 0 and 1",
            "publish it again",
        ),
        (lambda content: content.replace(b'"services"', b'"servants"'), "services is missing", "publish it again"),
    ],
    ids=["truncated", "empty", "newer", "edited", "renamed"],
)
def test_a_report_that_cannot_be_read_is_reported_as_missing(tmp_path, damage, words, hint):
    report = factories.healthy()
    content = {SNAPSHOT.path(report.id): damage(snapshots.encode(report)), POINTER: pointer_to(report, {})}
    files.write_changed(tmp_path, content)
    with pytest.raises(NoReport, match=words) as raised:
        read_newest(str(tmp_path))
    assert hint in raised.value.hint


def test_a_site_is_read_over_http_with_or_without_its_page(site):
    with PreviewServer(site) as server:
        for address in (server.url.rstrip("/"), f"{server.url}index.html"):
            assert read_newest(address).id == REPORT.id


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "nowhere"])
def test_a_site_that_cannot_be_reached_has_no_report(address, tmp_path):
    site = address if address.startswith("http") else str(tmp_path / address)
    with pytest.raises(NoReport):
        read_newest(site)


@pytest.mark.parametrize(
    "pointer",
    ["", "[]", "{}", '{"snapshot": 3}', '{"snapshot": "snapshots/../../x.json"}', '{"snapshot": "/etc/passwd"}'],
)
def test_a_pointer_that_leads_out_of_the_site_or_nowhere_is_refused(tmp_path, pointer):
    (tmp_path / "latest.json").write_text(pointer)
    with pytest.raises(NoReport):
        read_newest(str(tmp_path))
