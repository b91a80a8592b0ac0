"""Counters whose true counts are known: every kind that real services have, at every scrape interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time

END = parse_time("2026-03-01T00:00:00Z")
DAYS = 28
START = END - (DAYS + 1) * DAY
INTERVALS = (5, 15, 60, 120)
COUNTER_KINDS = ("steady", "sparse", "bursty", "restarting", "newborn", "vanishing", "gaps")
_RESTART = 37 * HOUR + 11 * MINUTE
_BORN = START + 20 * DAY + 1234
_GONE = END - 30 * HOUR


@dataclass(frozen=True, slots=True)
class Counter:
    """A service's good and bad events as a scraper sees them."""

    kind: str
    interval: int

    def events(self, code: str, times: np.ndarray) -> np.ndarray:
        """All events of a code since START, at some times."""
        t = (times - START).astype(np.float64)
        if code == "200":
            return np.floor(t * (0.02 if self.kind == "sparse" else 5.0))
        if self.kind == "sparse":
            return np.floor(t / 11160.0)
        if self.kind == "bursty":
            whole, part = np.divmod(t, 31.0 * HOUR)
            return whole * 300 + np.floor(np.minimum(part, 600) / 2)
        if self.kind == "newborn":
            return np.where(times < _BORN, 0, 5 + np.floor((times - _BORN) * 0.01))
        return np.floor(t * 0.05)

    def true(self, code: str, start: int, end: int) -> float:
        """Events between the last scrapes before start and end: what any reader of the counter could know."""
        gone = _GONE if self.kind == "vanishing" else END
        first, last = (self._last_scrape(min(time, gone)) for time in (start, end))
        return float(np.diff(self.events(code, np.array([first, last])))[0])

    def _last_scrape(self, time: int) -> int:
        offset = 3 * self.interval // 7
        return time - (time - offset) % self.interval

    def samples(self, code: str) -> tuple[np.ndarray, np.ndarray]:
        """Times and values as they were scraped."""
        times = np.arange(START + 3 * self.interval // 7, END + 1, self.interval)
        values = self.events(code, times)
        if self.kind == "restarting":
            restarts = START + (times - START) // _RESTART * _RESTART
            values = values - self.events(code, restarts)
        keep = np.ones(len(times), dtype=bool)
        if self.kind == "newborn" and code == "500":
            keep = times >= _BORN
        if self.kind == "vanishing":
            keep = times < _GONE
        if self.kind == "gaps":
            keep = (times - START) % (9 * HOUR) >= 20 * MINUTE
        return times[keep], values[keep]

    @property
    def selector(self) -> str:
        return f'events_total{{kind="{self.kind}",scrape="{self.interval}"}}'


def counters() -> list[Counter]:
    return [Counter(kind, interval) for kind in COUNTER_KINDS for interval in INTERVALS]


def exposition(*, milliseconds: bool) -> Iterator[str]:
    """All samples as text; VictoriaMetrics wants milliseconds."""
    scale = 1000 if milliseconds else 1
    for counter in counters():
        for code in ("200", "500"):
            target = f'job="shop",instance="{counter.kind}-{counter.interval}"'
            series = f'events_total{{{target},code="{code}",kind="{counter.kind}",scrape="{counter.interval}"}}'
            times, values = counter.samples(code)
            pairs = zip(times.tolist(), values.tolist(), strict=True)
            yield "".join(f"{series} {value:.0f} {time * scale}\n" for time, value in pairs)
