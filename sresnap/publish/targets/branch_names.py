"""Names of branches and of the files on them: what git cannot store under one name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from sresnap.errors import UsageError
from sresnap.printable import control_character, quotable

BRANCH = "gh-pages"
REFS = "refs/heads/"
_UNQUOTED_LOGIN = re.compile(r"://.*[#\s].*@", re.DOTALL)
"""A password, most likely, that git would take for a host and print."""
USUAL_DEFAULTS = ("main", "master", "trunk")
"""Names of default branches, for a remote that does not say which one is its own."""
_NOT_A_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.@]$|^[-/.]|/\.|[/.]$|\.lock(/|$)")
"""https://git-scm.com/docs/git-check-ref-format"""
_LONGEST = 2_000
_LONGEST_PART = 240
"""Bytes. git stores a branch in files of its name, beside which it makes a lock."""
_ONLY_THE_NAME = "write the branch's name only, such as gh-pages:origin#gh-pages"


def split_remote(remote: str) -> tuple[str, str]:
    """The remote and the branch of REMOTE or REMOTE#BRANCH.

    Raises:
        UsageError: there is no remote, it has an unquoted login, or the branch is another kind of ref or has a name
            that git refuses.
    """
    if control_character(remote) or "\t" in remote or "\n" in remote:
        raise UsageError("gh-pages: the remote's address has a control character", "write gh-pages:origin, for example")
    if _UNQUOTED_LOGIN.search(remote):
        hint = "in a login, write # as %23 and a space as %20; better, let git sign in: credential.helper or ssh"
        raise UsageError("gh-pages: the remote's address has an @ after a # or a space", hint)
    address, _, branch = remote.partition("#")
    if not address.strip():
        raise UsageError("gh-pages: names no remote", "write gh-pages:origin within a checkout")
    if len(remote) > _LONGEST:
        raise UsageError(f"gh-pages: the remote's address has more than {_LONGEST:,} characters", _ONLY_THE_NAME)
    branch = branch.removeprefix(REFS) or BRANCH
    if branch.startswith("refs/") or branch == "HEAD":
        raise UsageError(f"gh-pages: {branch} is a ref of git, not a branch", _ONLY_THE_NAME)
    if _NOT_A_NAME.search(branch) or any(len(part.encode()) > _LONGEST_PART for part in branch.split("/")):
        raise not_a_branch(branch)
    return address, branch


def not_a_branch(branch: str) -> UsageError:
    """The error for a name that git refuses."""
    return UsageError(f"gh-pages: {quotable(branch)!r} cannot be the name of a branch", _ONLY_THE_NAME)


def refuse_nested_branch(branch: str, heads: Iterable[str]) -> None:
    """Refuse a branch that git cannot store beside those that exist, as it stores each in a file.

    Args:
        branch: name of the new branch.
        heads: refs of the remote's branches.

    Raises:
        UsageError: one of them is its beginning, up to a slash, or the other way round.
    """
    for other in (ref.removeprefix(REFS) for ref in heads):
        if branch.startswith(f"{other}/") or other.startswith(f"{branch}/"):
            message = f"gh-pages: the remote has the branch {other}, and git cannot store {branch} beside it"
            raise UsageError(message, "choose another name, such as gh-pages-reliability")


def clash(written: Collection[str], others: Mapping[str, str]) -> str | None:
    """Where a site's file or folder would replace what is not a file of a site, in words; None if nowhere.

    Args:
        written: files of the site.
        others: what stays beside them, by name: `file`, `submodule`, `symbolic link`.
    """
    folders = {str(folder) for name in others for folder in PurePosixPath(name).parents}
    for name in sorted(written):
        above = [str(folder) for folder in PurePosixPath(name).parents if str(folder) in others]
        if above:
            return f"has a {others[above[0]]} {above[0]}, where the site has {name}"
        if name in folders or name in others:
            return f"has a {others.get(name, 'folder')} {name}, where the site has a file of that name"
    return None
