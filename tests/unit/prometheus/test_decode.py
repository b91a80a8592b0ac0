"""Prometheus's JSON becomes series on the requested grid."""

import json
from decimal import Decimal

import pytest

from sresnap.model.series import Grid
from sresnap.prometheus.decode import decode, decode_samples
from sresnap.prometheus.errors import QueryError

RANGE = Grid(1000, 60, 4)  # 1000, 1060, 1120, 1180


def body(kind, result, **more):
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}, **more}).encode()


def matrix(*values, **labels):
    return body("matrix", [{"metric": labels, "values": list(values)}])


def refused(answer, grid=RANGE):
    with pytest.raises(QueryError) as caught:
        decode(answer, grid, 0.1)
    assert not caught.value.transport
    assert caught.value.kind == "bad_answer"
    return caught.value.message


def test_samples_lie_on_their_grid_points_and_gaps_have_no_value():
    (series,) = decode(matrix([1060, "2"], [1180, "0.5"], service="api"), RANGE, 0.1).series
    assert (series.labels, series.grid, series.values) == ({"service": "api"}, RANGE, (None, 2.0, None, 0.5))


def test_zero_is_a_number_and_not_a_gap():
    (series,) = decode(matrix([1000, "0"], [1060, "-0"]), RANGE, 0.1).series
    assert series.values == (0.0, 0.0, None, None)


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf", "Inf", "1e999"])
def test_nan_and_infinity_have_no_value(text):
    (series,) = decode(matrix([1000, text], [1060, "1"]), RANGE, 0.1).series
    assert series.values == (None, 1.0, None, None)


def test_times_may_be_floats():
    (series,) = decode(matrix([1000.0, "1"], [1119.9999, "3"]), RANGE, 0.1).series
    assert series.values == (1.0, None, 3.0, None)


@pytest.mark.parametrize("time", [1030, 1000.25, 940, 1240])
def test_a_point_off_the_grid_is_an_error(time):
    assert "another time" in refused(matrix([time, "1"]))


def test_a_vector_is_a_series_of_one_point_each():
    answer = decode(
        body("vector", [{"metric": {"a": "1"}, "value": [7.0, "1"]}, {"metric": {"a": "2"}, "value": [7, "2"]}]),
        Grid.instant(7),
        0.25,
    )
    assert [(s.labels["a"], s.last) for s in answer.series] == [("1", 1.0), ("2", 2.0)]
    assert answer.seconds == 0.25


def test_a_vector_at_another_time_is_an_error():
    assert "another time" in refused(body("vector", [{"metric": {}, "value": [8, "1"]}]), Grid.instant(7))


def test_a_scalar_is_one_series_without_labels():
    (series,) = decode(body("scalar", [7, "42"]), Grid.instant(7), 0.1).series
    assert (series.labels, series.values) == ({}, (42.0,))


def test_an_empty_result_is_an_answer():
    assert decode(body("matrix", []), RANGE, 0.1).series == ()


def test_warnings_and_infos_are_kept():
    answer = decode(body("matrix", [], warnings=["partial"], infos=["no counter"]), RANGE, 0.1)
    assert (answer.warnings, answer.infos) == (("partial",), ("no counter",))


@pytest.mark.parametrize(
    ("kind", "key", "grid"), [("matrix", "histograms", RANGE), ("vector", "histogram", Grid.instant(7))]
)
def test_a_native_histogram_says_how_to_get_numbers(kind, key, grid):
    # From the API's documentation, "Native histograms"; 2.42 needs a feature flag to store one.
    item = {"metric": {}, key: [7, {"count": "2", "sum": "3", "buckets": []}]}
    assert "histogram_quantile() or histogram_fraction()" in refused(body(kind, [item]), grid)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>", "HTML page"),
        (b"  \n<!doctype html>", "HTML page"),
        (b"", "empty answer"),
        (b'{"status": "succ', "breaks off or is damaged (16 bytes)"),
        (b"upstream error", "something else came"),
        (b"\xff\xfe\x00", "something else came"),
        (b"[1, 2]", "expected a JSON object, found a list of 2"),
        (b"{}", '"status" and "data"'),
        (b'{"status": "success"}', '"status" and "data"'),
        (b'{"status": "success", "data": 3}', '"resultType" and "result", found a int'),
        (body("vector", []), "type matrix"),
        (body("string", [1, "x"]), "gives a string"),
        (body("streams", []), "expected a result of type matrix, found a text"),
        (body("matrix", {}), 'a list as "result"'),
        (body("matrix", [3]), "a series with its labels"),
        (body("matrix", [{"values": []}]), '"metric" with labels, found nothing'),
        (body("matrix", [{"metric": {"a": 1}, "values": []}]), '"metric" with labels'),
        (body("matrix", [{"metric": {}}]), '"values" with a list, found nothing'),
        (matrix([1000]), '[time, "value"]'),
        (matrix([1000, "abc"]), '[time, "value"]'),
        (matrix(["1000", "1"]), '[time, "value"]'),
        (matrix([float("nan"), "1"]), '[time, "value"]'),
        (matrix([float("inf"), "1"]), '[time, "value"]'),
        (matrix([1000, 1]), "a value as text"),
        (matrix(None), '[time, "value"]'),
    ],
)
def test_an_unexpected_shape_says_what_was_expected(answer, words):
    assert words in refused(answer)


def test_the_content_of_a_strange_answer_is_not_repeated():
    assert "hunter2" not in refused(b'{"status": "success", "data": "hunter2"}')
    assert "hunter2" not in refused(b'{"status": "hunter2"}')


def test_an_error_with_status_200_is_an_error():
    with pytest.raises(QueryError, match="reports an error"):
        decode(b'{"status": "error", "error": "x"}', RANGE, 0.1)


@pytest.mark.parametrize(
    ("more", "warnings", "infos"),
    [
        ({"isPartial": True}, 1, 0),  # VictoriaMetrics cluster without one of its stores
        ({"isPartial": False}, 0, 0),
        ({"warnings": ["rpc error: store is unavailable"]}, 1, 0),  # Thanos, Mimir, Cortex
        ({"warnings": "one text"}, 1, 0),
        ({"isPartial": True, "warnings": ["a", "b"]}, 3, 0),
        ({"infos": ["PromQL info: metric might not be a counter"]}, 0, 1),  # Prometheus 3
        ({"warnings": None, "infos": None}, 0, 0),
    ],
)
def test_a_partial_answer_says_so_in_every_servers_spelling(more, warnings, infos):
    on_grid = decode(body("vector", [], **more), Grid.instant(7), 0.1)
    samples = decode_samples(body("matrix", [], **more))
    for answer in (on_grid, samples):
        assert (len(answer.warnings), len(answer.infos)) == (warnings, infos)


def samples(*pairs):
    return decode_samples(body("matrix", [{"metric": {}, "values": list(pairs)}]))


@pytest.mark.parametrize("number", [1.2e-25, -5e-324, 1.7976931348623157e-300, 123456789012345.67, 1e30])
def test_a_number_without_an_exponent_is_read_as_victoriametrics_writes_it(number):
    text = format(Decimal(repr(number)), "f")
    assert len(text) <= 344
    (series,) = samples([1000, text]).series
    assert list(series.values) == [number]


def test_a_text_that_is_longer_than_any_number_is_not_read():
    with pytest.raises(QueryError, match="expected"):
        samples([1000, "0." + "0" * 400 + "1"])


def test_a_sample_that_victoriametrics_stored_twice_is_one_sample():
    (series,) = samples([1000, "5"], [1000, "5"], [1060, "5"], [1060, "5"], [1060, "5"], [1120, "7"]).series
    assert list(series.times) == [1000, 1060, 1120]
    assert list(series.values) == [5, 5, 7]


@pytest.mark.parametrize("pairs", [([1000, "5"], [1000, "6"]), ([1060, "5"], [1000, "5"])])
def test_two_values_at_one_time_or_times_that_go_back_are_not_samples(pairs):
    with pytest.raises(QueryError, match="in the order of their times"):
        samples(*pairs)


WRONG = (
    [True, "1"],
    [None, "1"],
    ["7", "1"],
    [[7], "1"],
    [1e300, "1"],
    [10**400, "1"],
    [float("nan"), "1"],
    [1000, 1],
    [1000, "0." + "0" * 400 + "1"],
    [1000, "one"],
    [1000, "-1e31"],
    [1000],
    [],
    {"1000": "1", "1": "1"},
    "71",
    None,
)


def test_a_wrong_sample_is_refused_in_the_same_words_among_many():
    many = [[1060 + time, str(time)] for time in range(50)]
    for pair in WRONG:
        with pytest.raises(QueryError) as single:
            samples(pair)
        for pairs in ([pair, *many], [*many, pair]):
            with pytest.raises(QueryError) as among:
                samples(*pairs)
            assert (among.value.kind, among.value.message) == (single.value.kind, single.value.message), pair


def test_many_samples_are_read_as_one_is():
    many = [[1000.5 + 60 * time, ("1e30", "NaN", "+Inf", "-0.5")[time % 4]] for time in range(40)]
    one_by_one = [one for pair in many for one in samples(pair).series]
    (all_of_them,) = samples(*many).series
    assert list(all_of_them.times) == [time for one in one_by_one for time in one.times]
    assert list(all_of_them.values) == [1e30, -0.5] * 10
