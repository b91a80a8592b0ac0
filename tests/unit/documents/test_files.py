"""Files are whole at any moment, and one build at a time holds a folder."""

import errno
import fcntl
import os

import pytest

from sresnap.documents.files import hold, remove_leftovers, write_atomic, write_changed
from sresnap.errors import BuildInProgress, SresnapError, UsageError
from sresnap.file_errors import what_to_do, why


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "a" / "b.json"
    write_atomic(path, b"1")
    write_atomic(path, b"2")
    assert path.read_bytes() == b"2"
    assert [p.name for p in path.parent.iterdir()] == ["b.json"]


def test_a_file_with_the_same_content_is_not_written_again(tmp_path):
    assert write_changed(tmp_path, {"a": b"1", "b": b"2"}) == 2
    assert write_changed(tmp_path, {"a": b"1", "b": b"3"}) == 1


def test_a_path_that_cannot_be_written_ends_in_one_message(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SresnapError, match="cannot write"):
        write_atomic(tmp_path / "file" / "x", b"")


@pytest.mark.parametrize(
    ("number", "reason", "hint"),
    [
        (errno.EISDIR, "it is a folder", "is the path right?"),
        (errno.EACCES, "this user is not allowed to", "let this user read there"),
        (errno.ENOSPC, "the disk is full", "make room there"),
        (errno.ENAMETOOLONG, "its name is too long", "is the path right?"),
        (errno.EIO, "input/output error", "is the path right?"),
    ],
)
def test_what_the_system_reports_about_a_file_is_said_in_words(number, reason, hint):
    error = OSError(number, os.strerror(number), "x")
    assert why(error) == reason
    assert what_to_do(error, read=True).startswith(hint)


def test_a_folder_is_held_once(tmp_path):
    with hold(tmp_path), pytest.raises(BuildInProgress, match="another build"), hold(tmp_path):
        pass


def test_a_copy_of_the_handle_in_a_process_that_is_being_started_keeps_no_lock(tmp_path, monkeypatch):
    handles, opened = [], os.open

    def copied(*arguments):
        handles.append(opened(*arguments))
        return handles[0]

    monkeypatch.setattr(os, "open", copied)
    with hold(tmp_path):
        copy = os.dup(handles[0])
    monkeypatch.undo()
    with hold(tmp_path):
        pass
    os.close(copy)


def test_a_new_folder_that_stays_empty_is_removed(tmp_path):
    with hold(tmp_path / "public"):
        pass
    assert not (tmp_path / "public").exists()


def test_a_file_in_place_of_the_folder_ends_in_one_message(tmp_path):
    (tmp_path / "public").write_text("")
    with pytest.raises(UsageError, match="output folder"), hold(tmp_path / "public"):
        pass


def test_leftovers_of_a_killed_build_are_removed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".index.html.x1.sresnap-tmp").write_text("half")
    (tmp_path / "a" / "index.html").write_text("whole")
    (tmp_path / "a" / ".theirs.tmp").write_text("not ours")
    remove_leftovers(tmp_path)
    assert {p.name for p in (tmp_path / "a").iterdir()} == {"index.html", ".theirs.tmp"}


def test_a_file_that_another_process_is_writing_is_not_a_leftover(tmp_path):
    theirs = tmp_path / ".x1.sresnap-tmp"
    with theirs.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        remove_leftovers(tmp_path)
        assert theirs.exists()
    remove_leftovers(tmp_path)
    assert not theirs.exists()


def test_leftovers_are_removed_on_nfs_which_locks_only_what_is_open_for_writing(tmp_path, monkeypatch):
    def flock_of_nfs(file, operation, flock=fcntl.flock):
        if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(file, operation)

    (tmp_path / ".x1.sresnap-tmp").write_text("half")
    monkeypatch.setattr(fcntl, "flock", flock_of_nfs)
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_locking_a_folder_removes_its_leftovers(tmp_path):
    leftover = tmp_path / ".x1.sresnap-tmp"
    leftover.write_text("of a restore that was killed")
    with hold(tmp_path):
        assert not leftover.exists()


def test_a_file_with_the_longest_name_is_written(tmp_path):
    write_atomic(tmp_path / ("x" * 255), b"whole")
    assert [len(path.name) for path in tmp_path.iterdir()] == [255]


def test_nothing_is_written_outside_of_the_folder(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("../evil", "link/evil"):
        with pytest.raises(UsageError, match="outside"):
            write_changed(tmp_path / "site", {name: b""})
    assert not list((tmp_path / "elsewhere").iterdir())
