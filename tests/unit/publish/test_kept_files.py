"""What was read is kept on disk, so that a large site does not fill the memory."""

import tempfile
import tracemalloc

import pytest

from sresnap.errors import PublishFailed
from sresnap.publish import kept_files
from sresnap.publish.kept_files import Contents, KeptFiles
from sresnap.publish.patient import RememberingSource
from sresnap.publish.targets.base import StoredFile


class Site:
    shown = "a site"

    def read(self, name, most=None):
        return StoredFile(name.encode() * 100_000, "v")


def test_files_are_given_as_they_were_kept_last():
    kept = KeptFiles()
    for content in (b"old", b"newer", b""):
        kept.keep("a", StoredFile(content, content.decode()))
        kept.keep("b", StoredFile(b"other", "1"))
        assert kept.get("a") == StoredFile(content, content.decode())
    assert kept.get("b").content == b"other"


def test_a_large_site_is_not_held_in_memory(monkeypatch):
    monkeypatch.setattr(kept_files, "_IN_MEMORY", 50_000)
    known, names = RememberingSource(Site()), [f"{number:04d}" for number in range(100)]
    tracemalloc.start()
    for name in names:
        known.read(name)
    known.know()
    contents = Contents(known, dict.fromkeys(names, 400_000))
    assert all(content == name.encode() * 100_000 for name, content in contents.items())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert contents.size == 40_000_000
    assert peak < 4_000_000
    assert list(contents.only({"0007"})) == ["0007"]
    with pytest.raises(KeyError):
        contents["other"]


def test_a_folder_for_temporary_files_that_cannot_be_used_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(kept_files, "_IN_MEMORY", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(PublishFailed, match=f"temporary folder {tmp_path}/none: there is no such file") as error:
        KeptFiles().keep("a", StoredFile(bytes(100), ""))
    assert "TMPDIR" in error.value.hint
