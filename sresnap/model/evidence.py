"""What exists in Prometheus of what a query selects, by which an empty answer means zero or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class LabelValues:
    """The values of a label that bad or good events are chosen by."""

    label: str
    takes: tuple[str, ...]
    leaves: tuple[str, ...]
    missed: tuple[str, ...] = ()
    """The values in `leaves` that look like errors, and that no matcher excludes by name."""
    mistaken: tuple[str, ...] = ()
    """Of good events: the values in `takes` that look like errors, and that no matcher names."""
    unmet: tuple[str, ...] = ()
    """Matchers that no series meets, and that keep the query from taking what it misses."""

    def __str__(self) -> str:
        takes = f"takes {_listed(self.takes)}" if self.takes else "takes none"
        return f"{self.label}: {takes}; not {_listed(self.leaves)}" if self.leaves else f"{self.label}: {takes}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What exists of what a query selects for a service."""

    lack: str | None = None
    """Why an empty answer is unknown: there is no such metric, label or bucket. None: an empty answer means zero."""
    labels: tuple[LabelValues, ...] = ()
    has_failed: bool = False
    """Whether a request failed, so that the lack may be gone next time."""

    @property
    def missed(self) -> str | None:
        """One sentence about values that look like errors and that the query takes wrongly; None without any."""
        mistaken = [each for each in self.labels if each.mistaken]
        if mistaken:
            names = " and ".join(f"{each.label} has {_listed(each.mistaken)}" for each in mistaken)
            label = mistaken[0].label
            advice = f'exclude them with {label}!="…", or name all values that are good with {label}=~"…"'
            return f"{names}, which look like errors and which the query counts as good: {advice}"
        found = [each for each in self.labels if each.missed]
        if not found:
            return None
        names = " and ".join(f"{each.label} has {_listed(each.missed)}" for each in found)
        unmet = dict.fromkeys(matcher for each in found for matcher in each.unmet)
        if unmet:
            why = f"the query does not take, as no series has {_listed(tuple(unmet))}: correct that matcher"
            return f"{names}, which look like errors and which {why}"
        advice = f'add them to the query, or exclude them by name with {found[0].label}!="…"'
        return f"{names}, which look like errors and which the query does not take: {advice}"


def _listed(values: Sequence[str]) -> str:
    shown = ", ".join(values[:_SHOWN])
    return f"{shown} and {len(values) - _SHOWN} more" if len(values) > _SHOWN else shown
