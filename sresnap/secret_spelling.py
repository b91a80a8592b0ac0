"""Finds a secret in every spelling that a program may give it: percent-encoded, escaped for JSON or HTML, in Base64."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable

SHORTEST = 4
"""A tenant called `1` would be found in every number."""
_BLANK = r"(?:\s|%20|%09|\+|&nbsp;|&\#160;|\\{1,4}[tnr])+"
"""Programs write a run of blanks as it is, as one blank, as `+` or percent-encoded."""


def pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Matches each of the secrets in any spelling, the longest first; None where no secret is long enough."""
    found = {secret.strip() for secret in secrets}
    spellings = sorted((s for s in found if len(s) >= SHORTEST), key=lambda secret: (-len(secret), secret))
    return re.compile("|".join(map(_spellings, spellings))) if spellings else None


def base64_of_login(user: str, password: str) -> list[str]:
    """How HTTP sends a login (RFC 7617), in both alphabets, without the padding."""
    content = f"{user}:{password}".encode()
    return [encode(content).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)]


def _spellings(secret: str) -> str:
    parts = re.findall(r"(\s+)|(.)", secret)
    return "".join(_BLANK if blanks else _letter(letter) for blanks, letter in parts)


def _letter(letter: str) -> str:
    r"""A letter as it is or encoded: `%2F`, `%2f`, `\u002f`, `\/`, `&#47;`, `&amp;`."""
    percent = "".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))
    code = ord(letter)
    forms = [percent, rf"\\{{1,4}}u{code:04x}", rf"&\#0*{code};", rf"&\#x0*{code:x};"]
    named = html.escape(letter)
    if named != letter:
        forms.append(re.escape(named))
    as_it_is = re.escape(letter) if letter.isalnum() else rf"\\{{0,4}}{re.escape(letter)}"
    return f"(?:{as_it_is}|(?i:{'|'.join(forms)}))"
