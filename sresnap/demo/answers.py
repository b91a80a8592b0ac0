"""Computes, by query key, the numbers that a Prometheus would return after scraping the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sresnap.demo import model
from sresnap.demo.pattern import BOUNDS, CODES
from sresnap.demo.scraped import LOOKBACK_MS, Counters, Samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sresnap.demo.model import DemoService
    from sresnap.demo.recognise import Peak, RecognisedQuery

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Evaluate = Callable[[Ints], Floats]

_HOST = {"cap_vps_cpu": model.host_cpu, "cap_vps_mem": model.host_memory, "cap_vps_disk": model.host_disk}
_GAUGES: Mapping[str, Callable[[DemoService, Ints], Floats]] = {
    "saturation": lambda service, times: service.saturation(times),
    "cap_container_cpu": lambda service, times: service.container_cpu(times),
    "cap_container_mem": lambda service, times: service.container_memory(times),
}
_QUANTILE = 0.99


@dataclass(frozen=True, slots=True)
class AnswerSeries:
    """One series; NaN where it has no point."""

    labels: Mapping[str, str]
    values: Floats


def le(bound: float) -> str:
    """A bucket's bound as Prometheus's own client library writes it: `0.3`, `1`."""
    return f"{bound:g}"


def answer(
    asked: RecognisedQuery, fleet: Mapping[str, DemoService], samples: Samples, times_ms: Ints
) -> Iterator[AnswerSeries]:
    """Yield the series of an answer. Series without points and unknown names are left out."""
    if asked.raw == "copies":
        return
    if asked.raw is not None:
        yield from _raw(asked, fleet, samples, times_ms)
        return
    for labels, evaluate in _series(asked, fleet, samples):
        values = evaluate(times_ms) if asked.peak is None else _highest(evaluate, asked.peak, times_ms)
        if not np.isnan(values).all():
            yield AnswerSeries(labels, values)


def _series(
    asked: RecognisedQuery, fleet: Mapping[str, DemoService], samples: Samples
) -> Iterator[tuple[Mapping[str, str], Evaluate]]:
    if asked.key in _HOST:
        yield {}, _gauge(_HOST[asked.key], samples)
        return
    for name in sorted(asked.names):
        # Traefik names a service with its provider, as in api@docker.
        service = fleet.get(name.partition("@")[0])
        evaluate = service and _evaluator(asked, service, samples)
        if evaluate:
            yield {asked.by: name} if asked.by else {}, evaluate


def raw_samples(
    asked: RecognisedQuery, fleet: Mapping[str, DemoService], samples: Samples, time_ms: int
) -> Iterator[tuple[Mapping[str, str], Ints, Ints]]:
    """Yield the labels, the times in seconds and the values of each series that a range selector selects."""
    for labels, counters in _counters(asked, fleet, samples):
        times, rows = counters.within(time_ms, asked.range_ms)
        for own, values in zip(labels, rows, strict=True):
            if len(times):
                yield own, times, values


def _raw(
    asked: RecognisedQuery, fleet: Mapping[str, DemoService], samples: Samples, times_ms: Ints
) -> Iterator[AnswerSeries]:
    """The counters at some times: now, or the last value within a range."""
    for labels, counters in _counters(asked, fleet, samples):
        index = samples.last_before(times_ms)
        age = times_ms - samples.time(np.maximum(index, 0)) * 1000
        there = (index >= 0) & (age <= (asked.range_ms or LOOKBACK_MS))
        rows = np.where(there, counters.read(samples.time(np.maximum(index, 0))), np.nan)
        for own, values in zip(labels, rows, strict=True):
            if there.any():
                yield AnswerSeries(own, values) if asked.raw != "codes" else _counted(asked, own, values)


def _counted(asked: RecognisedQuery, labels: Mapping[str, str], values: Floats) -> AnswerSeries:
    """How many series there are of a code, which is one or none."""
    kept = {name: value for name, value in labels.items() if name in (asked.by, "code")}
    return AnswerSeries(kept, np.where(np.isnan(values), np.nan, 1.0))


def _counters(
    asked: RecognisedQuery, fleet: Mapping[str, DemoService], samples: Samples
) -> Iterator[tuple[list[dict[str, str]], Counters]]:
    """The counters of each service that a selector selects, with the labels of each row."""
    for name in sorted(asked.names):
        service = fleet.get(name.partition("@")[0])
        if service is None:
            continue
        own = {"__name__": asked.metric, asked.by or "service": name}
        if asked.key == "latency_good":
            rows = [row for row, bound in enumerate(BOUNDS) if le(bound) == asked.threshold]
            read = _rows(service.buckets, rows)
            labels = [{**own, "le": asked.threshold} for _ in rows]
        else:
            rows = {"total": [0, 1, 2, 3], "good": [0, 1], "bad": [2, 3]}[
                "total" if asked.raw == "codes" else asked.key
            ]
            read = _rows(service.codes, rows)
            labels = [{**own, "code": CODES[row]} for row in rows]
        if rows:
            yield labels, Counters(read, service, samples)


def _rows(read: Callable[[Ints], Ints], rows: list[int]) -> Callable[[Ints], Ints]:
    return lambda times: read(times)[rows]


def _evaluator(asked: RecognisedQuery, service: DemoService, samples: Samples) -> Evaluate | None:
    """The function that evaluates the key's query for a service; None where the query has no series."""
    span = asked.range_ms
    codes = Counters(service.codes, service, samples)
    if asked.key in _GAUGES:
        return _gauge(lambda times: _GAUGES[asked.key](service, times), samples)
    if asked.key == "latency_good":
        rows = [row for row, bound in enumerate(BOUNDS) if le(bound) == asked.threshold]
        under = Counters(lambda times: service.buckets(times)[rows], service, samples)
        return (lambda t: _total(under.counted(t, span))) if rows else None
    bucketed = Counters(service.buckets, service, samples)
    by_key: Mapping[str, Evaluate] = {
        "total": lambda t: _total(codes.counted(t, span)),
        "bad": lambda t: _total(codes.counted(t, span)[2:]),
        "good": lambda t: _total(codes.counted(t, span)[:2]),
        "availability": lambda t: np.where(codes.over(t, span).size > 0, 100.0, np.nan),
        "request_rate": lambda t: _total(codes.over(t, span).rate()),
        "error_rate": lambda t: _error_percent(codes.over(t, span).rate()),
        "latency_p99": lambda t: quantile(_QUANTILE, bucketed.over(t, span).rate()),
    }
    return by_key.get(asked.key)


def _gauge(value: Callable[[Ints], Floats], samples: Samples) -> Evaluate:
    def evaluate(times_ms: Ints) -> Floats:
        time, there = samples.latest(times_ms)
        return np.where(there, value(time), np.nan)

    return evaluate


def _total(rows: Floats) -> Floats:
    """`sum by (service)`: of the series that are there."""
    return np.where(np.isnan(rows).all(axis=0), np.nan, np.nansum(rows, axis=0))


def _error_percent(rates: Floats) -> Floats:
    total = _total(rates)
    return 100 * np.divide(_total(rates[2:]), total, out=np.full_like(total, np.nan), where=total > 0)


def quantile(q: float, buckets: Floats) -> Floats:
    """histogram_quantile() of cumulative counts by BOUNDS and +Inf: linear within the bucket (promql/quantile.go).

    A quantile above the last bound is that bound.
    """
    cumulative = np.maximum.accumulate(buckets, axis=0)
    rank = q * cumulative[-1]
    column = np.arange(buckets.shape[1])
    which = (cumulative[:-1] < rank).sum(axis=0)
    inner = np.minimum(which, len(BOUNDS) - 1)
    below = np.where(inner > 0, cumulative[inner - 1, column], 0)
    edges = np.array((0.0, *BOUNDS))
    low, high = edges[inner], edges[inner + 1]
    width = cumulative[inner, column] - below
    share = np.divide(rank - below, width, out=np.full_like(rank, np.nan), where=width > 0)
    return np.where(cumulative[-1] > 0, np.where(which == len(BOUNDS), BOUNDS[-1], low + (high - low) * share), np.nan)


def _highest(evaluate: Evaluate, peak: Peak, times_ms: Ints) -> Floats:
    """max_over_time() of a subquery, whose points lie on whole multiples of its step; both ends count."""
    low, high = -(-(times_ms - peak.range_ms) // peak.step_ms), times_ms // peak.step_ms
    grid, where = np.unique(
        np.concatenate([np.clip(high - back, low, None) for back in range(peak.range_ms // peak.step_ms + 1)]),
        return_inverse=True,
    )
    return np.asarray(np.fmax.reduce(evaluate(grid * peak.step_ms)[where].reshape(-1, len(times_ms))))
