"""Files that a user names or a site holds: what has no end is refused, and never waited for."""

import os
import re
from pathlib import Path

import pytest

from sresnap.app.output_file import refuse_overwriting
from sresnap.documents import archive_index, build_record, folder_state, history, snapshots, thinned_lists
from sresnap.documents.files import remove_leftovers, write_changed
from sresnap.documents.layout import HISTORY_DAY, INDEX, MANIFEST, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.documents.manifest import of_folder
from sresnap.documents.pointer import pointer_of_folder
from sresnap.errors import UsageError
from sresnap.file_errors import why
from sresnap.model.history import Span
from sresnap.model.windows import DAY, moment_of
from sresnap.named_files import read_named, read_stored
from sresnap.web.tls import trusted

ID = "20261122T213000Z"
START = moment_of("20261122T000000Z")
ENDLESS = pytest.mark.parametrize("kind", ["pipe", "device", "huge"])
REASON = r"it (is a device or a pipe, not a file|has more than 200 MB)"


@pytest.fixture
def unfit(tmp_path):
    """Puts something else in the place of a file."""

    def make(name, kind):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            with path.open("wb") as file:
                file.truncate(10**12)  # sparse
        return path

    return make


@ENDLESS
@pytest.mark.parametrize(
    ("name", "read"),
    [
        (SNAPSHOT.path(ID), lambda root: snapshots.read(root / SNAPSHOT.path(ID))),
        (INDEX, archive_index.load),
        (folder_state.STATE, folder_state.load),
        (POINTER, pointer_of_folder),
        (THINNED_LIST.path("2026-11-22"), lambda root: thinned_lists.load(root, "2026-11-22")),
    ],
)
def test_a_stored_file_without_an_end_is_refused(tmp_path, unfit, kind, name, read):
    unfit(name, kind)
    with pytest.raises(UsageError, match=REASON):
        read(tmp_path)


@ENDLESS
def test_a_day_of_the_history_without_an_end_is_unreadable(tmp_path, unfit, kind):
    unfit(HISTORY_DAY.path("2026-11-22"), kind)
    loaded = history.load_history(tmp_path, Span(START, START + DAY))
    assert re.fullmatch(REASON, loaded.unreadable["2026-11-22"])


@ENDLESS
def test_what_has_no_end_is_passed_over_where_a_file_may_be_missing(tmp_path, unfit, kind):
    unfit(MANIFEST, kind)
    assert of_folder(tmp_path) is None
    unfit(SNAPSHOT.path(ID), kind)
    assert snapshots.previous(tmp_path, "20261123T213000Z") is None
    unfit(".old.sresnap-tmp", kind)
    remove_leftovers(tmp_path)
    unfit("assets/app.js", kind)
    if kind != "device":  # a link that leads out of the site is refused
        assert write_changed(tmp_path, {"assets/app.js": b"new"}) == 1
    with pytest.raises(UsageError, match="was not written by this command"):
        refuse_overwriting(unfit("rules.yaml", kind), force=False, own_mark="# by sresnap")


def test_a_huge_file_of_an_earlier_build_was_changed_since(tmp_path, unfit):
    path = unfit("badges/web.svg", "huge")
    assert build_record.remove_stale(tmp_path, {"badges/web.svg": ["0" * 64]}, {}) == (path,)


@ENDLESS
def test_a_certificate_without_an_end_is_refused(unfit, kind):
    with pytest.raises(UsageError, match=r"SSL_CERT_FILE cannot be used .*it (is a device|has more than 10 MB)"):
        trusted({"SSL_CERT_FILE": str(unfit("ca.pem", kind))})


def test_a_file_that_does_not_say_its_size_is_read_whole():
    found = read_named(Path("/proc/self/status"), 100_000)
    assert Path("/proc/self/status").stat().st_size == 0
    assert found.startswith(b"Name:")
    assert found.endswith(b"\n")
    with pytest.raises(OSError, match="more than") as refused:
        read_named(Path("/proc/self/status"), 10)
    assert why(refused.value) == "it has more than 1e-05 MB"


def test_a_folder_leaves_nothing_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        with pytest.raises(IsADirectoryError):
            read_stored(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_no_module_reads_a_file_in_another_way():
    """`read_bytes` and `read_text` wait for pipes and fill the memory; they are for files that sresnap brings along."""
    root = Path(__file__).parents[2] / "sresnap"
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"\.read_bytes\(|\.read_text\(|\.open\(\"rb?\"", line) and "bundled(" not in line
    }
    assert found == {"render/assets.py", "config/load.py"}
