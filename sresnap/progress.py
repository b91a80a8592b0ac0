"""How far a build has come, told to whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Who is told how far a build has come."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""

    def advance(self) -> None:
        """One step of the stage is done."""


class Quiet:
    """Tells nobody."""

    def stage(self, name: str, total: int) -> None: ...

    def advance(self) -> None: ...
