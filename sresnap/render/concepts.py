"""The terms: tooltips, the primer and the tour, all from `site/concepts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sresnap.resources import bundled


@dataclass(frozen=True, slots=True)
class Term:
    """A word that explains itself."""

    key: str
    title: str
    short: str
    """The tooltip."""
    more: str | None = None
    formula: str | None = None
    example: str | None = None
    """The name of a function of `examples`."""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms that belong together, in the order in which they are best read."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TourStep:
    """What is said of a panel."""

    panel: str
    text: str


@dataclass(frozen=True, slots=True)
class Primer:
    """All that is in the file."""

    groups: tuple[TermGroup, ...]
    tour: tuple[TourStep, ...]

    @property
    def by_key(self) -> Mapping[str, Term]:
        return {term.key: term for group in self.groups for term in group.terms}


def load_primer() -> Primer:
    """The shipped file; a mistake in it is ours and raises."""
    path = bundled("site") / "concepts.yaml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Primer:
    import yaml

    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = tuple(
        TermGroup(group["title"], tuple(Term(**term) for term in group["terms"])) for group in found["groups"]
    )
    return Primer(groups, tuple(TourStep(step["for"], step["text"]) for step in found["tour"]))
