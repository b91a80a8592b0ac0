"""Decodes Prometheus's JSON into series on a grid (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

from __future__ import annotations

import json
import re
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from sresnap.model.problem_kind import ProblemKind
from sresnap.model.raw import RawAnswer, RawSeries
from sresnap.model.series import Answer, Series
from sresnap.prometheus.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sresnap.model.series import Grid

_MS = 1000  # Prometheus's resolution of time
_LARGEST = 1e30
"""No counter, size or rate comes near it, and sums and products of such numbers are still numbers."""
_LATEST = 1e11
"""Times of another unit than seconds lie after it."""
_FEW = 20
_LONGEST_NUMBER = 400
"""Letters of a number. VictoriaMetrics writes 1.2e-25 without an exponent; the smallest float so has 344."""
_MOST_PARTS = 2_500_000
"""Of objects and lists in an answer: each takes up to 200 bytes of memory, and one byte to send."""
_MOST_POINTS = 5_000_000
"""Points on the grid, of all series together."""
_MOST_NOTES = 20
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_PARTIAL = "the answer is partial (isPartial): a part of the storage did not answer"


def bad_answer(expected: str, found: object) -> QueryError:
    """The error for an answer of an unexpected shape. It names the type that was found, never its content."""
    return QueryError(ProblemKind.BAD_ANSWER, f"not an answer of Prometheus: expected {expected}, found {_name(found)}")


def too_many(what: str, most: int) -> QueryError:
    """The error for an answer that takes too much memory; half of the query may fit."""
    return QueryError(ProblemKind.REFUSED, f"the answer has more than {most} {what}", splittable=True)


def looks_like_html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def read_json(body: bytes) -> dict[str, Any]:
    """The answer as a JSON object.

    Raises:
        QueryError: the body is HTML, incomplete JSON or something else.
    """
    if looks_like_html(body):
        advice = "a login page or a proxy's? look at prometheus.url and the credentials"
        raise QueryError(ProblemKind.BAD_ANSWER, f"an HTML page came in place of JSON: {advice}")
    if not body.strip():
        raise QueryError(ProblemKind.BAD_ANSWER, "an empty answer came in place of JSON")
    if body.count(b"[") + body.count(b"{") > _MOST_PARTS:
        raise too_many("parts", _MOST_PARTS)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        broken = body.lstrip()[:1] == b"{"
        problem = "the JSON breaks off or is damaged" if broken else "something else came in place of JSON"
        raise QueryError(
            ProblemKind.BAD_ANSWER, f"{problem} ({len(body)} bytes): does a proxy cut the answer?"
        ) from None
    if not isinstance(document, dict):
        raise bad_answer("a JSON object", document)
    return document


def read_data(body: bytes) -> tuple[Any, dict[str, Any]]:
    """The value of `data`, and the whole document.

    Raises:
        QueryError: the answer is not from Prometheus's API, or reports an error.
    """
    document = read_json(body)
    if document.get("status") == "error":
        raise QueryError(ProblemKind.QUERY_FAILED, "Prometheus reports an error, with HTTP 200")
    if document.get("status") != "success" or "data" not in document:
        raise bad_answer('"status" and "data"', document)
    return document["data"], document


def decode(body: bytes, grid: Grid, seconds: float) -> Answer:
    """The series of an answer on the requested grid. None means a missing sample, NaN and ±Inf.

    Raises:
        QueryError: the answer has an unexpected shape, or a point off the grid.
    """
    data, document = read_data(body)
    if not isinstance(data, dict):
        raise bad_answer('"data" with "resultType" and "result"', data)
    kind, result = data.get("resultType"), data.get("result")
    places: dict[float, int] = {time: place for place, time in enumerate(grid.times())}
    wanted = ("vector", "scalar") if grid.is_instant else ("matrix",)
    if isinstance(result, list) and len(result) * grid.count > _MOST_POINTS:
        raise too_many("points", _MOST_POINTS)
    if kind not in wanted:
        raise _wrong_type(kind, wanted)
    if kind == "scalar":
        series: tuple[Series, ...] = (_on_grid({}, [result], grid, places),)
    elif isinstance(result, list):
        series = tuple(_series(item, grid, places, str(kind)) for item in result)
    else:
        raise bad_answer('a list as "result"', result)
    return Answer(series, _warnings(document), _texts(document.get("infos")), seconds)


def decode_samples(body: bytes) -> RawAnswer:
    """The series of a range selector's answer, with their samples as they were scraped.

    Raises:
        QueryError: the answer has an unexpected shape.
    """
    data, document = read_data(body)
    result = data.get("result") if isinstance(data, dict) and data.get("resultType") == "matrix" else None
    if not isinstance(result, list):
        raise bad_answer("a matrix of samples", result)
    return RawAnswer(tuple(_samples(item) for item in result), _warnings(document), _texts(document.get("infos")))


def _samples(item: object) -> RawSeries:
    labels, pairs = _labels(item), item.get("values") if isinstance(item, dict) else None
    if not isinstance(pairs, list):
        raise bad_answer('"values" with a list', pairs)
    found = np.array(_columns(pairs), dtype=np.float64).T
    found = found[np.isfinite(found).all(axis=1)]
    # VictoriaMetrics without deduplication returns a sample as often as it was stored.
    found = found[np.append(True, (np.diff(found, axis=0) != 0).any(axis=1))] if len(found) else found
    if (np.diff(found[:, 0]) <= 0).any():
        raise bad_answer("samples in the order of their times", pairs)
    return RawSeries(labels, found[:, 0], found[:, 1])


def _labels(item: object) -> dict[str, str]:
    labels = item.get("metric") if isinstance(item, dict) else None
    if not isinstance(labels, dict) or not all(isinstance(value, str) for value in labels.values()):
        raise bad_answer('"metric" with labels', labels)
    if any(_HALF_PAIR.search(name) or _HALF_PAIR.search(value) for name, value in labels.items()):
        # Queries with such a value cannot be sent, and a replacement may be another series' value.
        raise bad_answer("labels in UTF-8", labels)
    return labels


def _columns(pairs: list[Any]) -> tuple[list[float], list[float]]:
    """Times and values of many samples.

    Checks of whole columns take a fraction of the time of checks of each sample, unless there are few.

    Raises:
        QueryError: as `_sample`, for the first sample that is wrong.
    """
    if len(pairs) > _FEW and set(map(type, pairs)) == {list} and set(map(len, pairs)) == {2}:
        times, texts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if set(map(type, times)) <= {int, float} and set(map(type, texts)) == {str}:
            try:
                found = list(map(float, times)), list(map(float, texts))
            except (ValueError, OverflowError):
                pass  # one of them is named below
            else:
                if max(map(len, texts)) <= _LONGEST_NUMBER and _are_possible(*found):
                    return found
    samples = [_sample(pair) for pair in pairs]
    return [time for time, _ in samples], [value for _, value in samples]


def _are_possible(times: list[float], values: list[float]) -> bool:
    """Whether no time and no value is one that `_sample` refuses."""
    sizes = np.abs(np.array(values))
    return bool((np.abs(np.array(times)) < _LATEST).all()) and not ((sizes > _LARGEST) & (sizes < inf)).any()


def _sample(pair: object) -> tuple[float, float]:
    """Time and value of `[1795383000.123, "0.5"]`.

    Raises:
        QueryError: it has another form, or a number that no measurement has.
    """
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
        raise bad_answer('[time, "value"]', pair)
    time, text = pair
    if not isinstance(text, str):
        raise bad_answer("a value as text", text)
    if not isinstance(time, int | float) or isinstance(time, bool) or len(text) > _LONGEST_NUMBER:
        raise bad_answer('[time, "value"]', pair)
    try:
        found = float(time), float(text)
    except (ValueError, OverflowError):
        raise bad_answer('[time, "value"]', pair) from None
    if not abs(found[0]) < _LATEST:
        raise bad_answer('[time, "value"] with a time in seconds', found[0])
    if _LARGEST < abs(found[1]) < inf:
        raise QueryError(ProblemKind.BAD_ANSWER, f"the query gives {found[1]:g}, which nothing can measure")
    return found


def _wrong_type(kind: object, wanted: tuple[str, ...]) -> QueryError:
    if kind in ("matrix", "string"):
        problem = f"the query gives a {'range vector' if kind == 'matrix' else 'string'}"
        return QueryError(ProblemKind.BAD_ANSWER, f"{problem}, where an instant vector or a scalar is needed")
    return bad_answer(f"a result of type {' or '.join(wanted)}", kind)


def _series(item: object, grid: Grid, places: Mapping[float, int], kind: str) -> Series:
    key = "value" if kind == "vector" else "values"
    if not isinstance(item, dict):
        raise bad_answer("a series with its labels", item)
    if key not in item and ("histogram" in item or "histograms" in item):
        advice = "turn it into numbers with histogram_quantile() or histogram_fraction()"
        raise QueryError(ProblemKind.BAD_ANSWER, f"the query gives a native histogram: {advice}")
    labels, found = _labels(item), item.get(key)
    if not isinstance(found, list):
        raise bad_answer(f'"{key}" with a list', found)
    return _on_grid(labels, [found] if kind == "vector" else found, grid, places)


def _on_grid(labels: Mapping[str, str], pairs: list[Any], grid: Grid, places: Mapping[float, int]) -> Series:
    values: list[float | None] = [None] * grid.count
    unclear: set[int] = set()
    void: set[int] = set()
    for time, value in zip(*_columns(pairs), strict=True):
        place = places.get(time)
        if place is None:  # off the grid, or on it but for a float's last digits
            place = places.get(round(time * _MS) / _MS)
        if place is None:
            fault = f"Prometheus answered for another time than was asked for: {time:.14g}"
            raise QueryError(ProblemKind.BAD_ANSWER, fault)
        if isfinite(value):
            values[place] = value
        else:
            (unclear if value == inf else void).add(grid.start + place * grid.step)
    return Series(labels, grid, tuple(values), frozenset(unclear), void=frozenset(void))


def _warnings(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What the server says of an answer that may lack data.

    Prometheus, Thanos, Mimir and Cortex send `warnings`; a VictoriaMetrics cluster sends `isPartial`
    (docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#cluster-availability).
    """
    partial = (_PARTIAL,) if document.get("isPartial") else ()
    return (*partial, *_texts(document.get("warnings")))


def _texts(found: object) -> tuple[str, ...]:
    """Warnings or infos, each once. Hundreds of them say no more than the first ones and their number."""
    if isinstance(found, str) and found:
        return (found,)
    if not isinstance(found, list):
        return ()
    texts = tuple(dict.fromkeys(text if isinstance(text, str) else _name(text) for text in found))
    more = len(texts) - _MOST_NOTES
    return texts if more <= 0 else (*texts[:_MOST_NOTES], f"and {more} more")


def _name(found: object) -> str:
    match found:
        case None:
            return "nothing"
        case dict():
            return "an object without them"
        case list():
            return f"a list of {len(found)}"
        case str():
            return "a text"
        case _:
            return f"a {type(found).__name__}"
