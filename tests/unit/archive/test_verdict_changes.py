"""The archive keeps each change of a verdict, and the feed shows it: of a status, and of what burns."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from sresnap.archive.filing import file_report
from sresnap.documents import archive_index, snapshots
from sresnap.documents.files import sha256, write_atomic
from sresnap.documents.layout import SNAPSHOT
from sresnap.model.archive import empty_index
from sresnap.model.now import NOT_JUDGED, NowState
from sresnap.model.snapshot import PreviousReport
from sresnap.render.downloads.feed import feed
from tests import factories
from tests.archives import AT, report

ATOM = "{http://www.w3.org/2005/Atom}"


def spent():
    return factories.snapshot([factories.healthy_service(), factories.spent_service()])


def burning():
    return factories.snapshot([factories.healthy_service(), factories.burning_service()])


def filed(root, *made):
    """The archive after some reports, five minutes apart."""
    index = replace(empty_index(), title="Acme")
    for number, make in enumerate(made):
        snapshot = report(AT + 300 * number, make)
        snapshot = replace(snapshot, previous=snapshots.previous(root, snapshot.id))
        filing = file_report(root, index, snapshot, b"<html>")
        write_atomic(root / SNAPSHOT.path(snapshot.id), filing.snapshot)
        index = filing.archive.index
    return index


def entries(index):
    root = ET.fromstring(feed(index, None, AT))
    return [
        (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}summary")) for entry in root.findall(f"{ATOM}entry")
    ]


def test_row_17_burning_begins_and_ends_with_an_entry_while_the_budget_stays_spent(tmp_path):
    index = filed(tmp_path, spent, burning, burning, spent)
    at = [AT + 900, AT + 900, AT + 300, AT + 300]
    assert [(change.service, change.at) for change in index.changes] == list(zip([None, "worker"] * 2, at, strict=True))
    assert {change.before is change.after for change in index.changes} == {True}
    assert [change.now for change in index.changes] == [NowState.QUIET] * 2 + [NowState.PAGING] * 2
    assert entries(index)[1::2] == [
        (
            "✕ worker: Quiet, budget spent",
            "worker went from Paging, budget spent to Quiet, budget spent, 22 Nov 2026, 21:45 UTC.",
        ),
        (
            "✕ worker: Paging, budget spent",
            "worker went from Quiet, budget spent to Paging, budget spent, 22 Nov 2026, 21:35 UTC.",
        ),
    ]


def test_reports_with_the_same_verdicts_add_no_entry(tmp_path):
    assert filed(tmp_path, burning, burning).changes == ()


def test_a_report_before_that_did_not_judge_the_present_began_nothing(tmp_path):
    # One without services stays as it is; it has no present to derive.
    unjudged = replace(factories.no_service(), status=burning().status, now=NOT_JUDGED)
    assert filed(tmp_path, lambda: unjudged, burning).changes == ()


def test_f7_what_the_ids_of_the_feed_are_made_from_is_made_with_the_first_report_and_kept(tmp_path):
    index = filed(tmp_path, spent, burning)
    first = sha256((tmp_path / SNAPSHOT.path(index.entries[0].id)).read_bytes())
    assert index.feed_seed == first


def test_f7_the_archive_of_an_earlier_version_keeps_the_ids_that_its_reports_had(tmp_path):
    older = replace(filed(tmp_path, spent), feed_seed=None)  # as it was written, without the key
    snapshot = report(AT + 300, burning, previous=PreviousReport(older.entries[0].id, older.entries[0].snapshot_sha256))
    moved = replace(snapshot, site=replace(snapshot.site, title="Another", base_url="https://new.example/"))
    index = file_report(tmp_path, older, moved, b"<html>").archive.index
    assert index.feed_seed == "Acme reliability"
    assert archive_index.decode(archive_index.encode(older).replace(b'"feed_seed":null,', b""), "index.json") == older
