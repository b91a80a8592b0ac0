"""Addresses as messages may tell them."""

from __future__ import annotations

import re

_UP_TO_AT = re.compile(r"(://|\bhttps?:/*)(\S*)@", re.IGNORECASE)
"""Greedy: a password may hold an @ or a / that should have been written %40 or %2F."""
_HOST_AND_FOLDERS = re.compile(r"(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?/(?:@?[^\s@/]*/)*", re.IGNORECASE)


def without_user(text: str) -> str:
    """An address, or a text with addresses, without logins.

    Whatever stands before an @ may be a password, unless it is a host and whole folders, as in https://host/@team/x.
    """
    return _UP_TO_AT.sub(lambda found: found[0] if _HOST_AND_FOLDERS.fullmatch(found[2]) else found[1], text)


def has_login(url: str) -> bool:
    """Whether an address has a login, or what may be one."""
    return without_user(_in_one(url)) != _in_one(url)


def bare(url: str) -> str:
    """An address without login, query and fragment: any of them may hold a token."""
    return re.split(r"[?#]", without_user(_in_one(url)), maxsplit=1)[0]


def _in_one(url: str) -> str:
    """Without blanks, which end an address in a text: in one that was given they may be part of a password."""
    return "".join(url.split())
