"""Files that a command writes where the user says."""

import os

import pytest

from sresnap.app.output_file import refuse_overwriting, write_text
from sresnap.errors import UsageError


def test_an_existing_file_is_not_overwritten_without_force(tmp_path):
    path = tmp_path / "report.html"
    refuse_overwriting(path, force=False)
    assert write_text(path, "Grüße") == len("Grüße".encode())
    with pytest.raises(UsageError, match="exists") as refused:
        refuse_overwriting(path, force=False)
    assert "--force" in refused.value.hint
    refuse_overwriting(path, force=True)


def test_a_command_may_overwrite_its_own_file(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text("# made by sresnap rules\n")
    refuse_overwriting(path, force=False, own_mark="# made by")
    path.write_text("groups: []\n")
    with pytest.raises(UsageError, match="was not written by this command"):
        refuse_overwriting(path, force=False, own_mark="# made by")


def test_a_file_that_is_written_again_keeps_its_mode_and_the_link_to_it(tmp_path):
    (tmp_path / "repository").mkdir()
    own, link = tmp_path / "repository/sresnap.yaml", tmp_path / "sresnap.yaml"
    own.write_text("old")
    own.chmod(0o600)
    link.symlink_to(own)
    write_text(link, "new")
    assert link.is_symlink()
    assert (own.read_text(), own.stat().st_mode & 0o777) == ("new", 0o600)


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "new", "")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
