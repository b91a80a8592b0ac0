"""The files of a site's folder."""

import os

import pytest

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


@pytest.mark.parametrize("name", ["a\nb.html", "a\\b.html", "\x7f.html"])
def test_a_name_that_no_manifest_may_list_stops_the_publication(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(UsageError, match="cannot be published") as refused:
        list(site_folder.names(tmp_path))
    assert name not in refused.value.message
