"""The review in words: each sentence with the address of its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap.documents.layout import relative
from sresnap.sentences.fact import Sentence
from sresnap.web.links import is_link


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence."""

    text: str
    more: str
    """Link to what it is about; empty on the page itself."""
    is_outside: bool
    """Whether that link leaves the site."""
    data: str
    """Link to the file that its number is in, with a JSON Pointer (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class Words:
    """All of them."""

    sentences: tuple[Said, ...]


def words(sentences: Sequence[Sentence], page: str) -> Words:
    """The sentences on a page, with links as seen from there."""
    return Words(tuple(_said(one, page) for one in sentences))


def _said(one: Sentence, page: str) -> Said:
    data, _, pointer = one.address.partition("#")
    is_outside = is_link(one.page)
    return Said(
        one.text, one.page if is_outside else _href(one.page, page), is_outside, f"{relative(data, page)}#{pointer}"
    )


def _href(target: str, page: str) -> str:
    path, mark, anchor = target.partition("#")
    return f"{'' if path == page else relative(path, page)}{mark}{anchor}"
