"""Reads the texts and addresses that say who looks after a service."""

from __future__ import annotations

import re
from typing import Any

from sresnap.config.expected import ExpectedError
from sresnap.config.readers import read_text
from sresnap.printable import control_character
from sresnap.web.links import has_login, is_contact

MOST_DESCRIPTION = 1000
_MOST_ADDRESS = 2000
"""Characters. Longer ones do not work in every browser."""
_TAG = re.compile(r"[^\s,]{1,100}")


def read_contact(value: Any) -> str:
    """An address that a reader may open: without a login, because pages and rules show it."""
    if isinstance(value, str) and has_login(value):
        raise ExpectedError("an http(s) URL without a login", "remove what is in front of the @")
    if not isinstance(value, str) or len(value) > _MOST_ADDRESS or not is_contact(value):
        raise ExpectedError(f"an http(s) URL, or mailto: with an address, of at most {_MOST_ADDRESS} characters")
    return value


def read_description(value: Any) -> str:
    text = read_text(value)
    if len(text) > MOST_DESCRIPTION:
        raise ExpectedError(f"text of at most {MOST_DESCRIPTION} characters")
    return text


def read_tag(value: Any) -> str:
    if not isinstance(value, str) or _TAG.fullmatch(value) is None or control_character(value) is not None:
        raise ExpectedError("a word of at most 100 characters without blanks and commas, such as web or tier=1")
    return value
