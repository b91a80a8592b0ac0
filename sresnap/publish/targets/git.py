"""Git in a throw-away repository, signing in the way the user's checkout does."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from sresnap.errors import PublishFailed, UsageError
from sresnap.file_errors import why
from sresnap.publish.targets.address import without_user

_SECONDS = 900
_SIGNING_IN = r"^(http|credential|url|core\.sshcommand|ssh)"
"""A checkout's settings for reaching its remote. actions/checkout keeps its token in an `extraheader`."""
_SIGN_IN = "may this user push there? In GitHub Actions the job needs permissions: {contents: write}"
_ROOM = "nothing was pushed; make room there or set TMPDIR to another folder, and run it again"


@contextlib.contextmanager
def temporary() -> Iterator[None]:
    """Report trouble with the folder for temporary files, in which commits are made.

    Raises:
        PublishFailed: it is full or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        folder = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - only shown
        raise PublishFailed(f"cannot work in the temporary folder {folder}: {why(error)}", _ROOM) from error


class GitFailed(PublishFailed):
    """A git command failed."""

    @property
    def may_pass(self) -> bool:
        """Whether another attempt may succeed."""
        return self.hint not in (_SIGN_IN, _ROOM)


class Repository:
    """A bare repository in a temporary folder. It is removed with this object."""

    def __init__(self, remote: str, cwd: Path) -> None:
        """Create the repository.

        Args:
            remote: name of a remote of the checkout in `cwd`, a URL, or a path.
            cwd: the user's folder.

        Raises:
            UsageError: git is missing, or there is no such remote.
        """
        if shutil.which("git") is None:
            raise UsageError("git is not installed; sresnap publishes a branch with it", "apt-get install git")
        self.url = _address(remote, cwd)
        self.shown = without_user(self.url)
        with temporary():
            folder = tempfile.mkdtemp(prefix="sresnap-git-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not _is_of_another_repository(name)},
            **_settings(cwd),
            "GIT_DIR": folder,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        self.run("init", "--bare", "--quiet", folder)
        self.run("remote", "add", "origin", self.url)

    def run(self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> bytes:
        """Run a git command and return its standard output.

        Raises:
            GitFailed: it failed.
        """
        try:
            done = subprocess.run(  # noqa: S603 - git, with arguments of our own
                ["git", *arguments],  # noqa: S607 - as the user's PATH has it
                env=self._environment,
                stdin=stdin,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise GitFailed(
                f"{self.shown}: git {arguments[0]} took more than {_SECONDS} s", "check the network connection"
            ) from None
        if done.returncode != 0:
            message = f"{self.shown}: git {arguments[0]}: {_reason(done.stderr + done.stdout)}"
            raise GitFailed(message, _hint(done.stderr))
        return done.stdout


def _is_of_another_repository(name: str) -> bool:
    """Whether a variable points git at a repository. Git sets such variables while it runs a hook, for example."""
    return name in ("GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def _address(remote: str, cwd: Path) -> str:
    """The URL of a named remote, or the absolute path of a repository, since git runs in another folder."""
    if "://" in remote or re.match(r"[^/]+@?[^/]*:", remote):
        return remote
    if "/" not in remote:
        url = _output(cwd, "remote", "get-url", "--push", remote)
        if url is not None:
            return url.rstrip("\n") if ":" in url else str((cwd / url.rstrip("\n")).resolve())
    path = cwd / remote
    if path.is_dir():
        return str(path.resolve())
    raise UsageError(
        f"gh-pages:{remote}: {cwd} has neither a remote of that name nor a repository at that path",
        "write gh-pages:origin within a checkout, or gh-pages:https://github.com/OWNER/REPOSITORY",
    )


def _settings(cwd: Path) -> Mapping[str, str]:
    """How the checkout signs in, as variables, so that no token is in an argument or a file."""
    found = dict(_pairs(_output(cwd, "config", "--local", "--includes", "--null", "--get-regexp", _SIGNING_IN) or ""))
    numbered: dict[str, str] = {}
    for i, (key, value) in enumerate(found.items()):
        numbered |= {f"GIT_CONFIG_KEY_{i}": key, f"GIT_CONFIG_VALUE_{i}": value}
    return {**numbered, "GIT_CONFIG_COUNT": str(len(found))} if found else {}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for item in text.split("\0"):
        key, separator, value = item.partition("\n")
        if separator:
            yield key, value


def _output(cwd: Path, *arguments: str) -> str | None:
    """The output of git in the user's folder; None when it fails, as it does outside of a checkout."""
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout if done.returncode == 0 else None


def _reason(output: bytes) -> str:
    """The line that gives the reason, without credentials."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    marked = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "!"))]
    return without_user((marked or lines or ["it gave no reason"])[0])[:300]


def _hint(output: bytes) -> str:
    text = output.decode(errors="replace")
    if "could not read Username" in text or "Authentication failed" in text or "403" in text or "denied" in text:
        return _SIGN_IN
    if "No space left" in text:
        return _ROOM
    return "check the address and the network connection: `git ls-remote` asks the same remote"
