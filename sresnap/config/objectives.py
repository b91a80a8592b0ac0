"""One objective: which series its SLI is made from, how it is measured and over which windows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sresnap import promql
from sresnap.config.presets import Located, templates
from sresnap.config.schema import SloShape
from sresnap.config.slices import sliced
from sresnap.config.source import KeyPath
from sresnap.model.service import Basis, SliSeries, Slo
from sresnap.model.windows import CalendarUnit, CalendarWindow, SloWindow, Window

if TYPE_CHECKING:
    from sresnap.config.services import Services

_PLAIN_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9_-])?")
_SLUG_LENGTH = 48


def slug(name: str) -> str:
    """A service's folder: its name where that is safe everywhere, else its letters and a hash of the name.

    A function of the name alone, so that adding a service moves no other.
    """
    if _PLAIN_SLUG.fullmatch(name):
        return name
    cleaned = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_SLUG_LENGTH].strip("-")
    return f"{cleaned or 'service'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def has_sli(queries: Collection[str]) -> bool:
    """Whether an SLI can be made from queries of these keys."""
    return "availability" in queries or ("total" in queries and ("good" in queries or "bad" in queries))


def slo_window(name: float | CalendarUnit, timezone: str) -> SloWindow:
    """A window as it stands in the file."""
    return CalendarWindow(name, timezone) if isinstance(name, CalendarUnit) else Window(int(name))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The query keys that an SLI is made from; `total` is None when it is weighted by time."""

    total: str | None
    part: str


@dataclass
class Objective:
    """Resolves one entry of `slos`."""

    services: Services
    service: str
    shape: SloShape
    path: KeyPath

    def resolve(self) -> tuple[Slo, ...]:
        """One SLO a window, the first with the plain name; none when there is a mistake."""
        own, mistakes = templates(
            self.shape.queries or {},
            self.services.forms,
            self.services.checked.source,
            line_in_origin=True,
            path=(*self.path, "queries"),
        )
        self.services.mistakes += mistakes
        if mistakes:
            return ()
        self.services.of_objectives += [(located, self.service) for located in own.values()]
        parts = self._parts(own)
        if parts is None:
            return ()
        slo = self._slo(parts, {**self.services.merged, **own}, bool(own))
        if slo is None:
            return ()
        windows = [slo_window(name, self.services.timezone) for name in self.shape.window or ()]
        return tuple(
            _over(slo, window, is_first=index == 0) for index, window in enumerate(windows or self.services.windows)
        )

    def _mistake(self, key: str, expected: str, found: str, suggestion: str | None = None) -> None:
        self.services.mistakes.append(
            self.services.checked.source.mistake((*self.path, key), expected, found, suggestion)
        )

    def _parts(self, own: Mapping[str, Located]) -> _Parts | None:
        """Which queries are taken. What stands nearer goes first: the objective's own, the file's, the preset's."""
        merged = {**self.services.merged, **own}
        if self.shape.latency_threshold is not None and not self._is_by_slo(merged):
            return self._latency_parts(merged)
        layers = (own, self.services.own, merged)
        if self.shape.kind == "time":
            parts = _Parts(None, "availability") if "availability" in merged else None
        else:
            parts = _first(layers, merged, only_events=self.shape.kind is not None)
        if parts is None and self.services.preset_known:
            self._tell_missing(own)
        return parts

    def _is_by_slo(self, merged: Mapping[str, Located]) -> bool:
        """Whether the events of each objective are told apart by its name, as the preset `recorded` does."""
        return "total" in merged and "slo" in _placeholders(merged["total"]) and "latency_good" not in merged

    def _latency_parts(self, merged: Mapping[str, Located]) -> _Parts | None:
        if self.shape.kind == "time":
            self._mistake("kind", "occurrences or timeslices, as there is a latency_threshold", "time")
            return None
        missing = [key for key in ("total", "latency_good") if key not in merged]
        if not missing:
            return _Parts("total", "latency_good")
        if self.services.preset_known:
            expected = f"a query {' and a query '.join(missing)} for a latency objective"
            advice = f"add {missing[-1]} to `queries`, or remove this objective"
            self._mistake("latency_threshold", expected, "none in queries or provider", advice)
        return None

    def _tell_missing(self, own: Mapping[str, Located]) -> None:
        if own:
            self._mistake("queries", "`total` with `good` or `bad`, or `availability`", ", ".join(own))
        elif self.shape.kind == "time":
            self._mistake("kind", "a query `availability` for an SLI that is weighted by time", "none")
        elif self.shape.kind is not None:
            found = "none in queries or provider"
            self._mistake("kind", f"queries `total` with `good` or `bad` for {self.shape.kind}", found)

    def _slo(self, parts: _Parts, merged: Mapping[str, Located], is_own: bool) -> Slo | None:
        # By way of the decimal text, so that 99.9 is 0.999 and not 0.9990000000000001.
        objective = float(Decimal(str(self.shape.objective)) / 100)
        name, threshold = self.shape.name, self.shape.latency_threshold
        if self.shape.slice is not None and self.shape.kind != "timeslices":
            self._mistake("slice", "`kind: timeslices` beside it", self.shape.kind or "no kind")
            return None
        part = self._series(merged[parts.part], parts.part, is_own=is_own)
        if parts.total is None:
            self.services.series[part.key] = part
            return Slo(name, objective, Basis.TIME, None, part.key, None)
        total = self._series(merged[parts.total], parts.total, is_own=is_own)
        if self.shape.kind == "timeslices":
            return self._timeslices(total, part, objective)
        self.services.series |= {total.key: total, part.key: part}
        good, bad = (None, part.key) if parts.part == "bad" else (part.key, None)
        return Slo(name, objective, Basis.EVENTS, total.key, good, bad, threshold)

    def _series(self, located: Located, key: str, *, is_own: bool) -> SliSeries:
        variables: dict[str, str] = {}
        scope = at = ""
        if is_own:
            scope = f"#{slug(self.service)}.{slug(self.shape.name)}"
        elif "slo" in _placeholders(located):
            scope = f"#{slug(self.shape.name)}"
        if "slo" in _placeholders(located):
            variables["slo"] = self.shape.name
        if key == "latency_good" and self.shape.latency_threshold is not None:
            # As Prometheus 3 writes every bound of a histogram: 1.0, 0.3.
            variables["threshold"] = repr(self.shape.latency_threshold).removesuffix(".0")
            at = f"@{variables['threshold']}"
        return SliSeries(f"{key}{scope}{at}", located.template, variables, percent=key == "availability")

    def _timeslices(self, total: SliSeries, part: SliSeries, objective: float) -> Slo:
        shape = self.shape.slice
        seconds = 300 if shape is None else int(shape.length)
        target = objective
        if shape is not None and shape.target is not None:
            target = float(Decimal(str(shape.target)) / 100)
        every, good = sliced(total, part, part.key, seconds, target)
        self.services.series |= {every.key: every, good.key: good}
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
    layers: tuple[Mapping[str, Located], ...], merged: Mapping[str, Located], *, only_events: bool
) -> _Parts | None:
    """Events of the nearest layer, or its `availability`.

    Of good and bad the nearer is taken; of two from the same place good, because a series of errors that is born at
    its first error misses that one.
    """
    for layer in layers:
        sides = [key for key in ("good", "bad") if key in merged]
        sides.sort(key=lambda key: next(index for index, near in enumerate(layers) if key in near))
        if "total" in layer and any(side in layer for side in sides):
            return _Parts("total", sides[0])
        if "availability" in layer and not only_events:
            return _Parts(None, "availability")
    return None


def _placeholders(located: Located) -> Collection[str]:
    try:
        return promql.placeholders(located.template.promql)
    except promql.TemplateError:
        return ()  # said where queries are checked


def _over(slo: Slo, window: SloWindow, *, is_first: bool) -> Slo:
    return replace(slo, name=slo.name if is_first else f"{slo.name}-{window.name}", window=window)
