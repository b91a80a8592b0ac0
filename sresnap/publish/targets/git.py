"""Git in a repository of its own that is thrown away, with the ways to sign in that the user's checkout has."""

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
from sresnap.publish.targets.address import without_user

_SECONDS = 900
_SIGNING_IN = r"^(http|credential|url|core\.sshcommand|ssh)"
"""Settings of a checkout that matter for reaching its remote; actions/checkout keeps its token in an `extraheader`."""
_SIGN_IN = "may this user push there? In GitHub Actions the job needs permissions: {contents: write}"
_ROOM = "make room there, or set TMPDIR to another folder, and run it again: nothing was pushed"


@contextlib.contextmanager
def temporary() -> Iterator[None]:
    """Around work in the folder for temporary files, where a commit is made.

    Raises:
        PublishFailed: it is full, or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        folder = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - told, not used
        raise PublishFailed(f"cannot work in the temporary folder {folder}: {error.strerror}", _ROOM) from error


class GitFailed(PublishFailed):
    """Git ended with an error."""

    @property
    def may_pass(self) -> bool:
        """Whether it is worth another attempt."""
        return self.hint not in (_SIGN_IN, _ROOM)


class Repository:
    """A bare repository in a temporary folder, removed with this object."""

    def __init__(self, remote: str, cwd: Path) -> None:
        """Make it.

        Args:
            remote: name of a remote of the checkout in `cwd`, a URL, or a path.
            cwd: where the user is.

        Raises:
            UsageError: git is missing, or the remote is none.
        """
        if shutil.which("git") is None:
            raise UsageError("git is not installed, and a branch is published with it", "apt-get install git")
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
        """Standard output of a git command.

        Raises:
            GitFailed: it ended with an error.
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
            raise GitFailed(f"{self.shown}: git {arguments[0]} took more than {_SECONDS} s", "is it reached?") from None
        if done.returncode != 0:
            message = f"{self.shown}: git {arguments[0]}: {_reason(done.stderr + done.stdout)}"
            raise GitFailed(message, _hint(done.stderr))
        return done.stdout


def _is_of_another_repository(name: str) -> bool:
    """Set while git runs a hook, for example."""
    return name in ("GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def _address(remote: str, cwd: Path) -> str:
    """A remote's name → its URL; a path → a whole one, since git runs elsewhere."""
    if "://" in remote or re.match(r"[^/]+@?[^/]*:", remote):
        return remote
    if "/" not in remote:
        done = _asked(cwd, "remote", "get-url", "--push", remote)
        if done is not None:
            return done.rstrip("\n") if "://" in done or ":" in done else str((cwd / done.rstrip("\n")).resolve())
    path = cwd / remote
    if path.is_dir():
        return str(path.resolve())
    raise UsageError(
        f"gh-pages:{remote}: there is neither a remote of that name in {cwd} nor a repository at that path",
        "write gh-pages:origin within a checkout, or gh-pages:https://github.com/OWNER/REPOSITORY",
    )


def _settings(cwd: Path) -> Mapping[str, str]:
    """How the checkout signs in, as variables: no token stands in an argument or a file."""
    found = dict(_pairs(_asked(cwd, "config", "--local", "--includes", "--null", "--get-regexp", _SIGNING_IN) or ""))
    numbered: dict[str, str] = {}
    for i, (key, value) in enumerate(found.items()):
        numbered |= {f"GIT_CONFIG_KEY_{i}": key, f"GIT_CONFIG_VALUE_{i}": value}
    return {**numbered, "GIT_CONFIG_COUNT": str(len(found))} if found else {}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for item in text.split("\0"):
        key, separator, value = item.partition("\n")
        if separator:
            yield key, value


def _asked(cwd: Path, *arguments: str) -> str | None:
    """What git says in the user's folder; None when it has nothing to say, as outside of a checkout."""
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout if done.returncode == 0 else None


def _reason(output: bytes) -> str:
    """The line that says it, without credentials."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "!"))]
    return without_user((telling or lines or ["it said nothing"])[0])[:300]


def _hint(output: bytes) -> str:
    text = output.decode(errors="replace")
    if "could not read Username" in text or "Authentication failed" in text or "403" in text or "denied" in text:
        return _SIGN_IN
    if "No space left" in text:
        return _ROOM
    return "is the address right, and is it reached? git ls-remote tells"
