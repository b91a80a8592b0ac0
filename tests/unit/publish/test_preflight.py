"""Reasons not to publish, found in the folder."""

import pytest

from sresnap.documents import history, thinned_lists
from sresnap.documents.files import sha256
from sresnap.errors import ExitCode, UsageError
from sresnap.model.history import HistoryDay
from sresnap.publish.preflight import refuse_damaged
from sresnap.publish.site_folder import LocalFile, LocalSite
from tests.archives import AT, index_of

DAY = "history/2026/11/2026-11-22.json"
LIST = "archive/thinned/2026/11/2026-11-22.json"


def site_with(root, name, content):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return LocalSite(root, "20261122T213000Z", {name: LocalFile(sha256(content), len(content))})


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        (DAY, b"{", "delete it: its hours are queried again"),
        (DAY, history.encode("2026-11-21", HistoryDay({}), None), "delete it"),
        (LIST, b'{"schema":"sresnap/thinned/2"}', "restore the published one"),
    ],
)
def test_a_file_that_the_next_build_cannot_read_is_not_sent(tmp_path, name, content, hint):
    site = site_with(tmp_path, name, content)
    with pytest.raises(UsageError, match=f"^{tmp_path}/{name} is .*; nothing was sent$") as error:
        refuse_damaged(site, [name])
    assert error.value.exit_code == ExitCode.USAGE
    assert hint in error.value.hint
    refuse_damaged(site, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (DAY, history.encode("2026-11-22", HistoryDay({}), None)),
        (LIST, thinned_lists.encode("2026-11-22", index_of(AT).entries)),
        ("notes.json", b"{"),
    ],
)
def test_whole_files_and_a_users_own_files_are_sent(tmp_path, name, content):
    refuse_damaged(site_with(tmp_path, name, content), [name])
