"""What late data and corrections change in a closed period is restated beside it; the closed period stays."""

import json
from dataclasses import replace

import pytest

from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.errors import UsageError
from sresnap.model.review import Cause, Gap, Outcome
from sresnap.model.windows import DAY, HOUR, parse_time
from tests.closing import API, Site, steady

BEGAN = parse_time("2026-10-05T00:00:00Z")
CLOSE = parse_time("2026-11-02T06:00:00Z")
LATE = parse_time("2026-10-31T00:00:00Z")
"""Five hours from here on are answered only three days later."""


def late(service, role, end, at):
    if end <= BEGAN or (LATE < end <= LATE + 5 * HOUR and at < LATE + 3 * DAY):
        return None
    return steady(service, role, end, at) + 40 * (role == "bad" and LATE < end <= LATE + 5 * HOUR)


class Unsealed(Site):
    """The hours that are late stay open until they are answered, as a partial answer does."""

    def build(self, at):
        found = super().build(at)
        if at < LATE + 3 * DAY:
            _open(self.out / "history/2026/10/2026-10-31.json")
        return found


def _open(path):
    """A day as builds leave it whose answers came with warnings: none of its hours is final."""
    if path.exists():
        day = json.loads(path.read_bytes())
        for column in day["services"]["api"].values():
            column["sealed"] = 0
        path.write_text(json.dumps(day))


@pytest.fixture
def site(tmp_path):
    site = Unsealed(tmp_path, late)
    site.build(parse_time("2026-11-01T06:00:00Z"))
    site.build(CLOSE)
    return site


def entry(site, period):
    return reviews.load_index(site.out).entry(period)


def restatements(site, period):
    return reviews.read_restatements(site.out, entry(site, period))


def test_late_data_restates_each_closed_period_that_has_its_hours(site):
    closed = {path: path.read_bytes() for path in site.out.glob("reviews/*/review.json")}
    assert site.build(CLOSE + HOUR).restated == ()
    month, week = site.build(LATE + 3 * DAY).restated
    assert (month.period, week.period) == ("2026-10", "2026-W44")
    assert (month.causes, month.hours, month.number) == ((Cause.LATE_DATA,), (Gap(LATE, LATE + 5 * HOUR),), 1)
    assert month.at == LATE + 3 * DAY
    assert month.previous_sha256 == entry(site, "2026-10").sha256
    (one,) = month.results
    assert (one.was.total, one.now.total) == (64_300, 64_800)  # 27 days of 2,400; 5 hours were not known
    # Of 643 hours each third had a bad event; of the five late ones two, and 40 in each.
    assert one.now.bad_bounds[0] - one.was.bad_bounds[0] == 200 + 1
    assert one.now.coverage == 27 / 31
    assert {path: path.read_bytes() for path in site.out.glob("reviews/*/review.json")} == closed
    assert site.build(LATE + 3 * DAY + HOUR).restated == ()


def test_a_restatement_counts_in_the_index(site):
    assert entry(site, "2026-W44").outcomes == {Outcome.MET: 1}
    site.build(LATE + 3 * DAY)
    assert entry(site, "2026-W44").outcomes == {Outcome.MISSED: 1}
    (week,) = restatements(site, "2026-W44")
    assert (week.results[0].was.outcome, week.results[0].now.outcome) == (Outcome.MET, Outcome.MISSED)


def test_a_correction_that_is_entered_later_restates_and_one_that_is_taken_back_restates_again(site):
    correction = 'corrections: [{reason: Move, start: "2026-10-29T00:00:00Z", duration: 6h}]\n'
    site.config = API + correction
    week, *_ = [one for one in site.build(CLOSE + HOUR).restated if one.period == "2026-W44"]
    assert (week.causes, week.hours) == ((Cause.CORRECTION,), ())
    assert [one.reason for one in week.corrections] == ["Move"]
    (one,) = week.results
    assert (one.was.total, one.now.total, one.now.coverage) == (16_300, 15_700, 157 / 162)
    assert site.build(CLOSE + 2 * HOUR).restated == ()
    site.config = API + correction.replace("Move", "Database move")  # the same times
    assert site.build(CLOSE + 3 * HOUR).restated == ()
    site.config = API
    back, *_ = [one for one in site.build(CLOSE + 4 * HOUR).restated if one.period == "2026-W44"]
    assert (back.number, back.corrections, back.results[0].now) == (2, (), one.was)
    first, second = entry(site, "2026-W44").restatements
    assert (week.previous_sha256, back.previous_sha256) == (entry(site, "2026-W44").sha256, first)
    assert second == sha256((site.out / "reviews/2026-W44/restatement-2.json").read_bytes())


@pytest.mark.parametrize(
    "services",
    [
        "services: [{name: api, slos: [{name: a, objective: 99.99}]}]\n",
        "services: [{name: api, queries: {bad: 'sum(increase(other[{window}]))'}, slos: [{name: a, objective: 99}]}]\n",
        "services: [{name: web, slos: [{name: a, objective: 99}]}]\n",
    ],
)
def test_a_changed_objective_query_or_service_restates_nothing(site, services):
    site.config = services
    assert site.build(CLOSE + HOUR).restated == ()


def test_a_build_killed_before_it_wrote_the_history_is_continued_with_the_same_restatement(site):
    site.is_killed = True
    killed = site.build(LATE + 3 * DAY)
    (site.out / "reviews/index.json").write_bytes(_index_before(site, killed))
    files = {path: path.read_bytes() for path in site.out.glob("reviews/*/restatement-1.json")}
    assert len(files) == 2
    site.is_killed = False
    again = site.build(LATE + 3 * DAY + HOUR)
    assert [one.at for one in again.restated] == [LATE + 3 * DAY] * 2
    assert {path: path.read_bytes() for path in site.out.glob("reviews/*/restatement-*.json")} == files
    assert site.build(LATE + 3 * DAY + 2 * HOUR).restated == ()


def _index_before(site, books):
    """The index without what a build has restated, as before it was written."""
    index = books.index
    for one in books.restated:
        found = index.entry(one.period)
        index = index.with_entry(replace(found, restatements=()))
    return reviews.encode_index(index)


def test_a_killed_build_that_wrote_the_index_restates_nothing_twice(site):
    site.is_killed = True
    assert len(site.build(LATE + 3 * DAY).restated) == 2
    site.is_killed = False
    assert site.build(LATE + 3 * DAY + HOUR).restated == ()


def test_another_file_in_the_place_of_a_restatement_is_never_overwritten(site):
    path = site.out / "reviews/2026-10/restatement-1.json"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"2026-10/restatement-1.json is where a restatement is about to be written"):
        site.build(LATE + 3 * DAY)
    assert path.read_text() == "mine"


def test_a_restatement_waits_for_files_that_the_folder_lacks(site):
    review = site.out / "reviews/2026-10/review.json"
    content = review.read_bytes()
    review.unlink()
    books = site.build(LATE + 3 * DAY)
    assert [one.period for one in books.restated] == ["2026-W44"]
    assert books.waiting == (
        "2026-10 changed and is not restated yet: the folder lacks reviews/2026-10/review.json; run `sresnap restore`",
    )
    assert (entry(site, "2026-10").is_waiting, entry(site, "2026-10").late) == (True, (Gap(LATE, LATE + 5 * HOUR),))
    review.write_bytes(content)
    (month,) = site.build(LATE + 3 * DAY + HOUR).restated
    assert (month.causes, month.hours) == ((Cause.LATE_DATA,), (Gap(LATE, LATE + 5 * HOUR),))
    assert (entry(site, "2026-10").is_waiting, entry(site, "2026-10").late) == (False, ())
