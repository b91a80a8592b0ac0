"""A branch for GitHub Pages: one commit without a parent, so that the repository does not grow with the reports.

The commit is made from the tree of the one before and what changed, without a checkout, and pushed with a lease on the
commit that was there when the state was read: either the whole report appears, or nothing does.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import stamina

from sresnap.documents.layout import Headers
from sresnap.errors import PublishConflict, UsageError
from sresnap.model.windows import parse_time
from sresnap.publish.targets.base import Limits, Stored
from sresnap.publish.targets.git import GitFailed, Repository, temporary

BRANCH = "gh-pages"
_RUNS_ON = re.compile(r"://.*[#\s].*@", re.DOTALL)
"""A password, most likely, that git would take for a host and tell."""
_OURS = "refs/heads/sresnap"
_KEPT = ("CNAME",)
"""GitHub writes it when a domain is set."""
_ATTEMPTS = 3
_FROM_STDIN = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin")
"""As git itself fetches what a partial clone lacks."""


class _Free:
    """The push decides who was first, so nobody needs to be kept out before it."""

    def check(self) -> None:
        """Nothing can be lost yet."""


class Branch:
    """A branch of a remote repository, as it was when it was first read."""

    public = True
    atomic = True
    notes: Iterable[str] = ()
    # GitHub Pages takes 1 GB: https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    limits: Limits | None = Limits(warn=600_000_000, refuse=950_000_000)

    def __init__(self, remote: str, cwd: Path) -> None:
        """Read where the branch is.

        Args:
            remote: REMOTE or REMOTE#BRANCH.
            cwd: where names of remotes and relative paths start.

        Raises:
            UsageError: the remote is none.
            PublishFailed: it is not reached.
        """
        address, _, branch = remote.partition("#")
        if _RUNS_ON.search(remote):
            hint = "in a login, # is written %23 and a blank %20; better, leave it to git: credential.helper, or ssh"
            raise UsageError("gh-pages: an @ stands behind a # or a blank of the remote's address", hint)
        self._ref = f"refs/heads/{branch or BRANCH}"
        self._git = Repository(address, cwd)
        self.shown = f"gh-pages:{self._git.shown}#{branch or BRANCH}"
        self._lock = threading.Lock()
        self._changes: IO[bytes] = io.BytesIO()
        self._commit = self._fetch()
        self._blobs = self._tree()

    def read(self, name: str) -> Stored | None:
        """A file; its version is the commit."""
        blob = self._blobs.get(name)
        if blob is None or self._commit is None:
            return None
        return Stored(self._git.run("cat-file", "blob", blob), self._commit)

    def prepare(self, names: Collection[str]) -> None:
        """Fetch files at once that would be fetched one by one, from a remote that let them be left out."""
        with contextlib.suppress(GitFailed):  # then they are fetched one by one
            if self._commit is not None and self._git.run("config", "--get", "remote.origin.promisor"):
                listed = self._git.run("rev-list", "--objects", "--missing=print", self._commit).decode().split()
                missing = {item.removeprefix("?") for item in listed if item.startswith("?")}
                self._fetch_blobs(sorted({self._blobs[name] for name in names if name in self._blobs} & missing))

    def _fetch_blobs(self, blobs: Collection[str]) -> None:
        if not blobs:
            return
        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join(f"{blob}\n" for blob in blobs).encode())
            wanted.seek(0)
            self._git.run("-c", "fetch.negotiationAlgorithm=noop", "fetch", "origin", *_FROM_STDIN, stdin=wanted)

    def names(self) -> Iterable[str]:
        """All files of the branch but for hidden ones and those of GitHub Pages."""
        return [n for n in self._blobs if n not in _KEPT and not any(part.startswith(".") for part in n.split("/"))]

    @contextlib.contextmanager
    def hold(self, tell: Callable[[str], None]) -> Iterator[_Free]:  # noqa: ARG002 - nobody is waited for
        """Begin a commit."""
        with temporary():
            self._changes = tempfile.TemporaryFile()  # noqa: SIM115 - closed below; what is done meanwhile fails by itself
        try:
            yield _Free()
        finally:
            with contextlib.suppress(OSError):  # what a full disk did not take is not wanted any more
                self._changes.close()

    def put(self, name: str, content: bytes, headers: Headers) -> None:  # noqa: ARG002 - GitHub Pages sends its own
        """Into the commit."""
        with self._lock, temporary():
            self._changes.write(b"M 100644 inline " + _quoted(name) + b"\n" + _data(content))

    def delete(self, name: str) -> None:
        """Out of the commit."""
        with self._lock, temporary():
            self._changes.write(b"D " + _quoted(name) + b"\n")

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """The pointer goes into the commit, and the commit is pushed."""
        if expected not in (None, self._commit):
            raise self._overtaken()
        self.put(name, content, headers)
        self.put(".nojekyll", b"", headers)
        made = self._make_commit(content)
        self._push(made)
        self._commit = made
        self._blobs = self._tree()
        return made

    def _fetch(self) -> str | None:
        """The branch's commit with its trees; its files may come later. None when there is no such branch."""
        for attempt in stamina.retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                there = self._git.run("ls-remote", "--heads", "origin", self._ref).decode().split()
                if not there:
                    return None
                self._git.run("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", self._ref)
        return self._git.run("rev-parse", "FETCH_HEAD").decode().strip()

    def _tree(self) -> Mapping[str, str]:
        """File → its blob."""
        if self._commit is None:
            return {}
        rows = self._git.run("ls-tree", "-r", "-z", self._commit).decode().split("\0")
        return {name: about.split()[2] for about, _, name in (row.partition("\t") for row in rows) if name}

    def _make_commit(self, pointer: bytes) -> str:
        """One without a parent."""
        data = json.loads(pointer)
        head = f"feature done\nreset {_OURS}\n\ncommit {_OURS}\n"
        head += f"committer sresnap <sresnap@localhost> {parse_time(data['generated_at'])} +0000\n"
        base = b"" if self._commit is None else f'M 040000 {self._tree_of(self._commit)} ""\n'.encode()
        with temporary(), tempfile.TemporaryFile() as stream:
            stream.write(head.encode() + _data(f"Report {data['id']}\n".encode()) + base)
            self._changes.seek(0)
            shutil.copyfileobj(self._changes, stream)
            stream.write(b"\ndone\n")
            stream.seek(0)
            self._git.run("fast-import", "--quiet", "--force", stdin=stream)
        return self._git.run("rev-parse", _OURS).decode().strip()

    def _tree_of(self, commit: str) -> str:
        return self._git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()

    def _push(self, made: str) -> None:
        """With a lease; an empty one says that the branch must not be there yet.

        Raises:
            PublishConflict: the branch is at another commit than the one that was read.
            PublishFailed: the remote refuses, or is not reached.
        """
        lease = f"--force-with-lease={self._ref}:{self._commit or ''}"
        for attempt in stamina.retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                try:
                    self._git.run("push", "--quiet", lease, "origin", f"{made}:{self._ref}")
                except GitFailed:
                    # Why it failed is told best by what is there now: it may have arrived, and the answer got lost.
                    there = self._git.run("ls-remote", "--heads", "origin", self._ref).decode().split()
                    found = there[0] if there else None
                    if found == made:
                        return
                    if found != self._commit:
                        raise self._overtaken() from None
                    raise

    def _overtaken(self) -> PublishConflict:
        hint = "nothing was changed; restore and run it again: the next run includes what the other one wrote"
        return PublishConflict(f"{self.shown} was pushed to by somebody else meanwhile", hint)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, GitFailed) and error.may_pass


def _data(content: bytes) -> bytes:
    return b"data " + str(len(content)).encode() + b"\n" + content + b"\n"


def _quoted(name: str) -> bytes:
    """A path as git fast-import reads it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()
