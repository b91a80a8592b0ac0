"""Check: can the target be published to?"""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.progress import Progress
from sresnap.publish.targets.registry import open_target


@dataclass(frozen=True, slots=True)
class TargetState:
    """A target that answered."""

    address: str
    """Without credentials."""
    was_written: bool
    """Whether writing was tried. A branch is only reached: trying would push a commit."""
    notes: tuple[str, ...]


def check_target(address: str, progress: Progress) -> TargetState:
    """Acquire the right to write to a target, and release it.

    Raises:
        PublishFailed: the target cannot be written to.
        PublishConflict: another publisher is writing to it.
    """
    target = open_target(address)
    with target.hold(progress.note):
        pass
    return TargetState(target.shown, not target.atomic, tuple(target.notes))
