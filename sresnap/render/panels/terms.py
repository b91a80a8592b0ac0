"""A group of the primer's terms, with examples from this site."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.concepts import TermGroup


@dataclass(frozen=True, slots=True)
class TermsView:
    """A group of terms with their examples."""

    group: TermGroup
    examples: dict[str, str]
