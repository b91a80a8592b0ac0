"""What is mutated, and what must hold then: a documented exit code, no traceback, no change of what was there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from random import Random
from typing import ClassVar

from tests.fuzz.program import contents


class Subject(ABC):
    """One kind of input."""

    name: ClassVar[str]
    share: ClassVar[int]
    """How many of 1,000 inputs. Most of them try what takes a millisecond, so that `make test` can try 3,000."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @abstractmethod
    def fault(self, random: Random) -> str | None:
        """Try one input; what went wrong, if anything did."""


def what_changed(before: dict[str, str], folder: Path) -> str | None:
    after = contents(folder)
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return f"changed: {', '.join(names)[:500]}" if names else None
