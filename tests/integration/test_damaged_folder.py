"""`sresnap restore` is the way out when publishing refuses a damaged file of the folder."""

import pytest

from sresnap.cli.publish_output import print_restored
from sresnap.documents import archive_index
from sresnap.documents.layout import INDEX, THINNED_LIST
from sresnap.errors import UsageError
from sresnap.model.archive import Keep
from sresnap.model.windows import DAY, MINUTE
from sresnap.publish.targets.folder import Folder
from tests.integration import sites

NONE = Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0, max_bytes=None)
LATER = 5 * DAY // MINUTE
EARLIER_LIST, NEWEST_LIST = THINNED_LIST.path("2026-11-22"), THINNED_LIST.path("2026-11-27")


@pytest.fixture
def www(tmp_path):
    """A target that holds lists of two days."""
    for number in (0, 1, LATER, LATER + 1):
        newest = sites.build(tmp_path / "public", number, keep=NONE)
    www = Folder(tmp_path / "www")
    sites.publish(www, tmp_path / "public")
    assert archive_index.load(tmp_path / "public").newest.id == newest
    return www


@pytest.fixture
def out(tmp_path, www):
    return tmp_path / "public"


def published_index(www):
    return archive_index.decode(www.read(INDEX).content, INDEX)


@pytest.mark.parametrize("name", [EARLIER_LIST, NEWEST_LIST, sites.DAY_FILE])
@pytest.mark.parametrize("everything", [False, True])
def test_publishing_works_after_the_published_file_was_restored(www, out, capsys, name, everything):
    index = (out / INDEX).read_bytes()
    whole = (out / name).read_bytes()
    (out / name).write_bytes(b"{")
    with pytest.raises(UsageError, match=r"is not JSON.*; nothing was sent"):
        sites.publish(www, out)
    done = sites.restore(www, out, everything=everything)
    assert (out / name).read_bytes() == whole
    assert (out / INDEX).read_bytes() == index
    assert done.moved_files == ()
    print_restored(done, out)
    assert "another publisher" not in capsys.readouterr().err
    newest = sites.build(out, LATER + 2)
    sites.publish(www, out)
    assert published_index(www).newest.id == newest


def test_a_report_that_was_not_published_stays(www, out):
    newest = sites.build(out, LATER + 2, keep=Keep(every=DAY, hourly=0, daily=0, weekly=0, monthly=0, max_bytes=None))
    (out / EARLIER_LIST).write_bytes(b"{")
    assert sites.restore(www, out).moved_files == ()
    assert archive_index.load(out).newest.id == newest
    sites.publish(www, out)
    assert published_index(www).newest.id == newest


def test_a_list_that_had_more_than_the_published_one_takes_the_folder_back_to_it(www, out, capsys):
    sites.build(out, LATER + 2, keep=NONE)
    (out / NEWEST_LIST).write_bytes(b"{")
    done = sites.restore(www, out)
    assert NEWEST_LIST in done.moved_files
    assert (out / INDEX).read_bytes() == www.read(INDEX).content
    print_restored(done, out)
    text = capsys.readouterr().err
    assert "this folder's archive is lost or damaged" in text
    assert "another publisher" not in text
    sites.build(out, LATER + 3)
    sites.publish(www, out)
