"""The files of a branch's commit, and what stands where a site has a file: submodules, links, folders."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from sresnap.errors import PublishFailed
from sresnap.publish.targets.base import TooLong, bound_of
from sresnap.publish.targets.git import GitFailed, Repository
from sresnap.publish.targets.git_process import LongOutput

_FROM_STDIN = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin")
"""The options with which git itself fetches the files that a partial clone lacks."""
_MISSING = ("--objects", "--no-object-names", "--missing=print")
_KINDS = {"160000": "submodule", "120000": "symbolic link"}
"""By git's mode: what is not a file of a site. https://git-scm.com/docs/git-fast-import#_filemodify"""


class _Entry(NamedTuple):
    kind: str
    """`file`, `submodule` or `symbolic link`."""
    blob: str


class BranchTree:
    """The files of a commit."""

    def __init__(self, git: Repository, shown: str, commit: str | None) -> None:
        """List them.

        Args:
            git: has the commit and its trees; files may follow later.
            shown: the branch's address.
            commit: None for a branch that does not exist.
        """
        self._git = git
        self._shown = shown
        self._commit = commit
        self._entries = {} if commit is None else _entries(git, commit)
        self._folders = {str(folder) for name in self._entries for folder in PurePosixPath(name).parents}

    def read(self, name: str, most: int | None) -> bytes | None:
        """Read a file; None when it does not exist.

        Raises:
            TooLong: it is longer than it may be.
            PublishFailed: something else stands there, or git fails.
        """
        self._refuse_other(name)
        entry = self._entries.get(name)
        if entry is None:
            return None
        longest = bound_of(name) if most is None else most
        try:
            return self._git.run("cat-file", "blob", entry.blob, most=longest + 1)
        except LongOutput:
            size = int(self._git.run("cat-file", "-s", entry.blob))
            raise TooLong(f"{self._shown}: {name}", longest, size) from None

    def _refuse_other(self, name: str) -> None:
        """Refuse what is not a file, at the name or at one of its folders."""
        for part in (name, *map(str, PurePosixPath(name).parents)):
            kind = self._entries[part].kind if part in self._entries else "file"
            if part == name and name in self._folders:
                kind = "folder"
            if kind != "file":
                what = "the site has a file there" if part == name else f"the site has {name} there"
                raise PublishFailed(
                    f"{self._shown}: {part} is a {kind}, and {what}; nothing was changed",
                    f"remove or rename {part} on the branch, or publish to a branch of its own: "
                    "gh-pages:REMOTE#reliability",
                )

    def prepare(self, names: Collection[str]) -> None:
        """Fetch files in one request, from a remote that let the first fetch leave them out."""
        with contextlib.suppress(GitFailed):  # git then fetches them one by one
            if self._commit is not None and self._git.run("config", "--get", "remote.origin.promisor"):
                listed = self._git.run("rev-list", *_MISSING, self._commit).decode().split()
                missing = {item.removeprefix("?") for item in listed if item.startswith("?")}
                found = (self._entries[name].blob for name in names if name in self._entries)
                self._fetch(sorted({*found} & missing))

    def _fetch(self, blobs: Collection[str]) -> None:
        if not blobs:
            return
        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join(f"{blob}\n" for blob in blobs).encode())
            wanted.seek(0)
            self._git.run("-c", "fetch.negotiationAlgorithm=noop", "fetch", "origin", *_FROM_STDIN, stdin=wanted)

    def names(self) -> Iterable[str]:
        """List all names, submodules and links included."""
        return self._entries.keys()

    def staying(self, written: Collection[str], deleted: Collection[str]) -> Mapping[str, str]:
        """What a commit leaves on the branch: `file`, `submodule` or `symbolic link` by name.

        A file that is written again does not stay. A submodule or a link at its name does: sresnap replaces none.
        """
        return {
            name: entry.kind
            for name, entry in self._entries.items()
            if name not in deleted and (name not in written or entry.kind != "file")
        }


def _entries(git: Repository, commit: str) -> dict[str, _Entry]:
    """By name. One that is not UTF-8 is not one of a site, and is shown with escapes."""
    rows = git.run("ls-tree", "-r", "-z", commit).decode(errors="backslashreplace").split("\0")
    found = {}
    for about, _, name in (row.partition("\t") for row in rows):
        if name:
            mode, _, blob = about.split()[:3]
            found[name] = _Entry(_KINDS.get(mode, "file"), blob)
    return found
