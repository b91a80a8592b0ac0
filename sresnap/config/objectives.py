"""Resolves an objective: the series of its SLI, how it is measured, and its windows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sresnap import promql
from sresnap.config.presets import LocatedTemplate, templates
from sresnap.config.query_sets import QuerySet
from sresnap.config.shapes.services import SloShape
from sresnap.config.slices import sliced
from sresnap.config.source import KeyPath, Source
from sresnap.errors import Mistake
from sresnap.model.query import LatencyUnit
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, SliSeries, Slo
from sresnap.model.slug import scope_part
from sresnap.model.windows import CalendarUnit, CalendarWindow, SloWindow, Window


def has_sli(queries: Collection[str]) -> bool:
    """Whether an SLI can be made from queries of these keys."""
    return "availability" in queries or ("total" in queries and ("good" in queries or "bad" in queries))


def slo_window(name: float | CalendarUnit, timezone: str) -> SloWindow:
    """A window as the file gives it."""
    return CalendarWindow(name, timezone) if isinstance(name, CalendarUnit) else Window(int(name))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The query keys of an SLI. An SLI without `total` is weighted by time."""

    total: str | None
    part: str


@dataclass(frozen=True, slots=True)
class ObjectiveSettings:
    """The parts of a configuration that every objective is resolved with."""

    source: Source
    windows: Sequence[SloWindow]
    """For an objective that names none."""
    timezone: str


@dataclass(frozen=True, slots=True)
class ObjectiveContext:
    """The same, with the queries of the objective's service."""

    settings: ObjectiveSettings
    queries: QuerySet


@dataclass(frozen=True, slots=True)
class ResolvedObjective:
    """One entry of `slos`, resolved."""

    slos: tuple[Slo, ...] = ()
    """One SLO per window, the first with the plain name; empty when there is a mistake."""
    series: Mapping[SeriesKey, SliSeries] = field(default_factory=dict)
    """By key, the series that its SLI is made from."""
    queries: tuple[LocatedTemplate, ...] = ()
    """Queries that the objective defines for itself."""
    mistakes: tuple[Mistake, ...] = ()


def resolve_objective(context: ObjectiveContext, service: str, shape: SloShape, path: KeyPath) -> ResolvedObjective:
    """Resolve an entry of `slos`, or the objective that `slo_target` is short for."""
    return _Resolver(context, service, shape, path).resolve()


@dataclass
class _Resolver:
    """Resolves one objective and collects its mistakes."""

    context: ObjectiveContext
    service: str
    shape: SloShape
    path: KeyPath
    mistakes: list[Mistake] = field(default_factory=list)
    series: dict[SeriesKey, SliSeries] = field(default_factory=dict)

    def resolve(self) -> ResolvedObjective:
        path = (*self.path, "queries")
        given, context = self.shape.queries or {}, self.context
        forms, source = context.queries.preset.forms, context.settings.source
        own, mistakes = templates(given, forms, source, line_in_origin=True, path=path)
        if mistakes:
            return ResolvedObjective(mistakes=tuple(mistakes))
        parts = self._parts(own)
        slo = None if parts is None else self._slo(parts, {**context.queries.merged, **own}, bool(own))
        timezone = context.settings.timezone
        windows = [slo_window(name, timezone) for name in self.shape.window or ()] or context.settings.windows
        slos = [] if slo is None else [_over(slo, window, is_first=i == 0) for i, window in enumerate(windows)]
        return ResolvedObjective(tuple(slos), self.series, tuple(own.values()), tuple(self.mistakes))

    def _mistake(self, key: str, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.context.settings.source.mistake((*self.path, key), expected, found, suggestion))

    def _parts(self, own: Mapping[str, LocatedTemplate]) -> _Parts | None:
        """The queries to use. The objective's own come first, then the nearest of the file, then the preset's."""
        merged = {**self.context.queries.merged, **own}
        if self.shape.latency_threshold is not None and not self._is_by_slo(merged):
            return self._latency_parts(merged)
        layers = (own, *self.context.queries.layers, merged)
        if self.shape.kind == "time":
            parts = _Parts(None, "availability") if "availability" in merged else None
        else:
            parts = _first(layers, merged, only_events=self.shape.kind is not None)
        if parts is None and self.context.queries.known:
            self._report_missing(own)
        return parts

    def _is_by_slo(self, merged: Mapping[str, LocatedTemplate]) -> bool:
        """Whether a query selects the events of each objective by its name, as the preset `recorded` does."""
        return "total" in merged and "slo" in _placeholders(merged["total"]) and "latency_good" not in merged

    def _latency_parts(self, merged: Mapping[str, LocatedTemplate]) -> _Parts | None:
        if self.shape.kind == "time":
            self._mistake("kind", "occurrences or timeslices, because latency_threshold counts requests", "time")
            return None
        missing = [key for key in ("total", "latency_good") if key not in merged]
        if not missing:
            return _Parts("total", "latency_good")
        if self.context.queries.known:
            expected = f"a query {' and a query '.join(missing)} for a latency objective"
            advice = f"add {missing[-1]} to `queries`, or remove this objective"
            self._mistake("latency_threshold", expected, "no such query in queries or provider", advice)
        return None

    def _report_missing(self, own: Mapping[str, LocatedTemplate]) -> None:
        if own:
            self._mistake("queries", "`total` with `good` or `bad`, or `availability`", ", ".join(own))
        elif self.shape.kind == "time":
            self._mistake("kind", "a query `availability`, which an SLI weighted by time needs", "no such query")
        elif self.shape.kind is not None:
            found = "no such query in queries or provider"
            self._mistake("kind", f"queries `total` with `good` or `bad` for {self.shape.kind}", found)

    def _slo(self, parts: _Parts, merged: Mapping[str, LocatedTemplate], is_own: bool) -> Slo | None:
        # Through the decimal text, so that 99.9 is 0.999 and not 0.9990000000000001.
        objective = float(Decimal(str(self.shape.objective)) / 100)
        name, threshold = self.shape.name, self.shape.latency_threshold
        if self.shape.slice is not None and self.shape.kind != "timeslices":
            self._mistake("slice", "`kind: timeslices` beside it", self.shape.kind or "no kind")
            return None
        part = self._series(merged[parts.part], parts.part, is_own=is_own)
        if parts.total is None:
            self.series[part.key] = part
            return Slo(name, objective, Basis.TIME, None, part.key, None)
        total = self._series(merged[parts.total], parts.total, is_own=is_own)
        if self.shape.kind == "timeslices":
            return self._timeslices(total, part, objective)
        self.series |= {total.key: total, part.key: part}
        good, bad = (None, part.key) if parts.part == "bad" else (part.key, None)
        return Slo(name, objective, Basis.EVENTS, total.key, good, bad, threshold)

    def _series(self, located: LocatedTemplate, key: str, *, is_own: bool) -> SliSeries:
        variables: dict[str, str] = {}
        scope = threshold = None
        if is_own:
            scope = f"{scope_part(self.service, 'service')}.{scope_part(self.shape.name, 'slo')}"
        elif "slo" in _placeholders(located):
            scope = scope_part(self.shape.name, "slo")
        if "slo" in _placeholders(located):
            variables["slo"] = self.shape.name
        if key == "latency_good" and self.shape.latency_threshold is not None:
            # The history has it in seconds, the query as the source has it.
            threshold = LatencyUnit.SECONDS.written(self.shape.latency_threshold)
            unit = located.template.unit or LatencyUnit.SECONDS
            variables["threshold"] = unit.written(self.shape.latency_threshold)
        series_key = SeriesKey(key, scope, threshold)
        return SliSeries(series_key, located.template, variables, percent=key == "availability")

    def _timeslices(self, total: SliSeries, part: SliSeries, objective: float) -> Slo:
        shape = self.shape.slice
        seconds = 300 if shape is None else int(shape.length)
        target = objective
        if shape is not None and shape.target is not None:
            target = float(Decimal(str(shape.target)) / 100)
        every, good = sliced(total, part, seconds, target)
        self.series |= {every.key: every, good.key: good}
        return Slo(
            self.shape.name,
            objective,
            Basis.SLICES,
            every.key,
            good.key,
            None,
            self.shape.latency_threshold,
            slice_seconds=seconds,
            slice_target=target,
        )


def _first(
    layers: Sequence[Mapping[str, LocatedTemplate]], merged: Mapping[str, LocatedTemplate], *, only_events: bool
) -> _Parts | None:
    """The events of the nearest layer, or its `availability`.

    The nearer of good and bad is used. Where one layer has both, good is used, because a series of errors that appears
    with its first error misses that error.
    """
    for layer in layers:
        sides = [key for key in ("good", "bad") if key in merged]
        sides.sort(key=lambda key: next(index for index, near in enumerate(layers) if key in near))
        if "total" in layer and any(side in layer for side in sides):
            return _Parts("total", sides[0])
        if "availability" in layer and not only_events:
            return _Parts(None, "availability")
    return None


def _placeholders(located: LocatedTemplate) -> Collection[str]:
    try:
        return promql.placeholders(located.template.promql)
    except promql.TemplateError:
        return ()  # reported where queries are checked


def _over(slo: Slo, window: SloWindow, *, is_first: bool) -> Slo:
    return replace(slo, name=slo.name if is_first else f"{slo.name}-{window.name}", window=window)
