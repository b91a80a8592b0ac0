"""How far a build or a publication has come."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Shows the stages and steps of long work."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self) -> None:
        """Finish one step of the stage."""

    def note(self, text: str) -> None:
        """Show a sentence at once, such as why the work has to wait."""


class Quiet:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None: ...

    def advance(self) -> None: ...

    def note(self, text: str) -> None: ...
