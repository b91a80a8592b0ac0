"""A second answer replaces values of a result, and what is unsure of either is kept."""

from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure, Member, Purpose, Query, QueryTemplate, Result, Run
from sresnap.model.series import Grid, Series
from sresnap.model.series_key import SeriesKey

AT = 7
GRID = Grid.instant(AT)
MEMBERS = (Member("a", {}), Member("b", {}))
TEMPLATE = QueryTemplate("total", "x", by=(), origin="x.yaml")
QUERY = Query(TEMPLATE, MEMBERS, {}, GRID, Purpose.HOURLY, SeriesKey.parse("total"), "28d")


def series(value):
    return Series({}, GRID, (value,))


def test_a_second_answer_replaces_values_and_keeps_every_doubt():
    failure = Failure(ProblemKind.REFUSED, "too much")
    first = Result(
        QUERY, {"a": series(1.0), "b": series(2.0)}, runs=(Run("x", GRID, 2, 0.1),), unsure={"a": frozenset({5})}
    )
    second = Result(
        QUERY, {"a": series(3.0)}, {"b": failure}, (Run("y", GRID, 1, 0.1),), {"a": frozenset({7}), "b": frozenset({7})}
    )
    whole = first.with_answer(second)
    assert {name: found.values for name, found in whole.values.items()} == {"a": (3.0,), "b": (2.0,)}
    assert whole.failures == {"b": failure}
    assert [run.promql for run in whole.runs] == ["x", "y"]
    assert whole.unsure == {"a": {5, 7}, "b": {7}}
