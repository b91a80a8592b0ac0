"""The archive: its chain, the reports that are kept, and what is left of the others."""

import hashlib
import json
from dataclasses import fields, replace

import pytest

from sresnap.archive import filing, retention, thinning
from sresnap.archive.chain import appended, chain_faults
from sresnap.archive.reports import is_wanted, may_be_filed, removal_of
from sresnap.documents import archive_index, files, snapshots, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT, THINNED_LIST
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.archive import Index, Keep, Pin, Withdrawn, empty_index
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time, snapshot_id
from tests.archives import AT, head, index_of, report

NONE = Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0, max_bytes=None)


def ids(*times):
    return {snapshot_id(at) for at in times}


def test_an_index_is_read_as_it_was_written():
    index = index_of(AT, AT + 300, AT + 600)
    assert archive_index.decode(archive_index.encode(index), "x") == index
    assert archive_index.encode(archive_index.decode(archive_index.encode(index), "x")) == archive_index.encode(index)


def test_each_entry_names_the_hash_of_the_line_before():
    lines = archive_index.encode(index_of(AT, AT + 300)).decode().splitlines()
    first, second = (line.removesuffix(",") for line in lines[1:3])
    assert json.loads(first)["previous_sha256"] is None
    assert json.loads(second)["previous_sha256"] == hashlib.sha256(first.encode()).hexdigest()
    assert json.loads(lines[0] + "]}")["head"] == hashlib.sha256(second.encode()).hexdigest()


def test_an_edited_entry_breaks_the_chain():
    index = index_of(AT, AT + 300, AT + 600)
    assert chain_faults(index) == []
    first, second, third = index.entries
    edited = replace(index, entries=(replace(first, remaining_ratio=0.9), second, third))
    assert chain_faults(edited) == [f"report {second.id} does not follow {first.id}: one of the two was changed since"]
    (fault,) = chain_faults(replace(index, entries=(first, second, replace(third, problems=1))))
    assert "the newest report" in fault


def test_only_the_newest_report_may_be_rebuilt():
    index = index_of(AT, AT + 300)
    again = appended(index, head(AT + 300, Status.AT_RISK), b"other", b"bytes")
    assert [entry.number for entry in again.entries] == [1, 2]
    assert chain_faults(again) == []
    assert may_be_filed(index, snapshot_id(AT + 300))
    assert not may_be_filed(index, snapshot_id(AT))
    assert not may_be_filed(index, snapshot_id(AT - 300), [replace(index.entries[0], id=snapshot_id(AT - 300))])


def test_a_withdrawn_report_is_not_rebuilt_even_without_the_list_of_its_day():
    first, *rest = index_of(AT, AT + 300, AT + 600).entries
    gone = replace(index_of(AT, AT + 300, AT + 600), entries=tuple(rest))
    assert may_be_filed(gone, first.id)
    withdrawn = replace(gone, withdrawn=(Withdrawn(first.id, "it named a host", AT + 600),))
    assert not may_be_filed(withdrawn, first.id)
    assert removal_of(withdrawn, first.id, [first]) == "withdrawn"
    assert removal_of(gone, first.id, [first]) == "thinned out"
    assert removal_of(gone, rest[0].id) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "is not JSON"),
        (b"{}", "is not an archive index of sresnap"),
        (b'{"schema":"sresnap/archive/2"}', "newer sresnap"),
    ],
)
def test_a_file_that_is_not_an_index_is_refused_in_one_message(content, words):
    with pytest.raises(UsageError, match=words):
        archive_index.decode(content, "public/archive/index.json")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"entries": [{"id": "x"}]}, "damaged: entries.0"),
        ({"timezone": "Nowhere/Land"}, "damaged: .*Nowhere"),
        ({"pins": [{"id": "../../x", "note": "", "at": "2026-11-22T21:30:00Z"}]}, r"damaged: pins\.0\.id"),
        ({"reports": 1}, "reports: 1 is wrong, with 2 kept"),
        ({"reports": -3}, "reports is too small a number"),
        ({"pins": [{"id": snapshot_id(AT), "note": "", "at": "notatime"}]}, "'notatime' is not a UTC time"),
        (
            {"changes": [{"id": snapshot_id(AT), "at": "x", "service": None, "before": "NO_DATA", "after": "HEALTHY"}]},
            "'x' is not a UTC time",
        ),
        ({"thinned": {"../../etc-a-b": 1}}, "thinned.*is not what sresnap writes"),
        ({"thinned": {"2026-11-31": 1}}, "thinned: '2026-11-31' is not a day"),
        ({"reconstructed": {"2026-11-31": 1}}, "reconstructed: '2026-11-31' is not a day"),
        ({"thinned": {"2026-11-21": -1}}, "thinned.2026-11-21 is too small"),
        ({"summaries_since": "yesterday"}, "summaries_since is not what sresnap writes"),
        ({"schedule_seconds": 10**15}, "schedule_seconds"),
        ({"title": "\ud800"}, "is not JSON"),
        ({"entries.0.at": "9999-12-31T23:59:59Z"}, "is not a UTC time"),
        ({"entries.0.at": "2026-11-21T21:30:00Z"}, "its time is 2026-11-21"),
        ({"entries.0.generated_at": "+11533-01-01T00:00:00Z"}, "is not a UTC time"),
        ({"entries.0.services": {"FINE": 1}}, "'FINE' is not a status"),
        ({"entries.0.remaining_ratio": float("nan")}, "remaining_ratio is not a finite number"),
        ({"entries.0.bytes": 10**400}, "bytes is too large a number"),
        ({"entries.0.number": 2}, "do not rise"),
        ({"entries.1.number": 3}, "reports: 2 is wrong"),
    ],
)
def test_an_index_that_no_build_wrote_is_refused_in_one_message(edit, words):
    data = json.loads(archive_index.encode(index_of(AT, AT + 300)))
    for path, value in edit.items():
        *place, key = path.split(".")
        inner = data[place[0]][int(place[1])] if place else data
        inner[key] = value
    with pytest.raises(UsageError, match=f"index.json .*{words}"):
        archive_index.decode(json.dumps(data).encode(), "public/archive/index.json")


@pytest.mark.parametrize("key", [field.name for field in fields(Index) if field.name not in {"schema", "feed_seed"}])
def test_an_index_without_one_of_its_keys_is_damaged(key):
    data = json.loads(archive_index.encode(index_of(AT, AT + 300)))
    del data[key]
    with pytest.raises(DamagedFile, match=f"index.json is damaged: {key} is missing"):
        archive_index.decode(json.dumps(data).encode(), "public/archive/index.json")


def test_a_lost_index_is_not_read_as_an_empty_archive(tmp_path):
    assert archive_index.load(tmp_path) is None
    page = tmp_path / FROZEN_PAGE.path(snapshot_id(AT))
    page.parent.mkdir(parents=True)
    page.write_text("a report")
    with pytest.raises(UsageError, match=r"index\.json is missing"):
        archive_index.load(tmp_path)


def test_a_tier_keeps_the_last_of_each_of_its_spans():
    # 14 hours by 20 minutes, to 21:00: of the hour that ends at 21:00 the last is 21:00 itself.
    times = [AT - 30 * MINUTE - 20 * MINUTE * i for i in range(42)][::-1]
    index = index_of(*times, keep=replace(NONE, hourly=5 * HOUR))
    assert retention.kept(index) == ids(*(AT - 30 * MINUTE - HOUR * i for i in range(6)))


def test_days_follow_the_time_zone_and_midnight_belongs_to_the_day_that_ends():
    midnight = AT + 90 * MINUTE  # 23:00 UTC is midnight in Berlin
    index = index_of(midnight - HOUR, midnight, midnight + HOUR, keep=replace(NONE, daily=9 * DAY))
    assert retention.kept(replace(index, timezone="Europe/Berlin")) == ids(midnight, midnight + HOUR)
    assert retention.kept(index) == ids(midnight + HOUR)


def test_pinned_the_newest_and_the_last_one_made_are_never_thinned():
    index = index_of(AT - 400 * DAY, AT - 300 * DAY, AT, AT - 200 * DAY, keep=replace(NONE, max_bytes=1))
    index = replace(index, pins=(Pin(snapshot_id(AT - 300 * DAY), "the outage", parse_time("2026-11-22T21:30:00Z")),))
    assert retention.kept(index) == ids(AT - 300 * DAY, AT, AT - 200 * DAY)


def test_too_many_bytes_shorten_every_tier_except_the_monthly_one():
    times = [AT - 40 * DAY + 20 * MINUTE * i for i in range(40 * 72 + 1)]
    keep = Keep(every=DAY, hourly=4 * DAY, daily=30 * DAY, weekly=0, monthly=99 * DAY, max_bytes=None)
    index = index_of(*times, keep=keep)
    whole = retention.kept(index)
    # 0 to 24 h by 20 minutes; hours that end after 24 h, to 96 h; days from the fifth to the thirtieth
    assert len(whole) == 73 + 72 + 26
    some = retention.kept(replace(index, keep=replace(keep, max_bytes=5000)))
    assert some < whole
    assert 40 <= len(some) <= 50
    ages = sorted((AT - archive_time(report)) / DAY for report in some)
    assert sum(age <= 0.3 for age in ages) >= 15
    assert sum(1 < age < 20 for age in ages) >= 5
    assert snapshot_id(AT - 22 * DAY + 140 * MINUTE) in some, "31 October, 23:50: the last of the month"


@pytest.mark.parametrize("ahead", [20 * MINUTE, HOUR, 2 * DAY, 365 * DAY])
def test_a_report_of_a_clock_that_is_ahead_makes_no_other_report_old(ahead):
    # A day of reports every five minutes: 288. One more, far ahead, makes them five minutes older. After two true ones
    # that follow it ages go by the last of them and five minutes more: those that are older than 24 h are thinned.
    index = index_of(*[AT - 300 * back for back in range(287, -1, -1)])
    rogue = appended(index, head(AT + ahead), b"h", b"s")
    assert len(retention.kept(index)) == 288
    assert len(retention.kept(rogue)) == 289
    later = appended(rogue, head(AT + 300), b"h", b"s")
    later = appended(later, head(AT + 600), b"h", b"s")
    assert retention.kept(later) == {entry.id for entry in later.entries} - ids(AT - DAY + 300, AT - DAY + 600)


def test_after_a_pause_the_second_report_makes_earlier_ones_old():
    times = [AT - 3 * DAY, AT - 3 * DAY + 300]
    assert retention.kept(index_of(*times, AT)) == ids(*times, AT)
    assert retention.kept(index_of(*times, AT, AT + 300)) == ids(times[1], AT, AT + 300)


def test_a_restore_fetches_the_last_report_of_a_right_clock_beside_one_that_is_ahead():
    index = index_of(AT - 7 * DAY, AT - 300, AT, AT + 2 * DAY)
    brought = filing.next_build_paths(index)
    assert SNAPSHOT.path(snapshot_id(AT)) in brought
    assert SNAPSHOT.path(snapshot_id(AT - 7 * DAY)) in brought


def archive_time(report):
    return parse_time(f"{report[:4]}-{report[4:6]}-{report[6:11]}:{report[11:13]}:{report[13:]}")


def test_a_list_of_thinned_reports_repeats_no_name_and_no_hash_of_the_row_above():
    entries = index_of(*(AT + 300 * step for step in range(288))).entries
    content = thinned_lists.encode("2026-11-22", entries)
    whole = sum(len(archive_index.line(entry)) + 2 for entry in entries)
    assert len(content) < 0.6 * whole
    assert thinned_lists.ids(content) == {entry.id for entry in entries}


@pytest.mark.parametrize("gone", [slice(0, 3), slice(1, 4), slice(0, 5, 2), slice(4, 0, -1)])
def test_a_list_of_thinned_reports_gives_its_entries_back_with_any_gaps(tmp_path, gone):
    index = index_of(*(AT + 300 * step for step in range(6)))
    edited = (replace(index.entries[2], problems=7), *index.entries[gone])
    for entries in (index.entries[gone], (*index.entries[:2], *edited[:1], index.entries[3])):
        path = tmp_path / THINNED_LIST.path("2026-11-22")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(thinned_lists.encode("2026-11-22", entries))
        found = thinned_lists.load(tmp_path, "2026-11-22")
        assert set(map(archive_index.line, found)) == set(map(archive_index.line, entries))
        assert chain_faults(index, found) == chain_faults(index, entries)


def test_what_an_earlier_version_wrote_without_the_state_now_has_the_same_lines_and_hashes(tmp_path):
    index = empty_index()
    for at in (AT, AT + 300, AT + 600):
        index = appended(index, replace(head(at), now=None), b"", b"")
    assert '"now":"quiet"' in archive_index.line(index_of(AT).entries[0])
    assert '"now"' not in archive_index.line(index.entries[0])
    data = json.loads(thinned_lists.encode("2026-11-22", index.entries))
    place = data["keys"].index("now")
    older = {
        "schema": "sresnap/thinned/1",
        "day": "2026-11-22",
        "keys": [key for key in data["keys"] if key != "now"],
        "rows": [[*row[:place], *row[place + 1 :]] for row in data["rows"]],
    }
    path = tmp_path / THINNED_LIST.path("2026-11-22")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(older))
    assert thinned_lists.load(tmp_path, "2026-11-22") == index.entries
    assert chain_faults(index, ()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"schema":"sresnap/thinned/3"}', r"newer sresnap \(sresnap/thinned/3\)"),
        ('{"schema":"sresnap/thinned/1","day":"2026-11-22","keys":["id"],"rows":[]}', "damaged: .* version 1"),
        ('{"schema":"sresnap/thinned/2","day":"2026-11-22","keys":["id"],"rows":[]}', "damaged: keys"),
        ('{"schema":"sresnap/thinned/2","day":"2026-11-22","keys":["id"],"rows":[["a","b"]]}', "damaged: rows"),
        ("[]", "is not a list of thinned reports"),
    ],
)
def test_a_damaged_list_of_thinned_reports_stops_with_one_message(tmp_path, content, words):
    path = tmp_path / THINNED_LIST.path("2026-11-22")
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(UsageError, match=words):
        thinned_lists.load(tmp_path, "2026-11-22")


def test_thinning_reads_only_the_files_of_reports_that_it_thins(tmp_path, monkeypatch):
    times = (AT - 3 * DAY, AT - 3 * DAY + 300, AT - 300, AT)
    looked, index = [], index_of(*times)
    monkeypatch.setattr(thinning, "_is_ours", lambda _root, path, _sha256: looked.append(path) or True)
    assert thinning.thin(tmp_path, index).newly_thinned == 1
    gone = snapshot_id(times[0])
    assert looked == [tmp_path / FROZEN_PAGE.path(gone), tmp_path / SNAPSHOT.path(gone)]


def test_without_the_list_of_a_day_nothing_is_thinned_into_it(tmp_path):
    index = index_of(AT - 3 * DAY, AT - 3 * DAY + 300, AT - 300, AT)
    first = thinning.thin(tmp_path, index)
    assert first.index.thinned == {"2026-11-19": 1}
    index = appended(first.index, head(AT - 3 * DAY + 600), b"", b"")
    index = appended(index, head(AT + 300), b"", b"")
    assert thinning.thin(tmp_path, index).removed == ()
    path = tmp_path / THINNED_LIST.path("2026-11-19")
    path.parent.mkdir(parents=True)
    path.write_bytes(first.files[THINNED_LIST.path("2026-11-19")])
    assert thinning.thin(tmp_path, index).index.thinned == {"2026-11-19": 2}


def test_a_restore_fetches_what_the_next_build_reads():
    index = index_of(AT - 7 * DAY, AT - 2 * DAY, AT - 2 * DAY + 300, AT - 300, AT)
    index = replace(index, thinned={"2026-11-20": 7, "2026-11-22": 3, "2026-01-01": 5})
    assert filing.next_build_paths(index) == [
        SNAPSHOT.path(snapshot_id(AT)),
        SNAPSHOT.path(snapshot_id(AT - 7 * DAY)),
        THINNED_LIST.path("2026-11-20"),
        THINNED_LIST.path("2026-11-22"),
    ]
    assert filing.next_build_paths(empty_index()) == []


@pytest.mark.parametrize(
    ("late", "compared"),
    [(0, 0), (25 * MINUTE, 0), (26 * MINUTE, HOUR), (3 * HOUR, HOUR), (6 * HOUR, HOUR), (8 * HOUR, None)],
)
def test_a_late_build_is_compared_with_the_restored_report_of_a_week_ago(tmp_path, late, compared):
    # An hourly report, kept for more than a week; the next is due five minutes after the newest. 25 minutes later the
    # moment of a week ago is half an hour after one report and before the next. Of later ones none is brought: at
    # 6 h 5 min the one an hour on is 5 h 5 min away, at 8 h 5 min it is more than 6 hours away.
    index = index_of(*[AT - hours * HOUR for hours in range(8 * 24, -1, -1)])
    brought = {name: snapshots.encode(report(archive_time(name[10:-5]))) for name in filing.next_build_paths(index)}
    files.write_changed(tmp_path, brought)
    hashes = {name[10:-5]: hashlib.sha256(content).hexdigest() for name, content in brought.items()}
    entries = [replace(entry, snapshot_sha256=hashes.get(entry.id, "")) for entry in index.entries]
    index = replace(index, entries=tuple(entries))
    now = report(AT + 300 + late)
    found = [(one.title, one.before) for one in filing.archive_state(tmp_path, index, now).comparisons]
    assert found == ([] if compared is None else [("a week ago", snapshot_id(AT - 7 * DAY + compared))])


def test_the_archive_says_which_published_files_stay():
    index = replace(index_of(AT), thinned={"2026-11-20": 2, "2026-11-21": 3}, summaries_since="2026-11-21")
    kept, old, recent = snapshot_id(AT), "20261120T000500Z", "20261121T000500Z"
    foreign = ["snapshots/20200101T000000Z.json", "archive/20200101T000000Z/index.html", "archive/index.html", "x/y"]
    wanted = [FROZEN_PAGE.path(kept), SNAPSHOT.path(kept), FROZEN_PAGE.path(recent), *foreign]
    assert all(is_wanted(index, path) for path in wanted)
    gone = [FROZEN_PAGE.path(old), SNAPSHOT.path(old), SNAPSHOT.path(recent)]
    assert not any(is_wanted(index, path) for path in gone)
