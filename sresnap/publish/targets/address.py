"""Removes secrets from addresses, so that messages may show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

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


def shown_remote(remote: str) -> str:
    """A git remote as messages show it: a path as it is, an address without login, query and fragment.

    In `user:s3cr3t@host:path`, git takes the password for a part of the path.
    """
    if remote.startswith(("/", ".")):
        return remote
    scheme, mark, rest = _without_blanks(remote).partition("://")
    if not mark:
        login, at, place = _without_blanks(remote).rpartition("@")
        return f"{login}{at}{place}" if login == "git" else place
    rest = re.split(r"[?#]", rest.rpartition("@")[2] if _may_have_login(rest) else rest, maxsplit=1)[0]
    return f"{scheme}{mark}{rest}"


def shown_target(address: str) -> str:
    """The address of a target as messages show it."""
    kind, mark, rest = address.partition(":")
    if kind.lower() != "gh-pages":
        return without_user(address)
    remote, number, branch = rest.partition("#")
    return f"{kind}{mark}{shown_remote(remote)}{number}{branch}"


def secrets_of_remote(remote: str) -> Iterator[str]:
    """What of a git remote's address must not be shown where git quotes it, such as the password in its login."""
    if remote.startswith(("/", ".")):
        return
    rest = remote.partition("://")[2] or remote
    login = rest.rpartition("@")[0] if _may_have_login(rest) else ""
    queries = re.split(r"[?#&]", rest.rpartition("@")[2])[1:]
    parts = [login, login.partition(":")[2], *queries, *(query.partition("=")[2] for query in queries)]
    for part in filter(None, parts):
        yield part
        yield unquote(part)


def _may_have_login(rest: str) -> bool:
    """Whether what stands before the last @ may be a login; `host:12/34/` may be one, `host/folder/` is not."""
    before = rest.rpartition("@")[0]
    return bool(before) and (":" in before or _HOST_AND_FOLDERS.fullmatch(before) is None)


def _without_blanks(url: str) -> str:
    """A blank ends an address in a text, but in an address that a user gave it may be part of a password."""
    return "".join(url.split())
