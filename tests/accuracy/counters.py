"""Counters whose true counts are known: every kind that real services have, at every scrape interval.

A counter is the sum of its parts: targets that come and go, each scraped at its own seconds. The truth is what happened
between the last scrape of a target before a window and its last one in it; of a new process, since its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time

END = parse_time("2026-03-01T00:00:00Z")
DAYS = 28
START = END - (DAYS + 1) * DAY
CODES = ("200", "500")
KINDS: Mapping[str, str] = {
    "steady": "5 good a second, 1 bad in 20 s",
    "sparse": "1 bad in 3.1 h, 1 good in 50 s",
    "bursty": "300 bad within 10 min every 31 h",
    "restarting": "back to 0 every 37 h",
    "collector": "down for 90 s every 26 h; it exports its start time",
    "newborn": "the series of errors appears on day 20, at 5",
    "vanishing": "gone 30 h before the end",
    "gaps": "not scraped for 20 min every 9 h",
    "expiring": "1 bad in 3.1 h; the exporter drops a series after 5 min without an event",
    "relabelled": "a label is added on day 12",
    "second cluster": "from day 20 on, a second target with the same job and instance, counting since long ago",
    "replicas": "two Prometheus servers behind one endpoint",
    "deploys": "20 pods, replaced every 6 h; they export their start time",
    "autoscaled": "2 to 20 pods by the hour of the day; no start time",
}
_DENSE = ("restarting",)
_FLEETS = ("deploys", "autoscaled")
_RESTART = 37 * HOUR + 11 * MINUTE
_COLLECTOR, _DOWN = 26 * HOUR + 7 * MINUTE, 90
_BORN = START + 20 * DAY + 1234
_GONE = END - 30 * HOUR
_RELABELLED = START + 12 * DAY + 777
_ONBOARDED = START + 20 * DAY + 5000
_EXPIRY = 5 * MINUTE

Ints = NDArray[np.int64]
Events = Callable[[Ints], Ints]
Series = tuple[Mapping[str, str], Ints, Ints]
"""Labels, times, values."""


@dataclass(frozen=True)
class Part:
    """One target of a counter."""

    labels: Mapping[str, str]
    scrapes: Ints
    events: Events
    """All events until some times, by code."""
    values: Ints
    """What the counter shows at its scrapes."""
    born: int | None = None
    """When its process started, if that was after START."""
    started: Ints | None = None
    """Its start time at each scrape, if it is exported."""
    is_shown: NDArray[np.bool_] | None = None
    """At which scrapes the series is there; None for all."""

    def true(self, start: int, end: int) -> int:
        """The events from the last scrape before a start to the last one before an end."""
        last = self.scrapes[self.scrapes <= end]
        if not len(last) or (self.born is not None and self.born > end):
            return 0
        before = self.scrapes[self.scrapes <= start]
        first = before[-1] if len(before) else self.scrapes[0] if self.born is None else self.born
        return int(self.events(last[-1:])[0] - self.events(np.array([first]))[0])


@dataclass(frozen=True)
class Counter:
    """A service's good and bad events as a scraper sees them."""

    kind: str
    interval: int
    _parts: dict[str, list[Part]] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return f"{self.kind.replace(' ', '-')}-{self.interval}"

    @property
    def selector(self) -> str:
        return f'events_total{{counter="{self.name}"}}'

    def events(self, code: str) -> Events:
        """All events of a code since START."""

        def since_start(times: Ints) -> Ints:
            t = (times - START).astype(np.float64)
            if code == "200":
                return np.floor(t * (0.02 if self.kind == "sparse" else 5.0)).astype(np.int64)
            if self.kind in {"sparse", "expiring"}:
                return np.floor(t / 11160.0).astype(np.int64)
            if self.kind == "bursty":
                whole, part = np.divmod(t, 31.0 * HOUR)
                return (whole * 300 + np.floor(np.minimum(part, 600) / 2)).astype(np.int64)
            if self.kind == "newborn":
                return np.where(times < _BORN, 0, 5 + np.floor((times - _BORN) * 0.01)).astype(np.int64)
            return np.floor(t * 0.05).astype(np.int64)

        return since_start

    def true(self, code: str, start: int, end: int) -> float:
        """Events between the last scrapes before start and end: what any reader of the counter could know."""
        return float(sum(part.true(start, end) for part in self.parts(code)))

    def parts(self, code: str) -> list[Part]:
        if code not in self._parts:
            self._parts[code] = list(self._made(code))
        return self._parts[code]

    def series(self, code: str) -> Iterator[Series]:
        """What the engine holds: of each part, and of each copy of it."""
        for part in self.parts(code):
            shown = np.ones(len(part.scrapes), dtype=bool) if part.is_shown is None else part.is_shown
            times, values = part.scrapes[shown], part.values[shown]
            labels = {"counter": self.name, "code": code, **part.labels}
            if self.kind == "replicas":
                first = (times - START) % self.interval == self._offset
                yield labels | {"prometheus_replica": "a"}, times[first], values[first]
                yield labels | {"prometheus_replica": "b"}, times[~first], values[~first]
            elif self.kind == "relabelled":
                before = times < _RELABELLED
                yield labels, times[before], values[before]
                yield labels | {"zone": "eu"}, times[~before], values[~before]
            else:
                yield labels, times, values

    @property
    def _offset(self) -> int:
        return 3 * self.interval // 7

    def _grid(self, start: int = START, end: int = END + 1) -> Ints:
        """The scrapes between two times."""
        first = START + self._offset
        skip = max(0, -(-(start - first) // self.interval))
        return np.arange(first + skip * self.interval, end, self.interval, dtype=np.int64)

    def _made(self, code: str) -> Iterator[Part]:
        if self.kind in _FLEETS:
            yield from self._pods(code)
            return
        times, events = self._grid(), self.events(code)
        target = {"job": "shop", "instance": self.name}
        if self.kind == "replicas":
            times = np.sort(np.concatenate((times, times[:-1] + self.interval // 2)))
        if self.kind == "vanishing":
            times = times[times < _GONE]
        if self.kind == "gaps":
            times = times[(times - START) % (9 * HOUR) >= 20 * MINUTE]
        if self.kind == "collector":
            yield self._collector(code, target, times)
            return
        values, shown = events(times), None
        if self.kind == "restarting":
            values = values - events(START + (times - START) // _RESTART * _RESTART)
        if self.kind == "newborn" and code == "500":
            shown = times >= _BORN
        if self.kind == "expiring" and code == "500":
            shown = (values > 0) & (events(times - _EXPIRY) < values)
        if self.kind == "second cluster":
            target |= {"cluster": "a"}
            second = self._grid(_ONBOARDED) + self.interval // 3
            yield Part(
                target | {"cluster": "b"}, second[second <= END], events, events(second[second <= END]) + 900_000
            )
        yield Part(target, times, events, values, is_shown=shown)

    def _collector(self, code: str, target: Mapping[str, str], times: Ints) -> Part:
        """Nothing happens, and nothing is scraped, while it is down."""
        plain = self.events(code)

        def events(at: Ints) -> Ints:
            runs, within = np.divmod(at - START, _COLLECTOR)
            return plain(at - (runs * _DOWN + np.minimum(within, _DOWN)))

        starts = START + (times - START) // _COLLECTOR * _COLLECTOR + _DOWN
        up = times >= starts
        times, starts = times[up], starts[up]
        return Part(target, times, events, events(times) - events(starts), started=starts)

    def _pods(self, code: str) -> Iterator[Part]:
        """Each pod has its own twentieth of the load, from its start on."""
        for name, start, end in self._lives():
            times = self._grid(start, end)
            rate = 0.25 if code == "200" else 0.0025

            def events(at: Ints, start: int = start, rate: float = rate) -> Ints:
                return np.floor(np.maximum(at - start, 0) * rate).astype(np.int64)

            started = np.full(len(times), start) if self.kind == "deploys" else None
            labels = {"job": "shop", "instance": f"{self.name}-{name}"}
            yield Part(labels, times, events, events(times), born=start, started=started)

    def _lives(self) -> Iterator[tuple[str, int, int]]:
        """(pod, when it starts, when it ends)."""
        for day in range(DAYS + 1):
            for pod in range(20):
                begin = START + day * DAY
                if self.kind == "deploys":
                    for part in range(4):
                        start = begin + part * 6 * HOUR + pod * 50 + 13
                        yield f"{day}-{part}-{pod}", start, min(start + 6 * HOUR, END + 1)
                elif pod < 2:
                    if day == 0:
                        yield f"{pod}", begin + 7, END + 1
                else:  # the more pods there are, the later the next one comes and the earlier it leaves
                    yield f"{day}-{pod}", begin + 6 * HOUR + pod * 600 + 29, begin + 20 * HOUR - pod * 500


@cache
def counters() -> tuple[Counter, ...]:
    return tuple(Counter(kind, interval) for kind in KINDS for interval in intervals(kind))


def intervals(kind: str) -> tuple[int, ...]:
    """Seconds between scrapes. Few scrapes of many counters keep the run short."""
    return (120,) if kind in _FLEETS else (5, 60, 120) if kind in _DENSE else (60, 120)


def exposition(*, milliseconds: bool) -> Iterator[str]:
    """All samples as text, one metric after another; VictoriaMetrics wants milliseconds."""
    zeros = "000" if milliseconds else ""
    starts: list[str] = []
    scraped: list[str] = []
    if not milliseconds:
        yield "# TYPE events counter\n"
    for counter in counters():
        for code in CODES:
            for labels, times, values in counter.series(code):
                yield _lines("events_total", labels, times, values, zeros)
        for part in counter.parts("200"):
            scraped += [
                _lines("up", labels, times, np.ones_like(times), zeros) for labels, times in _ups(counter, part)
            ]
            if part.started is not None:
                starts.append(_lines("process_start_time_seconds", part.labels, part.scrapes, part.started, zeros))
    for name, texts in (("up", scraped), ("process_start_time_seconds", starts)):
        if not milliseconds:
            yield f"# TYPE {name} gauge\n"
        yield from texts


def _ups(counter: Counter, part: Part) -> Iterator[tuple[Mapping[str, str], Ints]]:
    """`up` of a target, with the labels that the target has."""
    own = ("prometheus_replica", "zone")
    for labels, times, _ in counter.series("200"):
        if labels["instance"] == part.labels["instance"] and labels.get("cluster") == part.labels.get("cluster"):
            yield {**part.labels, **{name: labels[name] for name in own if name in labels}}, times


def _lines(name: str, labels: Mapping[str, str], times: Ints, values: Ints, zeros: str) -> str:
    matched = ",".join(f'{key}="{value}"' for key, value in labels.items())
    series = f"{name}{{{matched}}}"
    pairs = zip(times.tolist(), values.tolist(), strict=True)
    return "".join(f"{series} {value} {time}{zeros}\n" for time, value in pairs)
