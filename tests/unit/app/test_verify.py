"""`sresnap verify`: what it says about a site that is not as it was published."""

import pytest

from sresnap.app.verify import VerifyRequest, verify
from sresnap.documents import manifest, snapshots
from sresnap.documents.files import sha256, write_changed
from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT, STATE
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import pointer_to
from sresnap.publish.targets.folder import Folder
from tests import factories

REPORT = factories.snapshot(services=[])


@pytest.mark.parametrize(
    ("name", "content", "fault", "hint"),
    [
        (
            POINTER,
            None,
            "latest.json is missing",
            "is the address right, and may the web server enter the site's folder?",
        ),
        (POINTER, b"<html>", "is not JSON", "delete latest.json there"),
        (POINTER, b'{"schema": "sresnap/latest/2"}', "a newer sresnap", "upgrade sresnap"),
        (MANIFEST, None, "manifest.json is missing", "sresnap restore --first"),
        (MANIFEST, b"{", "is cut short", "put the right manifest.json back"),
        (MANIFEST, b'{"schema": "sresnap/manifest/2"}', "a newer sresnap", "upgrade sresnap"),
        (SNAPSHOT.path(REPORT.id), b"{", "is not served", "Delete a damaged file at the target"),
    ],
)
def test_a_fault_says_what_to_do_and_only_an_empty_site_makes_the_address_doubtful(
    tmp_path, name, content, fault, hint
):
    files = {
        SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT),
        POINTER: pointer_to(REPORT, {}),
        MANIFEST: manifest.encode(Manifest(REPORT.id, REPORT.at, {}, {})),
    }
    write_changed(tmp_path, {key: value for key, value in {**files, name: content}.items() if value is not None})
    found = verify(Folder(tmp_path), VerifyRequest())
    assert fault in found.wrong[0]
    assert hint in found.hint
    assert ("address" in found.hint) is (fault == "latest.json is missing")


def test_a_site_that_was_built_but_never_published_is_not_called_damaged(tmp_path):
    write_changed(tmp_path, {POINTER: pointer_to(REPORT, {}), STATE: b"{}"})
    found = verify(Folder(tmp_path), VerifyRequest())
    assert found.wrong == ("manifest.json is missing: this site was built, but never published",)
    assert found.hint == "run `sresnap publish`, then verify the target"


def test_a_file_that_grew_is_not_read_to_its_end_and_both_sizes_are_said(tmp_path):
    encoded = snapshots.encode(REPORT)
    latest = pointer_to(REPORT, {})
    listed = {
        name: PublishedFile(sha256(content), len(content))
        for name, content in ((SNAPSHOT.path(REPORT.id), encoded), (POINTER, latest))
    }
    files = {
        SNAPSHOT.path(REPORT.id): encoded * 1000,
        POINTER: latest,
        MANIFEST: manifest.encode(Manifest(REPORT.id, REPORT.at, listed, {})),
    }
    write_changed(tmp_path, files)
    found = verify(Folder(tmp_path), VerifyRequest())
    has = f"it has {len(encoded) * 1000:,} bytes, and manifest.json lists {len(encoded):,}"
    assert found.wrong == (f"{SNAPSHOT.path(REPORT.id)} is not served as it was published ({has})",)
    assert "Delete a damaged file at the target" in found.hint
