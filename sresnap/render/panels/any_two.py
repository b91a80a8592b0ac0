"""The form that compares any two kept reports."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class AnyTwo:
    """The form that compares any two kept reports.

    It is the same in every build, so that a newer report does not reset what the reader chose.
    """

    verdicts: tuple[tuple[str, Badge], ...]
    """By state now and status of the window, such as `paging EXHAUSTED`, for the script to copy."""
