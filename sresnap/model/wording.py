"""The texts of the review: what its rules say, and how times and amounts are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ONE, OTHER = "one", "other"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language, as `presets/review.yaml` has them."""

    rules: Mapping[str, Mapping[str, str]]
    """By rule and form, in the order of the sentences; `{placeholder}` is filled in."""
    words: Mapping[str, str]
    """By name; of an amount by name and number: `hours.one`, `hours.other`."""
    months: tuple[str, ...]
    """Their names."""
    dropped_first: tuple[str, ...]
    """Rules that say less where there is too much to say, in this order."""
    off: frozenset[str] = frozenset()
    """Rules that the team switched off."""

    def amount(self, name: str, number: int, shown: str) -> str:
        """An amount with its noun: `3 hours`."""
        return self.words[f"{name}.{ONE if number == 1 else OTHER}"].format(n=shown)
