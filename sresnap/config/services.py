"""Services and their objectives: which series each SLI is made from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from sresnap.config.checked import Checked
from sresnap.config.fields import nearest
from sresnap.config.schema import FileShape, ServiceShape, SloShape
from sresnap.config.source import KeyPath
from sresnap.errors import Mistake
from sresnap.model.service import Basis, Service, Slo

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


@dataclass
class Services:
    """Resolves the services of a file, and gathers what goes wrong."""

    checked: Checked[FileShape]
    own: Collection[str]
    """Query keys that the user's file defines."""
    merged: Collection[str]
    """Query keys of the user's file over the preset's."""
    preset_known: bool
    """False: the preset could not be read, so nothing can be said about missing queries."""
    mistakes: list[Mistake] = field(default_factory=list)

    def resolve(self) -> tuple[tuple[Service, KeyPath], ...]:
        """The services that are right, each with its place in the file."""
        self._check_list()
        slo = self._availability(Decimal(50))
        if slo is None and self.preset_known:
            expected = "queries to make an SLI from: `total` with `good` or `bad`, or `availability`"
            self._mistake(("queries",), expected, f"none, neither here nor in provider {self.checked.shape.provider}")
        found: dict[str, KeyPath] = {}
        slugs: set[str] = set()
        services = []
        for index, shape in enumerate(self.checked.shape.services):
            path: KeyPath = ("services", self.checked.position(("services",), index))
            if shape.name in found:
                twin = found[shape.name][1]
                self._mistake(
                    (*path, "name"), "a name of its own", f'"{shape.name}", as services[{twin}] has', "rename one"
                )
                continue
            found[shape.name] = path
            if slug(shape.name) in slugs:
                self._mistake((*path, "name"), "a name whose folder is free", f'"{slug(shape.name)}"', "rename one")
            slugs.add(slug(shape.name))
            labels = {"service": shape.name, **(shape.labels or {})}
            services.append((Service(shape.name, slug(shape.name), labels, self._slos(shape, path)), path))
        self._check_default()
        return tuple(services)

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.checked.source.mistake(path, expected, found, suggestion))

    def _check_list(self) -> None:
        if "services" not in self.checked.source.data or self.checked.source.data["services"] is None:
            self._mistake(
                ("services",),
                "a list of at least one service",
                "nothing",
                "add `services: [{name: …, slo_target: 99.9}]`",
            )

    def _check_default(self) -> None:
        """Against the names as written: a service with a mistake of its own may be the one that is meant."""
        name = self.checked.shape.default_service
        listed = self.checked.source.data.get("services")
        names = [
            self.checked.source.texts.get(("services", index, "name"), "")
            for index in range(len(listed) if isinstance(listed, list) else 0)
        ]
        if name is not None and names and name not in names:
            self._mistake(
                ("default_service",), f"one of the services {_some(names)}", f'"{name}"', nearest(name, names)
            )

    def _slos(self, shape: ServiceShape, path: KeyPath) -> tuple[Slo, ...]:
        given = self.checked.source.data["services"][path[1]]
        both = given.get("slos") is not None
        if (given.get("slo_target") is not None) == both:
            found = "both" if both else "neither"
            self._mistake(
                path,
                "either `slo_target` or `slos`",
                found,
                "keep one" if both else "add `slo_target: 99.9`",
            )
        short = [SloShape(name="availability", objective=shape.slo_target)] if shape.slo_target is not None else []
        slos: dict[str, Slo] = {}
        for index, slo in enumerate(shape.slos or short):
            where = (*path, "slos", self.checked.position((*path, "slos"), index))
            if slo.name in slos:
                self._mistake(
                    (*where, "name"), "a name of its own in this service", f'"{slo.name}" again', "rename one"
                )
            resolved = self._slo(slo, where)
            if resolved:
                slos.setdefault(slo.name, resolved)
        return tuple(slos.values())

    def _slo(self, shape: SloShape, path: KeyPath) -> Slo | None:
        # By way of the decimal text, so that 99.9 is 0.999 and not 0.9990000000000001.
        percent = Decimal(str(shape.objective))
        if shape.latency_threshold is None:
            slo = self._availability(percent)
            return slo and Slo(shape.name, slo.objective, slo.basis, slo.total, slo.good, slo.bad)
        missing = [key for key in ("total", "latency_good") if key not in self.merged]
        if missing:
            if self.preset_known:
                expected = f"a query {' and a query '.join(missing)} for a latency objective"
                self._mistake(
                    (*path, "latency_threshold"),
                    expected,
                    "none in queries or provider",
                    f"add {missing[-1]} to `queries`, or remove this objective",
                )
            return None
        seconds = shape.latency_threshold
        # As Prometheus 3 writes every bound of a histogram: 1.0, 0.3.
        good = f"latency_good@{repr(seconds).removesuffix('.0')}"
        return Slo(shape.name, float(percent / 100), Basis.EVENTS, "total", good, None, seconds)

    def _availability(self, percent: Decimal) -> Slo | None:
        """What the availability SLI is made from. What the user defines goes before what the preset does."""
        objective = float(percent / 100)
        for layer in (self.own, self.merged):
            sides = [key for key in ("bad", "good") if key in self.merged]
            sides.sort(key=lambda key: key not in self.own)
            if "total" in layer and any(side in layer for side in sides):
                good = "good" if sides[0] == "good" else None
                return Slo("availability", objective, Basis.EVENTS, "total", good, None if good else "bad")
            if "availability" in layer:
                return Slo("availability", objective, Basis.TIME, None, "availability", None)
        return None


def _some(names: Collection[str]) -> str:
    """The first names of a long list."""
    most = 10
    return ", ".join(list(names)[:most]) + ("…" if len(names) > most else "")
