"""What the page's script compares any two kept reports with."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class AnyTwo:
    """What the page's script compares any two kept reports with.

    It is the same in every build, so that a newer report does not sweep away what the reader chose.
    """

    badges: tuple[tuple[str, Badge], ...]
    """By status, for the script to copy."""
