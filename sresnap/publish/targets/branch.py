"""A branch for GitHub Pages, whose reports are one commit, so that they do not make the repository grow.

The new commit is the previous tree with the changed files, and replaces the previous report. Commits that anyone else
made stay below it. It is made without a checkout and pushed with a lease on the commit that was read at the start:
either the whole report appears, or nothing does.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple

from sresnap.documents.headers import Headers
from sresnap.documents.layout import POINTER
from sresnap.documents.pointer import decode_pointer
from sresnap.errors import PublishConflict, PublishFailed
from sresnap.publish.targets.base import Limits, StoredFile
from sresnap.publish.targets.branch_commits import OWN_REF, Tip, commit_stream, file_deleted, file_written, read_tip
from sresnap.publish.targets.branch_names import (
    REFS,
    USUAL_DEFAULTS,
    clash,
    not_a_branch,
    refuse_nested_branch,
    split_remote,
)
from sresnap.publish.targets.branch_tree import BranchTree
from sresnap.publish.targets.git import GitFailed, Repository
from sresnap.publish.targets.git_folder import temporary
from sresnap.retries import retry_context

_ATTEMPTS = 3
_DEPTH = "--depth=2"
"""The last commit and its parent, which the next report may have, too."""
_HASHES = {40: "sha1", 64: "sha256"}
"""Kinds of hash by their number of digits."""


class _NoLock:
    """No lock: the push decides who was first."""

    def check(self) -> None:
        """Do nothing: nothing is locked before the push."""


class _Found(NamedTuple):
    """What was on the branch when it was fetched, or last pushed."""

    tip: Tip | None
    """None when there is no such branch."""
    tree: BranchTree


class Branch:
    """A branch of a remote repository, as it was when it was first read."""

    public = True
    atomic = True
    # GitHub Pages takes 1 GB: https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
    limits: Limits | None = Limits(warn_bytes=600_000_000, max_bytes=950_000_000)

    def __init__(self, remote: str, cwd: Path, *, is_fetched: bool = True) -> None:
        """Fetch the branch's commit and trees.

        Args:
            remote: REMOTE or REMOTE#BRANCH.
            cwd: the folder that names of remotes and relative paths refer to.
            is_fetched: False to fetch it when it is first used, so that the wait counts as reading.

        Raises:
            UsageError: there is no such remote.
            PublishFailed: the remote cannot be reached.
        """
        address, branch = split_remote(remote)
        self._ref = f"{REFS}{branch}"
        self._git = Repository(address, cwd)
        try:
            self._git.run("check-ref-format", "--branch", branch)
        except GitFailed:
            raise not_a_branch(branch) from None
        self.shown = f"gh-pages:{self._git.shown}#{branch}"
        self._lock = threading.Lock()
        self._changes: IO[bytes] = io.BytesIO()
        self._written: set[str] = set()
        self._deleted: set[str] = set()
        self._opening = threading.Lock()
        self._found: _Found | None = None
        self.notes: Iterable[str] = self._git.notes
        if is_fetched:
            self._open()

    def _open(self) -> _Found:
        """What is on the branch, which is fetched once."""
        with self._opening:
            if self._found is None:
                tip = self._fetch()
                self._found = _Found(tip, self._tree_of(tip))
                self.notes = (*self._git.notes, *self._about(tip))
            return self._found

    def _about(self, tip: Tip | None) -> Iterator[str]:
        """What happens to a commit that sresnap did not make."""
        if tip is not None and not tip.is_report:
            yield f"the commit {tip.commit} of {self.shown} is not a report: it stays, as the parent of the next one"

    def _tree_of(self, tip: Tip | None) -> BranchTree:
        return BranchTree(self._git, self.shown, None if tip is None else tip.commit)

    @property
    def _tip(self) -> Tip | None:
        return self._open().tip

    @property
    def _commit(self) -> str | None:
        return None if self._tip is None else self._tip.commit

    def renew(self) -> None:
        """Fetch the branch again when it is used next."""
        self._found = None

    def abandon(self) -> None:
        """End every git that runs."""
        self._git.abandon()

    def main_branch(self) -> str | None:
        """What makes this branch one that people work on, in words; None if nothing does.

        Raises:
            PublishFailed: the remote cannot be reached.
        """
        checkout, remote = self._git.checkout, self._git.remote
        if remote.is_of_checkout and checkout.branch == self._ref:
            return "the branch that this checkout is on"
        if self._tip is not None:
            answer = self._git.run("ls-remote", "--symref", "origin", "HEAD").decode(errors="replace").splitlines()
            if f"ref: {self._ref}\tHEAD" in answer:
                return "the default branch of its repository"
            is_named = any(line.startswith("ref: ") for line in answer)
            if not is_named and self._ref.removeprefix(REFS) in USUAL_DEFAULTS:
                return "by its name the default branch of its repository, which does not say which one is"
        return None

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file; its version is the commit."""
        content = self._open().tree.read(name, most)
        return None if content is None or self._commit is None else StoredFile(content, self._commit)

    def prepare(self, names: Collection[str]) -> None:
        """Fetch the files in one request, from a remote that let the first fetch leave them out."""
        self._open().tree.prepare(names)

    def names(self) -> Iterable[str]:
        """List the files of the branch, without hidden files and the domain, which GitHub writes when it is set."""
        shown = (name for name in self._open().tree.names() if name != "CNAME")
        return [name for name in shown if not any(part.startswith(".") for part in name.split("/"))]

    @contextlib.contextmanager
    def hold(self, notify: Callable[[str], None]) -> Iterator[_NoLock]:  # noqa: ARG002 - it never waits
        """Begin a commit."""
        with temporary():
            self._changes = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        self._written.clear()
        self._deleted.clear()
        try:
            yield _NoLock()
        finally:
            with contextlib.suppress(OSError):  # a full disk, which was reported already
                self._changes.close()

    def put(self, name: str, content: bytes, headers: Headers) -> None:  # noqa: ARG002 - GitHub Pages sends its own
        """Add a file to the commit."""
        with self._lock, temporary():
            self._written.add(name)
            self._changes.write(file_written(name, content))

    def delete(self, name: str) -> None:
        """Remove a file from the commit."""
        with self._lock, temporary():
            self._deleted.add(name)
            self._changes.write(file_deleted(name))

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Add the pointer to the commit, and push it."""
        if expected not in (None, self._commit):
            raise self._conflict()
        self.put(name, content, headers)
        self.put(".nojekyll", b"", headers)
        found = clash(self._written, self._open().tree.staying(self._written, self._deleted))
        if found is not None:
            hint = "move it away on the branch, or publish to a branch of its own"
            raise PublishFailed(f"{self.shown} {found}; nothing was sent", hint)
        made = self._make_commit(content)
        try:
            self._push(made)
        except GitFailed as error:
            if self._tip is not None or not error.kind.is_other_hash:
                raise
            self._git.create("sha256")  # an empty remote does not say which hashes it has before the push
            made = self._make_commit(content)
            self._push(made)
        tip = self._read_tip(made)
        self._found = _Found(tip, self._tree_of(tip))
        return made

    def _fetch(self) -> Tip | None:
        """Fetch the branch's commit and trees; files may follow later. None when there is no such branch."""
        for attempt in retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                heads = self._remote_heads()
        self._git.create(_HASHES.get(len(next(iter(heads.values()), "")), "sha1"))
        if self._ref not in heads:
            refuse_nested_branch(self._ref.removeprefix(REFS), heads)
            return None
        for attempt in retry_context(on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_jitter=0.2):
            with attempt:
                self._git.run("fetch", "--quiet", "--no-tags", _DEPTH, "--filter=blob:none", "origin", self._ref)
        return self._read_tip(self._git.run("rev-parse", "FETCH_HEAD").decode().strip())

    def _remote_heads(self) -> Mapping[str, str]:
        """The commit of each branch of the remote."""
        lines = self._git.run("ls-remote", "--heads", "origin").decode(errors="backslashreplace").splitlines()
        return {ref: commit for commit, _, ref in (line.partition("\t") for line in lines)}

    def _read_tip(self, commit: str) -> Tip:
        return read_tip(commit, self._git.run("cat-file", "commit", commit))

    def _make_commit(self, content: bytes) -> str:
        """Make the commit of a report, named and dated by the pointer's content, and return its hash."""
        tip = self._tip
        tree = None if tip is None else self._git.run("rev-parse", f"{tip.commit}^{{tree}}").decode().strip()
        parent = None if tip is None else tip.parent_of_next()
        with temporary(), tempfile.TemporaryFile() as stream:
            stream.write(commit_stream(decode_pointer(content, POINTER), parent, tree))
            self._changes.seek(0)
            shutil.copyfileobj(self._changes, stream)
            stream.write(b"\ndone\n")
            stream.seek(0)
            self._git.run("fast-import", "--quiet", "--force", stdin=stream)
        return self._git.run("rev-parse", OWN_REF).decode().strip()

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
                    found = self._remote_heads().get(self._ref)
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
