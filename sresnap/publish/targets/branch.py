"""A branch for GitHub Pages, with one commit without a parent, so that reports do not make the repository grow.

The new commit is the previous tree with the changed files. It is made without a checkout and pushed with a lease on the
commit that was read at the start: either the whole report appears, or nothing does.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from sresnap.documents.headers import Headers
from sresnap.documents.layout import POINTER
from sresnap.documents.pointer import decode_pointer
from sresnap.errors import PublishConflict, UsageError
from sresnap.publish.targets.base import Limits, StoredFile
from sresnap.publish.targets.git import GitFailed, Repository, temporary
from sresnap.retries import retry_context

BRANCH = "gh-pages"
_UNQUOTED_LOGIN = re.compile(r"://.*[#\s].*@", re.DOTALL)
"""A password, most likely, that git would take for a host and print."""
_OWN_REF = "refs/heads/sresnap"
_GITHUB_FILES = ("CNAME",)
"""GitHub writes it when a domain is set."""
_ATTEMPTS = 3
_FROM_STDIN = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin")
"""The options with which git itself fetches the files that a partial clone lacks."""


class _NoLock:
    """No lock: the push decides who was first."""

    def check(self) -> None:
        """Do nothing: nothing is locked before the push."""


class Branch:
    """A branch of a remote repository, as it was when it was first read."""

    public = True
    atomic = True
    notes: Iterable[str] = ()
    # GitHub Pages takes 1 GB: https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    limits: Limits | None = Limits(warn_bytes=600_000_000, max_bytes=950_000_000)

    def __init__(self, remote: str, cwd: Path) -> None:
        """Fetch the branch's commit and trees.

        Args:
            remote: REMOTE or REMOTE#BRANCH.
            cwd: the folder that names of remotes and relative paths refer to.

        Raises:
            UsageError: there is no such remote.
            PublishFailed: the remote cannot be reached.
        """
        address, _, branch = remote.partition("#")
        if _UNQUOTED_LOGIN.search(remote):
            hint = "in a login, write # as %23 and a space as %20; better, let git sign in: credential.helper or ssh"
            raise UsageError("gh-pages: the remote's address has an @ after a # or a space", hint)
        self._ref = f"refs/heads/{branch or BRANCH}"
        self._git = Repository(address, cwd)
        self.shown = f"gh-pages:{self._git.shown}#{branch or BRANCH}"
        self._lock = threading.Lock()
        self._changes: IO[bytes] = io.BytesIO()
        self._commit = self._fetch()
        self._blobs = self._tree()

    def read(self, name: str) -> StoredFile | None:
        """Read a file; its version is the commit."""
        blob = self._blobs.get(name)
        if blob is None or self._commit is None:
            return None
        return StoredFile(self._git.run("cat-file", "blob", blob), self._commit)

    def prepare(self, names: Collection[str]) -> None:
        """Fetch the files in one request, from a remote that let the first fetch leave them out."""
        with contextlib.suppress(GitFailed):  # git then fetches them one by one
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
        """List the files of the branch, without hidden files and the files of GitHub Pages."""
        shown = (name for name in self._blobs if name not in _GITHUB_FILES)
        return [name for name in shown if not any(part.startswith(".") for part in name.split("/"))]

    @contextlib.contextmanager
    def hold(self, notify: Callable[[str], None]) -> Iterator[_NoLock]:  # noqa: ARG002 - it never waits
        """Begin a commit."""
        with temporary():
            self._changes = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        try:
            yield _NoLock()
        finally:
            with contextlib.suppress(OSError):  # a full disk, which was reported already
                self._changes.close()

    def put(self, name: str, content: bytes, headers: Headers) -> None:  # noqa: ARG002 - GitHub Pages sends its own
        """Add a file to the commit."""
        with self._lock, temporary():
            self._changes.write(b"M 100644 inline " + _quoted(name) + b"\n" + _data(content))

    def delete(self, name: str) -> None:
        """Remove a file from the commit."""
        with self._lock, temporary():
            self._changes.write(b"D " + _quoted(name) + b"\n")

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Add the pointer to the commit, and push it."""
        if expected not in (None, self._commit):
            raise self._conflict()
        self.put(name, content, headers)
        self.put(".nojekyll", b"", headers)
        made = self._make_commit(content)
        self._push(made)
        self._commit = made
        self._blobs = self._tree()
        return made

    def _fetch(self) -> str | None:
        """Fetch the branch's commit and trees; files may follow later. None when there is no such branch."""
        for attempt in retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                if self._remote_commit() is None:
                    return None
                self._git.run("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", self._ref)
        return self._git.run("rev-parse", "FETCH_HEAD").decode().strip()

    def _remote_commit(self) -> str | None:
        found = self._git.run("ls-remote", "--heads", "origin", self._ref).decode().split()
        return found[0] if found else None

    def _tree(self) -> Mapping[str, str]:
        """The blob of each file."""
        if self._commit is None:
            return {}
        rows = self._git.run("ls-tree", "-r", "-z", self._commit).decode().split("\0")
        return {name: about.split()[2] for about, _, name in (row.partition("\t") for row in rows) if name}

    def _make_commit(self, content: bytes) -> str:
        """Make a commit without a parent, named and dated by the pointer's content, and return its hash."""
        pointer = decode_pointer(content, POINTER)
        head = f"feature done\nreset {_OWN_REF}\n\ncommit {_OWN_REF}\n"
        head += f"committer sresnap <sresnap@localhost> {pointer.generated_at} +0000\n"
        base = b"" if self._commit is None else f'M 040000 {self._tree_of(self._commit)} ""\n'.encode()
        with temporary(), tempfile.TemporaryFile() as stream:
            stream.write(head.encode() + _data(f"Report {pointer.id}\n".encode()) + base)
            self._changes.seek(0)
            shutil.copyfileobj(self._changes, stream)
            stream.write(b"\ndone\n")
            stream.seek(0)
            self._git.run("fast-import", "--quiet", "--force", stdin=stream)
        return self._git.run("rev-parse", _OWN_REF).decode().strip()

    def _tree_of(self, commit: str) -> str:
        return self._git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()

    def _push(self, made: str) -> None:
        """Push with a lease. An empty lease says that the branch must not exist yet.

        Raises:
            PublishConflict: the branch is at another commit than the one that was read.
            PublishFailed: the remote refuses or cannot be reached.
        """
        lease = f"--force-with-lease={self._ref}:{self._commit or ''}"
        for attempt in retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                try:
                    self._git.run("push", "--quiet", lease, "origin", f"{made}:{self._ref}")
                except GitFailed:
                    # The answer was lost: read the branch to see whether the push succeeded.
                    found = self._remote_commit()
                    if found == made:
                        return
                    if found != self._commit:
                        raise self._conflict() from None
                    raise

    def _conflict(self) -> PublishConflict:
        hint = "nothing was changed; run `sresnap restore`, then build and publish again"
        return PublishConflict(f"another publisher pushed to {self.shown} meanwhile", hint)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, GitFailed) and error.may_pass


def _data(content: bytes) -> bytes:
    return b"data " + str(len(content)).encode() + b"\n" + content + b"\n"


def _quoted(name: str) -> bytes:
    """A path in the quotes of git fast-import."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()
