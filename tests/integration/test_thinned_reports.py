"""What is left of a report whose time is over: in the folder, in the lists, on the pages."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sresnap.app import archive
from sresnap.archive import thinning
from sresnap.archive.chain import appended, chain_faults
from sresnap.documents import archive_index, files, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.model.archive import MOST_SUMMARIES, Keep, Pin, empty_index
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, snapshot_id
from tests import factories
from tests.archives import AT, head, put, report

NONE = Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0, max_bytes=None)


def empty_report(at):
    return report(at, factories.no_service)


def test_a_thinned_report_leaves_a_summary_at_its_address_and_its_entry(tmp_path):
    times = (AT - 3 * DAY, AT - 3 * DAY + 300, AT - 3 * DAY + 600)
    for at in (*times, AT - 300, AT):
        assert put(tmp_path, empty_report(at)) == ()
    gone = snapshot_id(times[0])
    index = archive_index.load(tmp_path)
    assert [entry.id for entry in index.entries] == [snapshot_id(at) for at in (times[2], AT - 300, AT)]
    assert index.thinned == {"2026-11-19": 2}
    thinned = thinned_lists.load(tmp_path, "2026-11-19")
    assert [entry.id for entry in thinned] == [snapshot_id(at) for at in times[:2]]
    assert chain_faults(index, thinned) == []
    page = (tmp_path / FROZEN_PAGE.path(gone)).read_text()
    assert "Thinned out, summary kept" in page
    assert f"../{snapshot_id(times[2])}/index.html" in page
    assert not (tmp_path / SNAPSHOT.path(gone)).exists()
    assert "2 reports of this month were thinned out" in (tmp_path / "archive/2026-11/index.html").read_text()


def test_the_pages_of_the_oldest_thinned_reports_go_and_nothing_beside_them(tmp_path, monkeypatch):
    monkeypatch.setattr(thinning, "MOST_SUMMARIES", 1)
    note = tmp_path / "archive" / snapshot_id(AT - 3 * DAY) / "note.txt"
    for at in (AT - 3 * DAY, AT - 2 * DAY, AT - DAY):
        put(tmp_path, empty_report(at), NONE)
    note.write_text("mine")
    put(tmp_path, empty_report(AT), NONE)
    assert archive_index.load(tmp_path).summaries_since == "2026-11-20"
    assert sorted(path.parent.name for path in (tmp_path / "archive").glob("2*Z/*")) == sorted(
        [note.parent.name, *map(snapshot_id, (AT - 2 * DAY, AT - DAY, AT))]
    )


def test_a_summary_names_the_nearest_reports_of_its_time_and_links_to_the_kept_ones(tmp_path):
    times = [AT - 60 * DAY + i * 300 for i in range(3)]
    for at in times:
        put(tmp_path, empty_report(at))
    put(tmp_path, empty_report(AT), replace(NONE, every=70 * DAY, max_bytes=None))
    # The second one goes while its neighbours are kept, then they go, too.
    pins = tuple(Pin(snapshot_id(at), "", AT) for at in (times[0], times[2]))
    for kept in (pins, ()):
        index = replace(archive_index.load(tmp_path), pins=kept)
        files.write_changed(tmp_path, {INDEX: archive_index.encode(index)})
        archive.prune(tmp_path, NONE, dry_run=False)
    text = (tmp_path / FROZEN_PAGE.path(snapshot_id(times[1]))).read_text()
    assert f'Nearest kept report before it at that time: <a href="../{snapshot_id(times[0])}/' in text
    assert f'Nearest kept report after it at that time: <a href="../{snapshot_id(times[2])}/' in text
    assert 'Kept now: <a href="../2026-09/index.html">reports of September 2026</a>' in text
    month = (tmp_path / "archive/2026-09/index.html").read_text()
    assert "No report of this month is kept." in month
    assert "0 reports kept. 3 reports of this month were thinned out." in month


def test_kept_files_are_never_altered(tmp_path):
    put(tmp_path, empty_report(AT - 300))
    names = [FROZEN_PAGE.path(snapshot_id(AT - 300)), SNAPSHOT.path(snapshot_id(AT - 300))]
    before = [(tmp_path / name).read_bytes() for name in names]
    put(tmp_path, empty_report(AT))
    assert [(tmp_path / name).read_bytes() for name in names] == before
    entry = archive_index.load(tmp_path).entries[0]
    assert [hashlib.sha256(content).hexdigest() for content in before] == [entry.html_sha256, entry.snapshot_sha256]


@pytest.mark.parametrize("spoil", ["edited page", "edited snapshot", "linked page", "linked folder"])
def test_an_edited_file_stays_and_its_report_stays_in_the_index(tmp_path, spoil):
    root, elsewhere = tmp_path / "public", tmp_path / "elsewhere"
    for at in (AT - 3 * DAY, AT - 3 * DAY + 60, AT - 3 * DAY + 300, AT - 300):
        put(root, empty_report(at))
    spoiled = snapshot_id(AT - 3 * DAY)
    page, snapshot = root / FROZEN_PAGE.path(spoiled), root / SNAPSHOT.path(spoiled)
    if spoil == "edited page":
        page.write_text("my notes")
    elif spoil == "edited snapshot":
        snapshot.write_text("my notes")
    elif spoil == "linked page":
        page.rename(elsewhere)
        page.symlink_to(elsewhere)
    else:
        page.parent.rename(elsewhere)
        page.parent.symlink_to(elsewhere)
    before = page.read_bytes(), snapshot.read_bytes()
    left = put(root, empty_report(AT))
    assert left == ((snapshot if spoil == "edited snapshot" else page),)
    assert (page.read_bytes(), snapshot.read_bytes()) == before
    index = archive_index.load(root)
    assert index.entry(spoiled)
    assert index.thinned == {"2026-11-19": 1}, "the one beside it"
    assert chain_faults(index, thinned_lists.load(root, "2026-11-19")) == []


def test_a_report_whose_files_are_not_in_the_folder_is_thinned(tmp_path):
    for at in (AT - 3 * DAY, AT - 3 * DAY + 300, AT - 300):
        put(tmp_path, empty_report(at))
    gone = snapshot_id(AT - 3 * DAY)
    (tmp_path / FROZEN_PAGE.path(gone)).unlink()
    assert put(tmp_path, empty_report(AT)) == ()
    assert archive_index.load(tmp_path).entry(gone) is None


def test_files_of_others_are_never_touched(tmp_path):
    foreign = {"archive/notes/index.html": "notes", "snapshots/20200101T000000Z.json": "{}", "archive/x.txt": "x"}
    for name, content in foreign.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    for at in (AT - 3 * DAY, AT - 3 * DAY + 300, AT):
        put(tmp_path, empty_report(at), NONE)
    assert {name: (tmp_path / name).read_text() for name in foreign} == foreign


def test_a_build_that_was_killed_while_it_thinned_is_finished_by_the_next(tmp_path):
    put(tmp_path, empty_report(AT - 3 * DAY))
    name = SNAPSHOT.path(snapshot_id(AT - 3 * DAY))
    page = tmp_path / FROZEN_PAGE.path(snapshot_id(AT - 3 * DAY))
    content, frozen = (tmp_path / name).read_bytes(), page.read_bytes()
    for at in (AT - 3 * DAY + 300, AT - 300, AT):
        put(tmp_path, empty_report(at))
    assert not (tmp_path / name).exists()
    (tmp_path / name).write_bytes(content)  # as if it had been killed before the files went
    page.write_bytes(frozen)
    put(tmp_path, empty_report(AT + 300))
    assert not (tmp_path / name).exists()
    assert "summary kept" in page.read_text()
    assert archive_index.load(tmp_path).thinned == {"2026-11-19": 1}


def test_only_a_changed_status_is_recorded(tmp_path):
    put(tmp_path, report(AT - 600))
    put(tmp_path, report(AT - 300))
    assert archive_index.load(tmp_path).changes == ()
    put(tmp_path, report(AT, lambda: factories.snapshot([factories.overspent_service("api")])))
    changes = archive_index.load(tmp_path).changes
    assert [(c.service, c.before, c.after) for c in changes] == [
        (None, Status.HEALTHY, Status.EXHAUSTED),
        ("api", Status.HEALTHY, Status.EXHAUSTED),
    ]


def test_a_year_of_a_report_every_four_hours_stays_small(tmp_path, monkeypatch):
    """Only the index is real here: page sizes are from a fleet of 20 services. `make year` has them all."""
    monkeypatch.setattr(thinning, "MOST_SUMMARIES", MOST_SUMMARIES // 8)
    root = tmp_path
    start = AT - 365 * DAY
    index = replace(empty_index(), title="Acme", keep=Keep())
    for step in range(365 * 6 + 1):
        at = start + step * 4 * HOUR
        index = appended(index, head(at), Sized(1_950_000), Sized(190_000))
        if step % 6 == 0:  # as every build does, but once a day: the tiers do not depend on how often they thin
            result = thinning.thin(root, index)
            for name, content in result.files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
            index = result.index
            since = index.summaries_since or "0"
            assert sum(count for day, count in index.thinned.items() if day >= since) <= MOST_SUMMARIES // 8 + 6
    lists = sum(path.stat().st_size for path in (root / "archive" / "thinned").rglob("*.json"))
    assert lists < 320 * index.reports + 400 * len(index.thinned), "a day's list of 48 reports is below 16 kB"
    assert sum(entry.bytes for entry in index.entries) <= 150_000_000
    assert len(archive_index.encode(index)) < 500_000
    months = {datetime.fromtimestamp(entry.at - 1, UTC).strftime("%Y-%m") for entry in index.entries}
    assert len(months) == 13, "every month is still there"


class Sized(bytes):
    """Content of a length that is not there."""

    def __new__(cls, length):
        found = super().__new__(cls)
        found.length = length
        return found

    def __len__(self):
        return self.length
