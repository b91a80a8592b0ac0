"""What an earlier build recorded is removed, and nothing beside it."""

from sresnap.documents.build_record import record_of, remove_stale
from sresnap.documents.files import sha256, write_changed
from sresnap.documents.layout import FROZEN_PAGE, POINTER

GONE, FROZEN = "services/web/index.html", FROZEN_PAGE.path("20261122T213000Z")
EARLIER = {name: name.encode() for name in ("services/api/index.html", GONE, "badges/web.svg", FROZEN, POINTER)}


def test_files_that_the_report_no_longer_has_are_removed_and_edited_ones_stay(tmp_path):
    write_changed(tmp_path, EARLIER)
    (tmp_path / "badges/web.svg").write_text("mine")
    assert remove_stale(tmp_path, record_of(EARLIER), record_of({"services/api/index.html": b""})) == (
        tmp_path / "badges/web.svg",
    )
    assert not (tmp_path / "services/web").exists()
    assert all((tmp_path / name).exists() for name in EARLIER if name != GONE)


def test_a_record_that_names_other_folders_removes_nothing_there(tmp_path):
    site, foreign = tmp_path / "site", tmp_path / "foreign/page.html"
    write_changed(site, EARLIER)
    write_changed(tmp_path, {"foreign/page.html": b"x"})
    listed = {
        path: [sha256(b"x")] for path in (str(foreign), "../foreign/page.html", "services/../../foreign/page.html")
    }
    listed[FROZEN] = [sha256(EARLIER[FROZEN])]
    assert remove_stale(site, listed, {}) == ()
    assert foreign.exists()
    assert (site / FROZEN).exists()
