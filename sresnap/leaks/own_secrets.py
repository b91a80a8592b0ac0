"""The configuration's own secrets, looked for as they are: the one check that guesses nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

from sresnap.leaks.plain_text import plain

_SHORTEST = 4
"""A tenant called `1` would be found in every number."""
_DISTINCT = 8
"""A shorter one counts as a word of its own only."""


def found(text: str, secrets: Mapping[str, SecretStr]) -> Iterator[tuple[str, int]]:
    """Which of the secrets a text holds, by where the configuration names them, and the place of each in it."""
    for where, secret in secrets.items():
        positions = [position for form in _forms(secret.get_secret_value()) if (position := _find(text, form)) >= 0]
        if positions:
            yield where, min(positions)


def _find(text: str, form: str) -> int:
    position = text.find(form)
    if position < 0 or len(form) >= _DISTINCT:
        return position
    match = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text)
    return -1 if match is None else match.start()


def _forms(secret: str) -> set[str]:
    """How it may be written: as it is, without its own escapes, percent-encoded, within Base64."""
    if len(secret) < _SHORTEST:
        return set()
    percent = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    written = {secret, plain(secret), *percent, *_base64(secret)}
    return {form for form in written if len(form) >= _SHORTEST}


def _base64(secret: str) -> Iterator[str]:
    """What of its Base64 does not depend on what stands around it, as in that of `user:password`.

    Three bytes are four characters, so it looks one of three ways; characters that it shares with a neighbour are left
    out.
    """
    for before, shared in ((0, 0), (1, 2), (2, 3)):
        content = b"\0" * before + secret.encode()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(content).decode()[shared : len(content) * 8 // 6]
            if len(inner) >= _DISTINCT:
                yield inner
