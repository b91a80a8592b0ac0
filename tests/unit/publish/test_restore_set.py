"""What is restored: the newest report, the history that its windows need, and what the next build reads."""

from dataclasses import replace

from sresnap.documents.layout import HISTORY_DAY, INDEX, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.model.archive import Withdrawn, empty_index
from sresnap.model.windows import DAY, HOUR, day_of, snapshot_id
from sresnap.publish.restore_set import Scope, names_to_restore
from tests import factories
from tests.archives import AT, index_of

REPORT = replace(factories.small(), id=snapshot_id(AT), at=AT)
NEWEST = SNAPSHOT.path(REPORT.id)
PAGES = ("index.html", "services/api/index.html")


def published(*names, unwanted=()):
    files = {name: PublishedFile("0" * 64, 1) for name in (*names, POINTER)}
    return Manifest(REPORT.id, AT, files | {name: PublishedFile("0" * 64, 1, AT) for name in unwanted}, {})


def chosen(manifest, *, index=None, own=None, scope=None):
    return names_to_restore(manifest, REPORT, index, own or empty_index(), scope or Scope())


def days(since):
    return [HISTORY_DAY.path(day_of(at)) for at in range(since, AT + 1, DAY)]


def test_the_history_goes_back_one_day_more_than_the_longest_window_and_the_one_before():
    # The 671 whole hours of 28 days, and as many before them.
    start = min(slo.hours.start for service in REPORT.services for slo in service.slos) - 671 * HOUR
    found = chosen(published(NEWEST, *PAGES, *days(start - 10 * DAY)))
    assert found == sorted({NEWEST, *days(start - DAY)}), "a day names the hash of the day before"


def test_a_configuration_with_longer_windows_brings_more_history():
    since = AT - 60 * DAY
    assert set(days(since)) <= set(chosen(published(NEWEST, *days(since)), scope=Scope(since=since)))


def test_everything_is_all_that_belongs_to_the_site_without_the_pointer():
    found = chosen(published(NEWEST, *PAGES, unwanted=["gone.html"]), scope=Scope(everything=True))
    assert found == sorted([NEWEST, *PAGES])


def test_without_an_archive_the_previous_report_and_the_one_of_a_week_ago_come_along():
    older = [SNAPSHOT.path(snapshot_id(AT - hours * HOUR)) for hours in (1, 2, 7 * 24 + 1, 7 * 24 + 2)]
    assert set(chosen(published(NEWEST, *older))) == {NEWEST, older[0], older[2]}


def test_with_an_archive_its_index_comes_along():
    index = index_of(AT - HOUR, AT)
    assert INDEX in chosen(published(NEWEST, INDEX), index=index)
    assert INDEX not in chosen(published(NEWEST, INDEX))


def test_lists_of_reports_that_the_folder_withdrew_come_along_to_be_withdrawn_again():
    own = replace(empty_index(), withdrawn=(Withdrawn(REPORT.id, "it named a host", AT),))
    day = THINNED_LIST.path("2026-11-22")
    assert day in chosen(published(NEWEST, day), own=own)
    assert day not in chosen(published(NEWEST, day))
