"""Reads `site/concepts.yaml`: the terms of the tooltips and the primer, and the tour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sresnap.resources import bundled, bundled_yaml


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its explanation."""

    key: str
    title: str
    short: str
    """The tooltip."""
    more: str | None = None
    formula: str | None = None
    example: str | None = None
    """The name of a function in `panels/examples.py`."""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms that belong together, in reading order."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TourStep:
    """The tour's text for a panel."""

    panel: str
    text: str


@dataclass(frozen=True, slots=True)
class Primer:
    """The whole file."""

    groups: tuple[TermGroup, ...]
    tour: tuple[TourStep, ...]

    @property
    def by_key(self) -> Mapping[str, Term]:
        return {term.key: term for group in self.groups for term in group.terms}


def load_primer() -> Primer:
    """The shipped file. A mistake in it is a bug, so its error is not caught."""
    return _read((bundled("site") / "concepts.yaml").stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(_changed: int) -> Primer:
    found: dict[str, Any] = bundled_yaml("site", "concepts.yaml")
    groups = tuple(
        TermGroup(group["title"], tuple(Term(**term) for term in group["terms"])) for group in found["groups"]
    )
    return Primer(groups, tuple(TourStep(step["for"], step["text"]) for step in found["tour"]))
