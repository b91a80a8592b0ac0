"""Reads the parameters and writes the answers of Prometheus's HTTP API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from sresnap.model.windows import parse_duration, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sresnap.demo.answers import AnswerSeries

MAX_POINTS = 11_000
"""The most points a series that Prometheus returns."""


def range_ms(form: Mapping[str, str]) -> NDArray[np.int64]:
    """The times of a range query.

    Raises:
        ValueError: a parameter is wrong. The text is the answer to the client.
    """
    start, end, step = time_ms(form.get("start", "")), time_ms(form.get("end", "")), _step_ms(form.get("step", ""))
    if end < start:
        raise ValueError('invalid parameter "end": end timestamp must not be before start time')
    if step <= 0:
        raise ValueError('invalid parameter "step": zero or negative query resolution step widths are not accepted')
    if (end - start) // step > MAX_POINTS:
        raise ValueError(f"exceeded maximum resolution of {MAX_POINTS:,} points per timeseries")
    return np.arange(start, end + 1, step, dtype=np.int64)


def time_ms(text: str) -> int:
    """Milliseconds of a time given as seconds or as RFC 3339.

    Raises:
        ValueError: the text is neither.
    """
    try:
        return round(float(text) * 1000)
    except ValueError:
        try:
            return parse_time(text) * 1000
        except ValueError:
            raise ValueError(f"cannot parse {text!r} to a valid timestamp") from None


def _step_ms(text: str) -> int:
    try:
        return round(float(text) * 1000)
    except ValueError:
        return round(parse_duration(text) * 1000)


def result(series: Iterable[AnswerSeries], times_ms: NDArray[np.int64], *, ranged: bool) -> str:
    """A matrix or a vector as JSON. It is written by hand, because json.dumps would be most of an answer's cost."""
    stamps = [f"{ms / 1000:.3f}".rstrip("0").rstrip(".") for ms in times_ms.tolist()]
    kind, name = ("matrix", "values") if ranged else ("vector", "value")
    parts = []
    for one in series:
        values = one.values.tolist()
        # NaN, which is not equal to itself, is left out.
        points = [f'[{t},"{v:.17g}"]' for t, v in zip(stamps, values, strict=True) if v == v]  # noqa: PLR0124
        if np.inf in values:
            points = [point.replace('"inf"', '"+Inf"') for point in points]
        text = f"[{','.join(points)}]" if ranged else points[0]
        parts.append(f'{{"metric":{json.dumps(dict(one.labels))},"{name}":{text}}}')
    return f'{{"status":"success","data":{{"resultType":"{kind}","result":[{",".join(parts)}]}}}}'


def samples(series: Iterable[tuple[Mapping[str, str], NDArray[np.int64], NDArray[np.int64]]]) -> str:
    """Raw samples, by labels, times in seconds and values, as JSON."""
    found = [
        {
            "metric": dict(labels),
            "values": [[time, str(value)] for time, value in zip(times.tolist(), values.tolist(), strict=True)],
        }
        for labels, times, values in series
    ]
    return success({"resultType": "matrix", "result": found})


def success(data: object) -> str:
    return json.dumps({"status": "success", "data": data})
