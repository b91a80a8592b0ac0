"""What a source may do that its numbers do not show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trap:
    """Something about a source that leads to a wrong or a missing number, and the series that show it.

    It is there where `present` finds series, `absent` finds none, and `several` has more than one value.
    """

    text: str
    """What it is and what to do, in one or two sentences."""
    present: str
    """A selector."""
    absent: str | None = None
    """A selector."""
    several: str | None = None
    """A label of what `present` finds."""
    queries: tuple[str, ...] = ()
    """Keys of the queries that it is about; empty for all."""
