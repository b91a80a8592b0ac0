"""What a rule found, before it is put into words; and the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap.sentences.values import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to say."""

    form: str
    """Which text of the rule says it."""
    values: Mapping[str, Value]
    """By placeholder."""
    page: str
    """Site-relative path, with an anchor, or a link."""
    address: str
    """Of its number: the file, and a JSON Pointer (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A fact in words."""

    rule: str
    text: str
    page: str
    address: str
    form: str
    values: Mapping[str, Value]
