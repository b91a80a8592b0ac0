"""What a site's folder knows of itself."""

import pytest

from sresnap.documents import folder_state
from sresnap.documents.layout import STATE
from sresnap.errors import DamagedFile, NewerFile, UsageError

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def test_a_new_folder_knows_nothing(tmp_path):
    state = folder_state.load(tmp_path)
    assert (state.files, state.published_reports, state.states, state.targets) == ({}, (), (), {})
    assert not folder_state.includes(tmp_path, A)
    assert not folder_state.may_be_published(tmp_path, "20261122T213000Z")


def test_the_union_of_old_and_new_files_is_kept_until_a_build_is_done(tmp_path):
    folder_state.record_files(tmp_path, {"index.html": [A], "old.html": [A]}, {"index.html": [B]})
    assert folder_state.load(tmp_path).files == {"index.html": (A, B), "old.html": (A,)}
    folder_state.record_files(tmp_path, {"index.html": [B]})
    assert folder_state.load(tmp_path).files == {"index.html": (B,)}


def test_a_report_that_was_about_to_be_published_may_have_been_seen(tmp_path):
    folder_state.add_states(tmp_path, A, report="20261122T213000Z")
    assert folder_state.may_be_published(tmp_path, "20261122T213000Z")
    assert folder_state.includes(tmp_path, A)


def test_the_last_state_of_each_target_is_kept_beside_the_latest_fifty(tmp_path):
    folder_state.set_target_state(tmp_path, "file:mirror", C)
    tokens = [f"{number:064x}" for number in range(60)]
    folder_state.add_states(tmp_path, *tokens)
    assert folder_state.load(tmp_path).states == tuple(tokens[-50:])
    assert folder_state.includes(tmp_path, C), "a mirror may be updated once a month"
    assert not folder_state.includes(tmp_path, tokens[0])


def test_a_state_that_is_noted_again_is_the_latest_and_is_there_once(tmp_path):
    folder_state.add_states(tmp_path, A, B)
    folder_state.add_states(tmp_path, A)
    assert folder_state.load(tmp_path).states == (B, A)


def test_files_that_were_scanned_by_other_rules_are_scanned_again(tmp_path):
    (tmp_path / "index.html").write_text("x")
    folder_state.record_scanned(tmp_path, A, {"index.html": B, "gone.html": B})
    assert folder_state.scanned_files(tmp_path, C) == {}
    folder_state.record_scanned(tmp_path, A, {})
    assert folder_state.scanned_files(tmp_path, A) == {"index.html": B}, "a file that is gone is forgotten"


@pytest.mark.parametrize(
    ("content", "kind"), [("{", DamagedFile), ("{}", DamagedFile), ('{"schema":"sresnap/folder/9"}', NewerFile)]
)
def test_a_state_that_cannot_be_read_is_never_treated_as_an_empty_one(tmp_path, content, kind):
    (tmp_path / STATE).write_text(content)
    with pytest.raises(kind):
        folder_state.add_states(tmp_path, A)
    assert (tmp_path / STATE).read_text() == content


def test_a_folder_in_its_place_is_one_message(tmp_path):
    (tmp_path / STATE).mkdir()
    with pytest.raises(UsageError, match="it is a folder"):
        folder_state.load(tmp_path)
