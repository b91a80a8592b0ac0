"""Finds the configuration's own secrets by their exact value, in every way that a file may spell it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

from markupsafe import escape
from pydantic import SecretStr

from sresnap.leaks.plain_text import plain
from sresnap.secret_spelling import SHORTEST

_DISTINCT = 8
"""A shorter secret counts only as a whole word."""


def find_secrets(text: str, secrets: Mapping[str, SecretStr]) -> Iterator[tuple[str, int]]:
    """Yield the configuration key of each secret that a text holds, and its first position."""
    for key, secret in secrets.items():
        spellings = _spellings(secret.get_secret_value())
        positions = [position for each in spellings if (position := _find(text, each)) >= 0]
        if positions:
            yield key, min(positions)


def _find(text: str, spelling: str) -> int:
    position = text.find(spelling)
    if position < 0 or len(spelling) >= _DISTINCT:
        return position
    match = re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", text)
    return -1 if match is None else match.start()


def _spellings(secret: str) -> set[str]:
    """A secret as it is, smoothed, without its own escapes, percent-encoded, in JSON, in HTML and within Base64."""
    if len(secret) < SHORTEST:
        return set()
    percent = {quote(secret), quote(secret, safe=""), quote_plus(secret), quote_plus(secret, safe="/")}
    smoothed = " ".join(secret.split())
    spellings = {secret, smoothed, plain(secret), *percent, *_escaped(secret), *_base64(secret)}
    return {each for each in spellings if len(each) >= SHORTEST}


def _escaped(secret: str) -> Iterator[str]:
    """The secret in JSON, in HTML, and in JSON within JSON or HTML."""
    in_json = [json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
    nested = [json.dumps(each, ensure_ascii=False)[1:-1] for each in in_json]
    for each in (secret, *in_json, *nested):
        yield from (each, str(escape(each)), html.escape(each), html.escape(each, quote=False))


def _base64(secret: str) -> Iterator[str]:
    """The characters of its Base64 that do not depend on its neighbours, as in the Base64 of `user:password`.

    Three bytes give four characters, so there are three alignments. Characters that the secret shares with a neighbour
    are left out.
    """
    for before, shared in ((0, 0), (1, 2), (2, 3)):
        content = b"\0" * before + secret.encode()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(content).decode()[shared : len(content) * 8 // 6]
            if len(inner) >= _DISTINCT:
                yield inner
