"""Removes secrets from addresses, so that messages may show them."""

from __future__ import annotations

import re

_UP_TO_AT = re.compile(r"(://|\bhttps?:/*)(\S*)@", re.IGNORECASE)
"""Greedy: a password may hold an @ or a / that should have been written %40 or %2F."""
_HOST_AND_FOLDERS = re.compile(r"(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?/(?:@?[^\s@/]*/)*", re.IGNORECASE)


def without_user(text: str) -> str:
    """Remove the logins from an address, or from all addresses in a text.

    Anything before an @ may be a password, unless it is a host and whole folders, as in https://host/@team/x.
    """
    return _UP_TO_AT.sub(lambda found: found[0] if _HOST_AND_FOLDERS.fullmatch(found[2]) else found[1], text)


def has_login(url: str) -> bool:
    """Whether an address has a login, or something that may be one."""
    return without_user(_without_blanks(url)) != _without_blanks(url)


def without_secrets(url: str) -> str:
    """Remove login, query and fragment from an address: any of them may hold a token."""
    return re.split(r"[?#]", without_user(_without_blanks(url)), maxsplit=1)[0]


def _without_blanks(url: str) -> str:
    """A blank ends an address in a text, but in an address that a user gave it may be part of a password."""
    return "".join(url.split())
