"""Fifteen months of hourly truth: each closed period is what brute force says, whichever builds came.

Berlin's clocks change in them three times. No build comes over the end of one month, and nothing was scraped over the
end of another. The last hours of a third one are answered three days late, and a correction of a fourth is entered a
week after. A service is born, another one ends.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from sresnap.compute.review.restate import stated
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.model.review import Cause, Outcome
from sresnap.model.windows import DAY, HOUR, parse_time
from tests.closing import LATE, Site

BERLIN = ZoneInfo("Europe/Berlin")
START, END = parse_time("2025-09-10T07:30:00Z"), parse_time("2026-12-10T07:30:00Z")
BEGAN = parse_time("2025-09-03T00:00:00Z")
BORN, ENDED = parse_time("2026-02-10T14:00:00Z"), parse_time("2026-06-20T09:00:00Z")


def midnight(year, month, day=1):
    return int(datetime(year, month, day, tzinfo=BERLIN).timestamp())


UNBUILT = (midnight(2025, 12) - 3 * DAY, midnight(2025, 12) + 16 * DAY)
UNSCRAPED = (midnight(2026, 4) - 20 * HOUR, midnight(2026, 4) + 10 * HOUR)
TARDY = (midnight(2026, 5) - 5 * HOUR, midnight(2026, 5))
ARRIVES = TARDY[1] + 3 * DAY
CORRECTED = (midnight(2026, 9, 25) + 10 * HOUR, midnight(2026, 9, 26) + 10 * HOUR)
ENTERED = midnight(2026, 10) + 7 * DAY
CONFIG = """
timezone: Europe/Berlin
window: 12d
services:
  - {name: api, slos: [{name: a, objective: 99}]}
  - {name: born, slos: [{name: a, objective: 98.6}]}
  - {name: ended, slos: [{name: a, objective: 99.9}]}
"""
CORRECTION = "corrections: [{reason: Move, start: 2026-09-25T10:00, duration: 1d}]\n"


def truth(service, role, end, at):
    """What the server of a build at `at` answers for the hour that ends at `end`."""
    if end <= (BORN if service == "born" else BEGAN) or (service == "ended" and end > ENDED):
        return None
    if UNSCRAPED[0] < end <= UNSCRAPED[1]:
        return None
    if TARDY[0] < end <= TARDY[1] and at < ARRIVES:
        return LATE
    hour = end // HOUR
    if role == "total":
        return float(80 + hour % 37)
    bad = float(hour * 7919 % 11 == 0) + (40.0 if hour % 1499 < 3 else 0.0)
    return (bad, bad + 2.0) if service == "api" and hour % 50 == 0 else bad


def times(step, near=0, *more):
    """The moments of builds: every `step`, every `near` after a month that changes later, and the last one."""
    found = {*range(START, END, step), *more, END}
    for event in (TARDY[1], ENTERED) if near else ():
        found |= set(range(event + 13 * HOUR // 2, event + 4 * DAY, near))
    return sorted(at for at in found if not UNBUILT[0] < at < UNBUILT[1])


ORDERS = {
    "often": times(9 * DAY, 8 * HOUR, *range(TARDY[1] + HOUR // 2, TARDY[1] + 10 * HOUR, HOUR)),
    "daily": times(8 * DAY, DAY),
    "rarely": times(9 * DAY),
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    found = {}
    for name, moments in ORDERS.items():
        site = found[name] = Site(tmp_path_factory.mktemp(name), truth)
        for at in moments:
            site.config = CONFIG + (CORRECTION if at >= ENTERED else "")
            site.build(at)
    return found


@cache
def span(name):
    """The hours of a period by the calendar of Berlin, in another way than the program."""
    year, _, rest = name.partition("-")
    if rest.startswith("W"):
        first = date.fromisocalendar(int(year), int(rest[1:]), 1)
        last = first + timedelta(days=7)
        return midnight(first.year, first.month, first.day), midnight(last.year, last.month, last.day)
    first = int(rest[1:]) * 3 - 2 if rest.startswith("Q") else int(rest or 1)
    length = 3 if rest.startswith("Q") else 1 if rest else 12
    following = int(year) * 12 + first - 1 + length
    return midnight(int(year), first), midnight(following // 12, following % 12 + 1)


def brute(name, service, at, *, is_corrected):
    """Total, least and most bad events and coverage, hour by hour."""
    start, end = span(name)
    total = least = most = seen = expected = 0
    for hour in range(start, end, HOUR):
        if is_corrected and CORRECTED[0] <= hour < CORRECTED[1]:
            continue
        expected += 1
        events, bad = (truth(service, role, hour + HOUR, at) for role in ("total", "bad"))
        if events is None or events is LATE:
            continue
        low, high = bad if isinstance(bad, tuple) else (bad, bad)
        seen, total, least, most = seen + 1, total + events, least + low, most + high
    return (total, least, most, seen / expected) if seen else (None, None, None, 0.0)


def numbers(result):
    low, high = result.bad_bounds or (None, None)
    return result.total, low, high, result.coverage


def closed(site):
    return [(entry, reviews.read_review(site.out, entry)) for entry in reviews.load_index(site.out).entries]


def objectives(review):
    return [(service.name, service.slos[0]) for service in review.services]


def test_every_period_is_closed_in_its_order_and_the_chain_is_whole(sites):
    found = closed(sites["often"])
    names = [entry.period for entry, _ in found]
    assert [name for name in names if "W" not in name and len(name) == 7 and "Q" not in name] == [
        *(f"2025-{month:02d}" for month in (9, 10, 11, 12)),
        *(f"2026-{month:02d}" for month in range(1, 12)),
    ]
    assert [name for name in names if "Q" in name or len(name) == 4] == [
        "2025-Q3", "2025-Q4", "2025", "2026-Q1", "2026-Q2", "2026-Q3",
    ]  # fmt: skip
    assert sum("W" in name for name in names) == 66
    before = None
    for entry, review in found:
        assert (review.start, review.end) == span(entry.period)
        named = None if review.previous is None else (review.previous.period, review.previous.sha256)
        assert named == before
        before = (entry.period, sha256(reviews.encode(review)))


def test_each_closed_period_is_what_brute_force_says(sites):
    for entry, review in closed(sites["often"]):
        at = entry.end + 6 * HOUR
        for service, slo in objectives(review):
            is_corrected = entry.end > ENTERED
            assert numbers(slo.result) == brute(entry.period, service, at, is_corrected=is_corrected), entry.period
            spent = sum(episode.bad for episode in slo.episodes) + (slo.others.bad if slo.others else 0)
            assert spent == (slo.result.bad_bounds or (0,))[0]


def test_each_period_as_restated_last_is_the_truth_of_today(sites):
    for entry, review in closed(sites["rarely"]):
        restatements = reviews.read_restatements(sites["rarely"].out, entry)
        now = stated(review, restatements)
        for service, _ in objectives(review):
            is_corrected = entry.start < CORRECTED[1] and entry.end > CORRECTED[0]
            expected = brute(entry.period, service, END, is_corrected=is_corrected)
            assert numbers(now[service, "a"]) == expected, entry.period


def test_what_happened_has_its_outcome(sites):
    found = {entry.period: dict(objectives(review)) for entry, review in closed(sites["often"])}
    outcomes = {name: [slo.result.outcome for slo in each.values()] for name, each in found.items()}
    assert outcomes["2025-11"][0] is not Outcome.INCOMPLETE, "its hours were asked for when it was closed"
    assert outcomes["2026-W14"][0] is Outcome.INCOMPLETE  # 138 of 168 hours
    assert outcomes["2026-02"][1] is Outcome.INCOMPLETE
    assert found["2026-02"]["born"].known_since == BORN
    assert outcomes["2026-07"][2] is Outcome.NO_DATA


def test_three_orders_of_builds_give_the_same_files(sites):
    """But for the moment at which a change was found, which is theirs, and the hashes of that."""
    kept = {name: dict(_files(site.out)) for name, site in sites.items()}
    assert kept["often"] == kept["daily"] == kept["rarely"]
    restated = {name: _restatements(site) for name, site in sites.items()}
    assert restated["often"] == restated["daily"] == restated["rarely"]
    causes = {(one.period, *one.causes) for one in restated["often"]}
    assert causes == {
        ("2026-04", Cause.LATE_DATA),
        ("2026-09", Cause.CORRECTION),
        ("2026-W39", Cause.CORRECTION),
        ("2026-Q3", Cause.CORRECTION),
    }


def _files(out):
    return ((path.parent.name, path.read_bytes()) for path in out.glob("reviews/*/review.json"))


def _restatements(site):
    index = reviews.load_index(site.out)
    return [
        replace(one, at=0, previous_sha256="0" * 64)
        for entry in index.entries
        for one in reviews.read_restatements(site.out, entry)
    ]
