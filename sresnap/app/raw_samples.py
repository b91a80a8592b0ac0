"""Raw samples of the counters of a service, with what is known of their targets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sresnap import promql
from sresnap.compute.counting import COARSE_STEP, START_TIME, UP, Counted, Processes, count, union
from sresnap.model.history import Span
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Run
from sresnap.model.raw import RawSeries
from sresnap.model.series import Grid
from sresnap.model.windows import DAY, MINUTE, floor
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError

BEFORE = 10 * MINUTE
"""Samples are read from this long before a span on, to know the last one before it."""
_MAX_SPLITS = 3
"""How often a span is halved: into eight parts of a day."""
_LATER = "until the next build continues, counts have wider bounds or are unknown"


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of a span."""

    series: Mapping[str, tuple[RawSeries, ...]]
    """By selector."""
    processes: Processes
    coarse_until: float
    """Before this time, samples are on a coarse grid."""
    replica_labels: Sequence[str]
    """Labels in which copies of one counter differ."""
    runs: tuple[Run, ...]

    def count(self, selected: Sequence[str], around: Sequence[str], labels: Mapping[str, str]) -> Counted:
        """The counts of the series with some labels; of all of them without any.

        Each selector is counted on its own: a series of one metric never continues a series of another.

        Args:
            selected: selectors of what is counted.
            around: selectors of counters of the same targets.
            labels: of the series that count.
        """

        def of(text: str) -> list[RawSeries]:
            return [one for one in self.series[text] if all(one.labels.get(name) == labels[name] for name in labels)]

        others = [one for text in around for one in of(text)]
        counted = (count(of(text), others, self.processes, self.coarse_until, self.replica_labels) for text in selected)
        return Counted(tuple(steps for one in counted for steps in one.steps))


@dataclass
class Reader:
    """Reads raw samples, up to a limit."""

    client: PrometheusClient
    until: float
    """When to stop, by the event loop's clock."""
    limit: int
    """The most samples to read."""
    replica_labels: Sequence[str] = ()
    """Labels in which copies of one counter differ."""
    samples: int = 0
    """How many were read."""

    async def read(self, selectors: Iterable[str], span: Span) -> Samples:
        """The samples of some selectors.

        The day before the span is read, on a coarse grid, only if a series that appears in the span was there before.

        Raises:
            QueryError: a request failed, or more samples would be needed than the limit allows.
        """
        runs: list[Run] = []
        found = {selector: await self._raw(selector, span, runs) for selector in sorted(selectors)}
        everything = [series for each in found.values() for series in each]
        most_bytes = self.client.longest_query
        of_processes = _processes(everything, most_bytes)
        processes = [one for selector in of_processes for one in await self._raw(selector, span, runs)]
        new = [series for series in everything if series.times[0] > span.start + BEFORE]
        if not new or not any([await self._returns(selector, span, new, runs) for selector in found]):
            return self._samples(found, processes, float("-inf"), runs)
        earlier = {selector: await self._day_before(selector, span, runs) for selector in found}
        joined = {selector: _joined(earlier[selector], found[selector]) for selector in found}
        targets = [series for each in joined.values() for series in each]
        starts = _processes(targets, most_bytes, START_TIME)
        before = [one for selector in starts for one in await self._day_before(selector, span, runs)]
        return self._samples(joined, _joined(before, processes), float(span.start), runs)

    def _samples(
        self,
        series: Mapping[str, tuple[RawSeries, ...]],
        processes: Iterable[RawSeries],
        coarse_until: float,
        runs: Iterable[Run],
    ) -> Samples:
        of_targets = Processes.of(union(processes, self.replica_labels))
        return Samples(series, of_targets, coarse_until, self.replica_labels, tuple(runs))

    async def _raw(
        self, selector: str, span: Span, runs: list[Run], splits: int = _MAX_SPLITS
    ) -> tuple[RawSeries, ...]:
        """The samples of a selector. A span that the server refuses as too large is read in halves."""
        self._check_limit()
        text, grid = f"{selector}[{span.end - span.start}s]", Grid.instant(span.end)
        try:
            answer = await self.client.samples(selector, span, until=self.until)
        except QueryError as error:
            if not error.splittable or not splits:
                raise
            runs.append(Run(text, grid, 0, 0.0, failure=error.as_failure()))
            middle = (span.start + span.end) // 2
            halves = (Span(span.start, middle), Span(middle, span.end))
            before, after = [await self._raw(selector, half, runs, splits - 1) for half in halves]
            return _joined(before, after)
        self.samples += sum(len(series.times) for series in answer.series)
        runs.append(Run(text, grid, len(answer.series), 0.0, answer.warnings, answer.infos))
        return tuple(series for series in answer.series if len(series.times))

    async def _returns(self, selector: str, span: Span, new: Iterable[RawSeries], runs: list[Run]) -> bool:
        """Whether one of the new series was there in the day before, under these labels, more or fewer."""
        text, grid = f"last_over_time({selector}[1d])", Grid.instant(span.start)
        answer = await self.client.query(text, span.start, until=self.until)
        runs.append(Run(text, grid, len(answer.series), answer.seconds, answer.warnings, answer.infos))
        present = [_identity(series.labels) for series in new]
        known = [_identity(series.labels) for series in answer.series]
        return any(old <= one or old >= one for old in known for one in present)

    async def _day_before(self, selector: str, span: Span, runs: list[Run]) -> tuple[RawSeries, ...]:
        self._check_limit()
        end = floor(span.start, COARSE_STEP)  # VictoriaMetrics answers only for multiples of the step
        grid = Grid.spanning(end - DAY, end, COARSE_STEP)
        answer = await self.client.query_range(selector, grid, until=self.until)
        runs.append(Run(selector, grid, len(answer.series), answer.seconds, answer.warnings, answer.infos))
        self.samples += len(answer.series) * grid.count
        return tuple(RawSeries.on_grid(series) for series in answer.series)

    def _check_limit(self) -> None:
        if asyncio.get_running_loop().time() >= self.until:
            message = f"no time was left to read raw samples (prometheus.deadline); {_LATER}"
            raise QueryError(ProblemKind.DEADLINE, message)
        if self.samples >= self.limit:
            message = f"more than {self.limit} raw samples are needed to count this build's restarts and births"
            raise QueryError(ProblemKind.REFUSED, f"{message} (prometheus.raw_samples); {_LATER}")


def _processes(series: Iterable[RawSeries], most_bytes: int, *names: str) -> list[str]:
    """Selectors of `up` and of start times, for the targets of some series, each within `most_bytes`."""
    instances = sorted({one.labels["instance"] for one in series if "instance" in one.labels})
    return _of_instances(instances, "|".join(names or (UP, START_TIME)), most_bytes)


def _of_instances(instances: Sequence[str], names: str, most_bytes: int) -> list[str]:
    if not instances:
        return []
    alternatives = "|".join(re.escape(name) for name in instances)
    text = f'{{__name__=~"{names}", instance=~{promql.quote(alternatives)}}}'
    if len(instances) == 1 or len(text.encode()) <= most_bytes:
        return [text]
    middle = len(instances) // 2
    halves = (instances[:middle], instances[middle:])
    return [text for half in halves for text in _of_instances(half, names, most_bytes)]


def _identity(labels: Mapping[str, str]) -> set[tuple[str, str]]:
    return {item for item in labels.items() if item[0] != "__name__"}


def _joined(before: Sequence[RawSeries], after: Sequence[RawSeries]) -> tuple[RawSeries, ...]:
    """Series with their earlier samples, and those that have only such."""
    rest = {frozenset(series.labels.items()): series for series in before}
    joined = [series.after(rest.pop(frozenset(series.labels.items()), None)) for series in after]
    return (*joined, *rest.values())
