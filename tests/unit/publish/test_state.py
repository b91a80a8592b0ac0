"""The state of a target: what one reading finds, and what a killed publisher left pending."""

import pytest

from sresnap.documents import manifest
from sresnap.documents.files import sha256
from sresnap.documents.layout import MANIFEST, POINTER
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import pointer_to
from sresnap.errors import PublishFailed
from sresnap.publish.state import published_pointer, read_state, settle_pending, token_of
from sresnap.publish.targets.folder import Folder
from tests import factories

REPORT = factories.small()
LATEST = pointer_to(REPORT, {})


def listed(*contents, pending=None):
    """A manifest of files that are called a, b, … and have these contents."""
    files = {name: PublishedFile(sha256(content), len(content)) for name, content in zip("abc", contents, strict=False)}
    files[POINTER] = PublishedFile(sha256(LATEST), len(LATEST))
    return Manifest(REPORT.id, REPORT.at, files, pending or {})


def target(root, *, pointer=LATEST, stored=None):
    for name, content in ((POINTER, pointer), (MANIFEST, stored)):
        if content is not None:
            (root / name).write_bytes(content)
    return Folder(root)


def test_an_empty_target_has_no_state(tmp_path):
    state = read_state(Folder(tmp_path))
    assert state.is_empty
    assert state.token == token_of(None, None)


def test_every_publication_changes_the_token_even_one_that_keeps_the_pointer(tmp_path):
    before = read_state(target(tmp_path, stored=manifest.encode(listed(b"1"))))
    after = read_state(target(tmp_path, stored=manifest.encode(listed(b"2"))))
    assert before.pointer == after.pointer
    assert before.token != after.token


def test_a_pointer_that_was_lost_is_not_counted_as_published(tmp_path):
    state = read_state(target(tmp_path, pointer=None, stored=manifest.encode(listed(b"1"))))
    assert state.pointer is None
    assert set(state.manifest.files) == {"a"}


@pytest.mark.parametrize(
    ("pointer", "hint"),
    [(LATEST, "put the right manifest.json back"), (b"<html>", "check the address; if it is right, put")],
)
def test_a_damaged_manifest_stops_and_says_what_helps(tmp_path, pointer, hint):
    with pytest.raises(PublishFailed, match=r"manifest\.json") as error:
        read_state(target(tmp_path, pointer=pointer, stored=b"{"))
    assert error.value.hint.startswith(hint)


def test_a_damaged_manifest_of_a_web_server_is_not_said_to_be_rebuilt_from_files_that_it_does_not_list(tmp_path):
    site = target(tmp_path, stored=b"{")
    site.shown = "https://status.example"
    with pytest.raises(PublishFailed) as error:
        read_state(site)
    assert "delete it there" not in error.value.hint
    assert "restore once, with --first, from the target behind the web server" in error.value.hint


def test_a_newer_manifest_is_not_called_damaged(tmp_path):
    with pytest.raises(PublishFailed, match="newer"):
        read_state(target(tmp_path, stored=b'{"schema":"sresnap/manifest/9"}'))


def test_a_pointer_that_another_program_replaced_is_named(tmp_path):
    with pytest.raises(PublishFailed) as error:
        published_pointer(b"<html>", "the site")
    assert error.value.message.startswith("the site: latest.json")
    assert "restore --first" in error.value.hint


def test_pending_files_are_what_the_target_holds_now(tmp_path):
    for name, content in (("a", b"new"), ("b", b"old")):
        (tmp_path / name).write_bytes(content)
    pending = {"a": sha256(b"new"), "b": sha256(b"new"), "c": sha256(b"new")}
    settled = settle_pending(Folder(tmp_path), listed(b"old", b"old", pending=pending))
    assert settled.pending == {}
    assert {name: entry.sha256 for name, entry in settled.files.items() if name != POINTER} == {
        "a": sha256(b"new"),
        "b": sha256(b"old"),
    }, "one was written, one was not, and one does not exist"
