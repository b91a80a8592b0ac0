"""Whether an archive went before, by the files beside its index."""

import json
from dataclasses import replace

import pytest

from sresnap.archive import continuity
from sresnap.documents import archive_index
from sresnap.documents.layout import FROZEN_PAGE, INDEX
from sresnap.documents.pointer import pointer_of_folder
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.windows import snapshot_id
from tests.archives import AT, index_of


@pytest.mark.parametrize("garbage", [b"{", b"[]", b'{"files": []}'])
def test_a_manifest_that_cannot_be_read_shows_nothing(tmp_path, garbage):
    (tmp_path / "manifest.json").write_bytes(garbage)
    assert continuity.index(tmp_path) is None


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b'{"pages": []}'])
def test_a_damaged_pointer_without_an_archive_is_not_ignored(tmp_path, garbage):
    (tmp_path / "latest.json").write_bytes(garbage)
    with pytest.raises(UsageError, match=r"latest\.json is .*does not show whether") as error:
        continuity.index(tmp_path)
    assert "sresnap restore" in error.value.hint


def test_a_pointer_that_cannot_be_read_is_damaged(tmp_path):
    (tmp_path / "latest.json").mkdir()
    with pytest.raises(DamagedFile, match=r"cannot read .*latest\.json: it is a folder$") as error:
        pointer_of_folder(tmp_path)
    assert error.value.hint == "is the path right? If it is, move away what stands there"


def test_a_manifest_may_name_thinned_reports_that_the_index_no_longer_has(tmp_path):
    (tmp_path / "archive").mkdir()
    index = replace(index_of(AT + 300), thinned={"2026-11-22": 1})
    (tmp_path / INDEX).write_bytes(archive_index.encode(index))
    names = {FROZEN_PAGE.path(snapshot_id(at)): {} for at in (AT, AT + 300)}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": names}))
    assert continuity.index(tmp_path) == index
