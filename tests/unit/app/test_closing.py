"""Periods that are over are closed by the next build, from the history, and written once."""

import json

import pytest

from sresnap.app.books import load_books
from sresnap.app.review import preview
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.review import Outcome
from sresnap.model.windows import DAY, HOUR, parse_time
from tests.closing import API, Site, configured, steady

BEGAN = parse_time("2026-10-20T00:00:00Z")


def began(service, role, end, at):
    """Known since BEGAN."""
    return steady(service, role, end, at) if end > BEGAN else None


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, began)


def files(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted((out / "reviews").rglob("*.json"))}


def test_a_build_closes_what_is_due_in_the_order_of_the_ends_and_the_next_one_nothing(site):
    before = parse_time("2026-11-01T05:59:00Z")
    assert [review.period for review in site.build(before).closed] == ["2026-W43"]
    (october,) = site.build(before + 60).closed
    assert (october.period, october.services[0].slos[0].result.outcome) == ("2026-10", Outcome.INCOMPLETE)
    assert october.previous.period == "2026-W43"  # the chain is of all periods, not of one unit
    assert (october.coverage, october.gaps) == (12 / 31, ())
    (week,) = site.build(before + DAY + 60).closed
    first, month, last = (site.out / f"reviews/{period}/review.json" for period in ("2026-W43", "2026-10", "2026-W44"))
    assert (week.services[0].slos[0].result.outcome, week.previous.period) == (Outcome.MET, "2026-10")
    assert week.previous.sha256 == sha256(month.read_bytes())
    assert json.loads(first.read_bytes())["previous"] is None
    index = reviews.load_index(site.out)
    assert [entry.period for entry in index.entries] == ["2026-W43", "2026-10", "2026-W44"]
    assert index.head.sha256 == sha256(last.read_bytes())
    known = files(site.out)
    assert site.build(before + 2 * DAY).closed == ()
    assert files(site.out) == known


def test_a_review_names_the_one_before_it_and_counts_the_last_ones(site):
    for day in range(0, 25, 6):
        site.build(BEGAN + 6 * DAY + 6 * HOUR + day * DAY)
    week = reviews.read_review(site.out, reviews.load_index(site.out).entry("2026-W46"))
    (slo,) = week.services[0].slos
    assert [past.period for past in slo.last] == ["2026-W46", "2026-W45", "2026-W44", "2026-W43"]
    assert (slo.before.period, slo.met, slo.judged) == ("2026-W45", 3, 3)


def test_a_preview_of_a_closed_period_is_the_file_that_was_closed(site):
    now = BEGAN + 30 * DAY + 6 * HOUR
    site.build(BEGAN + 6 * DAY + 6 * HOUR)
    site.build(now)
    for period in ("2026-W44", "2026-10", "2026-W45"):
        made = preview(configured(site.config), site.out, period, now)
        assert reviews.encode(made) == (site.out / f"reviews/{period}/review.json").read_bytes(), period


def test_whichever_build_closes_a_period_writes_the_same_bytes(tmp_path):
    sites = [Site(tmp_path / name, began) for name in ("often", "late")]
    for day in (*range(5), 8, 12, 16, 19):
        sites[0].build(BEGAN + 6 * DAY + 6 * HOUR + day * DAY)
    sites[1].build(BEGAN + 6 * DAY + 6 * HOUR)
    sites[1].build(BEGAN + 25 * DAY + 6 * HOUR)
    assert files(sites[0].out) == files(sites[1].out)
    assert len(files(sites[0].out)) == 5


def test_a_build_that_was_killed_before_the_index_is_continued_with_the_same_bytes(site):
    site.build(parse_time("2026-11-01T06:00:00Z"))
    whole = files(site.out)
    (site.out / "reviews/index.json").unlink()
    assert [one.period for one in site.build(parse_time("2026-11-01T06:05:00Z")).closed] == ["2026-W43", "2026-10"]
    assert files(site.out) == whole


def worse(service, role, end, at):
    """Known since BEGAN, with one more bad event an hour."""
    found = began(service, role, end, at)
    return found + 1 if found is not None and role == "bad" else found


def with_review_of(other, site, period):
    """A site with one review of another one, as a build leaves that is killed before it writes the index."""
    name = f"reviews/{period}/review.json"
    (site.out / name).parent.mkdir(parents=True)
    (site.out / name).write_bytes((other.out / name).read_bytes())
    return site


def test_late_data_after_a_killed_build_leaves_the_review_and_waits_for_a_restatement(site, tmp_path):
    at = parse_time("2026-11-01T06:00:00Z")
    site.build(at)
    later = with_review_of(site, Site(tmp_path / "later", worse), "2026-W43")
    later.build(at)
    assert files(later.out)["reviews/2026-W43/review.json"] == files(site.out)["reviews/2026-W43/review.json"]
    index = reviews.load_index(later.out)
    assert [(entry.period, entry.is_waiting) for entry in index.entries] == [("2026-W43", True), ("2026-10", False)]


def test_a_review_that_follows_another_one_is_not_taken_into_the_chain(site, tmp_path):
    at = parse_time("2026-11-01T06:00:00Z")
    site.build(at)
    with pytest.raises(UsageError, match=r"2026-10/review.json is where a closed period is about to be written"):
        with_review_of(site, Site(tmp_path / "later", worse), "2026-10").build(at)


def test_another_file_in_the_place_of_a_review_is_never_overwritten(site):
    path = site.out / "reviews/2026-W43/review.json"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"2026-W43/review.json is where a closed period is about to be written"):
        site.build(parse_time("2026-11-01T06:00:00Z"))
    assert path.read_text() == "mine"


def test_a_changed_review_is_found_before_another_one_names_it(site):
    site.build(parse_time("2026-11-01T06:00:00Z"))
    path = site.out / "reviews/2026-W43/review.json"
    path.write_bytes(path.read_bytes().replace(b'"met"', b'"MET"'))
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DamagedFile, match=r"2026-W43/review.json was changed after the period was closed"):
        site.build(parse_time("2026-11-02T06:00:00Z"))


def test_periods_can_be_chosen_or_switched_off(site):
    site.config = API + "periods: {units: [month], close_after: 3h}\n"
    assert [one.period for one in site.build(parse_time("2026-11-01T03:00:00Z")).closed] == ["2026-10"]
    site.config = API + "periods: []\n"
    assert site.build(parse_time("2026-12-02T03:00:00Z")).closed == ()


def test_where_nothing_is_due_no_earlier_day_is_read(site, monkeypatch):
    site.build(parse_time("2026-11-03T12:00:00Z"))
    read = []
    monkeypatch.setattr("sresnap.app.period_history.load_earlier", lambda *arguments: read.append(arguments))
    site.build(parse_time("2026-11-03T12:05:00Z"))
    assert read == []


def test_unknown_hours_are_gaps_but_not_before_the_history_began(tmp_path):
    gap = parse_time("2026-10-28T00:00:00Z")

    def broken(service, role, end, at):
        return None if gap < end <= gap + 5 * HOUR else began(service, role, end, at)

    built = Site(tmp_path, broken).build(parse_time("2026-11-02T06:00:00Z"))
    assert {one.period: [(gap.start, gap.end) for gap in one.gaps] for one in built.closed} == {
        "2026-W43": [],
        "2026-10": [(gap, gap + 5 * HOUR)],
        "2026-W44": [(gap, gap + 5 * HOUR)],
    }


def test_the_hours_of_a_long_period_come_from_the_folder(site):
    """A quarter is longer than the windows that a report reads."""
    for day in range(0, 75, 12):
        site.build(BEGAN + day * DAY + 6 * HOUR)
    (quarter,) = [one for one in site.build(parse_time("2027-01-01T06:00:00Z")).closed if one.period == "2026-Q4"]
    assert quarter.services[0].slos[0].result.total == 73 * 24 * 100
    assert quarter.services[0].slos[0].result.outcome is Outcome.INCOMPLETE  # 73 of 92 days


def test_a_folder_that_lost_its_published_index_starts_no_second_chain(site, monkeypatch):
    site.build(parse_time("2026-11-01T06:00:00Z"))
    (site.out / "reviews/index.json").unlink()
    entry = PublishedFile("0" * 64, 1)
    listed = Manifest(None, 0, {"reviews/2026-W43/review.json": entry}, {})
    monkeypatch.setattr("sresnap.documents.manifest.of_folder", lambda _: listed)
    with pytest.raises(UsageError, match=r"index.json is missing, though reviews/2026-W43/review.json was published"):
        load_books(configured(API), site.out)


def test_hours_that_no_build_has_asked_for_are_asked_for_by_the_one_that_closes_their_period(tmp_path):
    """Thirty days without a build: two of them lie before the windows of the next one."""
    asked = []

    def noting(service, role, end, at):
        asked.append((role, end, at))
        return began(service, role, end, at)

    site = Site(tmp_path, noting)
    site.build(BEGAN + DAY)
    back = BEGAN + 31 * DAY
    weeks = {one.period: one for one in site.build(back).closed}
    assert weeks["2026-W43"].coverage == 6 / 7  # from BEGAN on, a Tuesday
    assert (weeks["2026-W44"].coverage, weeks["2026-W44"].gaps) == (1.0, ())
    first = min(end for _, end, at in asked if at == back)
    assert first == BEGAN + DAY - 3 * HOUR + HOUR, "the last hours of the first build were open, earlier ones are final"
    asked.clear()
    site.build(back + HOUR)
    assert min(end for _, end, _ in asked) > BEGAN + 29 * DAY


def test_what_prometheus_no_longer_has_is_closed_as_incomplete_and_asked_for_once(tmp_path):
    forgotten = BEGAN + 25 * DAY

    def short(service, role, end, at):
        return None if at > forgotten >= end > BEGAN + DAY else began(service, role, end, at)

    site = Site(tmp_path, short)
    site.build(BEGAN + DAY)
    week, *_ = [one for one in site.build(BEGAN + 40 * DAY).closed if one.period == "2026-W44"]
    (slo,) = week.services[0].slos
    assert (slo.result.outcome, slo.result.coverage, week.coverage) == (Outcome.NO_DATA, 0.0, 0.0)
    assert [(gap.start, gap.end) for gap in week.gaps] == [(week.start, week.end)]


def test_a_published_day_that_the_folder_lacks_is_not_asked_for_but_waited_for(site, monkeypatch):
    site.build(BEGAN + 10 * DAY)
    name = "history/2026/10/2026-10-28.json"
    listed = Manifest(None, 0, {name: PublishedFile("0" * 64, 1)}, {})
    content = (site.out / name).read_bytes()
    (site.out / name).unlink()
    monkeypatch.setattr("sresnap.documents.manifest.of_folder", lambda _: listed)
    books = site.build(BEGAN + 60 * DAY)
    assert books.waiting == (f"2026-10 is not closed yet: the folder lacks {name}; run `sresnap restore`",)
    assert not (site.out / name).exists()
    (site.out / name).write_bytes(content)
    month, week, *_ = site.build(BEGAN + 60 * DAY + HOUR).closed
    assert (month.coverage, week.coverage) == (12 / 31, 1.0)
