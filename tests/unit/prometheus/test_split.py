"""Queries are split into pieces, and their results joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.model.query import Failure, Member, Purpose, Query, QueryTemplate, Result
from sresnap.model.series import Grid, Series
from sresnap.prometheus.split import cut, halve, join


def query(*jobs, by="job", grid=None):
    members = tuple(Member(f"s{i}", {"job": job}) for i, job in enumerate(jobs))
    return Query(
        QueryTemplate("k", "up", (by,) if by else (), "t"),
        members,
        {},
        grid or Grid(0, 60, 4),
        Purpose.SIGNAL,
        "k",
        "1h",
    )


def result(piece, value, *, failure=None, labels=None):
    if failure is not None:
        times = frozenset(piece.grid.times())
        names = [m.service for m in piece.members]
        return Result(piece, {}, dict.fromkeys(names, failure), (), dict.fromkeys(names, times))
    found = {m.service: Series(labels or m.labels, piece.grid, (value,) * piece.grid.count) for m in piece.members}
    return Result(piece, found)


@given(st.integers(1, 40_000), st.integers(1, 3600))
def test_pieces_cover_the_grid_once_and_in_order(count, step):
    whole = query("a", grid=Grid(1000, step, count))
    pieces = cut(whole)
    assert all(1 <= p.grid.count <= 11_000 for p in pieces)
    assert [t for p in pieces for t in p.grid.times()] == list(whole.grid.times())


def test_a_short_query_is_not_cut():
    short = query("a", grid=Grid(0, 60, 11_000))
    assert cut(short) == [short]


def test_services_with_one_value_stay_in_one_half():
    first, second = halve(query("a", "b", "a", "c"), by_time=False)
    assert [m.service for m in first.members] == ["s0", "s2"]  # a
    assert [m.service for m in second.members] == ["s1", "s3"]  # b, c


def test_one_value_is_halved_by_time():
    first, second = halve(query("a", "a", grid=Grid(0, 60, 5)), by_time=False)
    assert (first.grid, second.grid) == (Grid(0, 60, 2), Grid(120, 60, 3))


def test_an_ungrouped_query_is_halved_by_time():
    assert [q.grid.count for q in halve(query("a", "b", by=None), by_time=False)] == [2, 2]


def test_too_many_points_are_halved_by_time_even_with_many_services():
    assert [q.grid.count for q in halve(query("a", "b"), by_time=True)] == [2, 2]


@pytest.mark.parametrize("by_time", [True, False])
def test_one_service_at_one_instant_cannot_be_halved(by_time):
    assert halve(query("a", grid=Grid.instant(7)), by_time=by_time) == []


def test_pieces_by_service_are_united():
    whole = query("a", "b")
    one, two = halve(whole, by_time=False)
    joined = join(whole, [result(one, 1.0), result(two, 2.0)])
    assert joined.values["s0"].values == (1.0,) * 4
    assert joined.values["s1"].values == (2.0,) * 4
    assert (joined.query, joined.failures, joined.unsure) == (whole, {}, {})


def test_pieces_by_time_are_joined_in_order():
    whole = query("a", by=None)
    one, two = halve(whole, by_time=True)
    joined = join(whole, [result(one, 1.0), result(two, 2.0)])
    assert joined.values["s0"] == Series({"job": "a"}, whole.grid, (1.0, 1.0, 2.0, 2.0))


def test_a_failed_piece_leaves_a_gap_a_failure_and_its_times():
    whole = query("a", by=None)
    one, two = halve(whole, by_time=True)
    gone = Failure("query_failed", "gone")
    joined = join(whole, [result(one, 1.0), result(two, 0.0, failure=gone)])
    assert joined.values["s0"].values == (1.0, 1.0, None, None)
    assert joined.failures == {"s0": gone}
    assert joined.unsure == {"s0": frozenset({120, 180})}


def test_pieces_of_series_that_follow_one_another_are_glued():
    whole = query("a", by=None)
    one, two = halve(whole, by_time=True)
    joined = join(whole, [result(one, 1.0, labels={"pod": "x"}), result(two, 2.0, labels={"pod": "y"})])
    assert joined.values["s0"].values == (1.0, 1.0, 2.0, 2.0)
    assert joined.failures == {}
