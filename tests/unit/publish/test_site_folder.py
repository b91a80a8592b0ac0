"""The files of a site's folder."""

import errno
import os

import pytest

from sresnap.app.site_writer import refuse_mixing
from sresnap.errors import UsageError
from sresnap.publish import site_folder


def test_a_name_that_is_not_utf8_is_refused_by_name(tmp_path):
    (tmp_path / "index.html").touch()
    (tmp_path / "badges").mkdir()
    (tmp_path / os.fsdecode(b"badges/caf\xe9.svg")).touch()
    with pytest.raises(UsageError, match=r"badges/caf\\xe9\.svg is not UTF-8") as refused:
        list(site_folder.names(tmp_path))
    assert "rename the file" in refused.value.hint


def test_the_folder_itself_may_have_any_name(tmp_path):
    root = tmp_path / os.fsdecode(b"caf\xe9")
    root.mkdir()
    (root / "café.svg").touch()
    assert list(site_folder.names(root)) == ["café.svg"]


def test_a_folder_that_cannot_be_read_is_refused_and_not_passed_over(tmp_path, monkeypatch):
    def scandir(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(UsageError, match=r"cannot read the folder .*: this user is not allowed to"):
        list(site_folder.names(tmp_path))


def test_a_pointer_that_cannot_be_read_protects_the_folder(tmp_path):
    (tmp_path / "latest.json").mkdir()
    with pytest.raises(UsageError, match=r"latest\.json: it is a folder"):
        refuse_mixing(tmp_path, "prometheus")
