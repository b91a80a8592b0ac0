"""A report that restates past numbers gives both."""

from dataclasses import replace

from sresnap.compute.fleet.restated import corrected, late_data
from sresnap.documents import snapshots
from sresnap.model.changes import Restated
from sresnap.model.history import History, Hourly
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, HOUR, parse_time
from sresnap.render.clock import Clock
from sresnap.render.pages.archive import index_of_one
from sresnap.render.panels.reports import report_rows
from tests import factories
from tests.panels import Pages, pages_of

NOON = factories.AT - factories.AT % DAY + 12 * HOUR
KEYS = {("api", SeriesKey(name)): name[0] for name in ("total", "latency_p99", "availability")}


def history(values, series="total", start=NOON - 4 * HOUR, old=None):
    hours = {start + index * HOUR: value for index, value in enumerate(values)}
    answer = Hourly("api", SeriesKey(series), KEYS["api", SeriesKey(series)], hours)
    return (old or History()).merged([answer], 0)


def restated(before, after, at=NOON + 300):
    return [(r.what, r.start, r.end, r.before, r.after) for r in late_data(before, after, KEYS, at)]


def test_an_hour_with_another_count_is_reported_with_both_numbers():
    before = history([100, 100, 100, 100])
    after = history([100, 120, 130, 100], old=before)
    assert restated(before, after) == [("total", NOON - 3 * HOUR, NOON - HOUR, 200, 250)]


def test_unknown_hours_are_reported_apart_from_known_ones():
    before = history([100, None, 100])
    after = history([100, 50, 101], old=before)
    assert [row[3:] for row in restated(before, after)] == [(None, 50), (100, 101)]


def test_new_data_since_the_previous_report_restates_nothing():
    before = history([100, 100])
    assert restated(before, history([100, 100, 100, 100, 100], old=before), at=NOON - 2 * HOUR + 60) == []
    assert restated(History(), history([1, 2, 3])) == [], "a series that nobody knew"
    assert restated(before, history([100 * (1 + 1e-12), 100], old=before)) == [], "the order in which fractions add up"


def test_a_day_that_was_not_touched_is_not_looked_at_again():
    before = history([100, 100])
    other_day = NOON - 2 * DAY
    after = history([7], start=other_day, old=before)
    assert restated(before, after) == []
    again = history([100], start=other_day, old=before)
    assert restated(again, history([120], old=again, start=other_day))[0][3:] == (100, 120)


def test_golden_signals_are_not_judged_and_a_share_of_time_is_averaged():
    before = history([0.3], "latency_p99")
    assert restated(before, history([0.4], "latency_p99", old=before)) == []
    before = history([0.9, 0.8], "availability")
    assert restated(before, history([1, 0.9], "availability", old=before))[0][3:] == ((0.9 + 0.8) / 2, 0.95)


def test_a_correction_made_afterwards_is_reported_and_so_is_one_that_is_taken_back():
    slo = factories.corrected_slo()
    plain = replace(slo, uncorrected=None)
    with_it, without = (factories.snapshot([factories.service(slos=(one,))]) for one in (slo, plain))
    (found,) = corrected(without, with_it.services)
    assert (found.cause, found.before, found.after) == (
        "correction",
        slo.uncorrected.budget.remaining_ratio,
        slo.budget.remaining_ratio,
    )
    (back,) = corrected(with_it, without.services)
    assert back.reason.startswith("taken back: ")
    assert corrected(with_it, with_it.services) == ()
    # One that ended before the window begins was not taken back: it has left.
    gone = replace(
        slo.uncorrected.applied[0], start=parse_time("2026-09-01T00:00:00Z"), end=parse_time("2026-09-01T05:00:00Z")
    )
    left = replace(slo, uncorrected=replace(slo.uncorrected, applied=(gone,)))
    assert corrected(factories.snapshot([factories.service(slos=(left,))]), without.services) == ()


def test_a_future_correction_restates_nothing():
    slo = factories.corrected_slo()
    later = tuple(replace(one, start=factories.AT, end=factories.AT + HOUR) for one in slo.uncorrected.applied)
    planned = replace(slo, uncorrected=replace(slo.uncorrected, applied=later))
    before = factories.snapshot([factories.service(slos=(replace(slo, uncorrected=None),))])
    assert corrected(before, factories.snapshot([factories.service(slos=(planned,))]).services) == ()


def test_the_pages_say_what_is_restated():
    rows = (
        Restated("api", "total", "late_data", NOON, NOON + HOUR, 100, 120),
        Restated("api", "bad", "late_data", NOON, NOON + HOUR, None, 3),
    )
    snapshot = replace(factories.snapshot(), restated=rows)
    assert snapshots.decode(snapshots.encode(snapshot), "x") == snapshot
    pages = Pages(snapshot)
    for page in ("index.html", "services/api/index.html"):
        text = pages.document(page, "restated").text
        assert "api total Sun 22 Nov 13:00 to Sun 22 Nov 14:00: 100 before, 120 now" in text
        assert "unknown before, 3 now" in text
    assert "restated" not in {panel.name for panel in pages_of("one_service").page("index.html").panels}
    (row,) = report_rows(index_of_one(snapshot).entries, index_of_one(snapshot), Clock.of("UTC"), "")
    assert row.facts[-1] == "2 past numbers restated"
