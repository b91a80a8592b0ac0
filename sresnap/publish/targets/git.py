"""Git in a throw-away repository, which reaches its remote the way the user's checkout does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sresnap import secret_spelling
from sresnap.errors import PublishFailed
from sresnap.publish.targets.address import has_login, secrets_of_remote, shown_remote
from sresnap.publish.targets.git_checkout import Setting, environment_of, read_checkout
from sresnap.publish.targets.git_folder import GitFolder, temporary
from sresnap.publish.targets.git_process import Running, run_git
from sresnap.publish.targets.git_words import Refusal, advice, reason, refusal

_SECONDS = 900
"""For a command that sends or fetches files."""
_ASKING_SECONDS = 120
"""For asking a remote which branches it has."""
_OWN_SETTINGS = {"gc.auto": "0", "maintenance.auto": "false", "core.hooksPath": "/dev/null"}


class GitFailed(PublishFailed):
    """A git command failed."""

    def __init__(self, message: str, hint: str, kind: Refusal) -> None:
        super().__init__(message, hint)
        self.kind = kind

    @property
    def may_pass(self) -> bool:
        """Whether another attempt may succeed."""
        return self.kind.may_pass


class Repository:
    """A bare repository in a temporary folder, which is removed with this object. Its remote is named origin.

    It reads none of git's own files of settings, and takes from the user's those that say how to reach a remote.
    """

    def __init__(self, remote: str, cwd: Path) -> None:
        """Prepare the repository; `create` makes it, once the remote's kind of hash is known.

        Args:
            remote: name of a remote of the checkout in `cwd`, a URL, or a path.
            cwd: the user's folder.

        Raises:
            UsageError: git is missing, or there is no such remote.
            PublishFailed: the folder for temporary files cannot be written to.
        """
        self.checkout = read_checkout(cwd)
        self.remote = self.checkout.remote(remote)
        self.shown = shown_remote(self.remote.url)
        self._secrets = secret_spelling.pattern(self._secret_parts())
        self._folder = GitFolder()
        self._running = Running()
        self.notes = self._folder.notes
        other_side = self._folder.path / "config"
        with temporary():
            other_side.write_bytes(self.checkout.of_other_side().encode(errors="surrogateescape"))
        own = {**_OWN_SETTINGS, "remote.origin.url": self.remote.url}
        settings = (*self.remote.settings, *(Setting(key, value, "command") for key, value in own.items()))
        self._environment = {
            **environment_of(self.checkout, settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(other_side),
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        self._use("none")

    def create(self, hash_name: str) -> None:
        """Make an empty repository with a kind of hash: sha1 or sha256.

        Raises:
            GitFailed: this git does not know it.
        """
        self._use(hash_name)
        folder = self._environment["GIT_DIR"]
        self.run("init", "--bare", "--quiet", "--template=", f"--object-format={hash_name}", folder)

    def _use(self, name: str) -> None:
        self._environment["GIT_DIR"] = str(self._folder.path / name)

    def abandon(self) -> None:
        """End every command that runs."""
        self._running.end_all()

    def run(self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL, most: int | None = None) -> bytes:
        """Run a git command and return its standard output.

        Args:
            arguments: of git.
            stdin: its input.
            most: see `run_git`.

        Raises:
            GitFailed: it failed.
            LongOutput: its output is longer than it may be.
            PublishFailed: it cannot be run, or does not end.
        """
        try:
            done = run_git(
                arguments,
                environment=self._environment,
                cwd=self.checkout.top,
                stdin=stdin,
                seconds=_ASKING_SECONDS if arguments[0] == "ls-remote" else _SECONDS,
                most=most,
                running=self._running,
            )
        except PublishFailed as error:
            raise type(error)(f"{self.shown}: {error.message}", error.hint) from error
        if done.code != 0:
            said = self._without_secrets(done.errors + done.output)
            message = f"{self.shown}: git {arguments[0]}: {reason(said)}"
            raise GitFailed(message, self._hint(said), refusal(said))
        return done.output

    def _secret_parts(self) -> Iterator[str]:
        """Secrets of the remote's address, and of those that git may make of it (url.ADDRESS.insteadOf)."""
        yield from secrets_of_remote(self.remote.url)
        for setting in self.remote.settings:
            if setting.section == "url":
                yield from secrets_of_remote(setting.key.partition(".")[2].rpartition(".")[0])

    def _without_secrets(self, said: bytes) -> bytes:
        """Git's words without the remote's secrets, which git quotes in spellings of its own."""
        text = said.decode(errors="surrogateescape")
        found = text if self._secrets is None else self._secrets.sub("…", text)
        return found.encode(errors="surrogateescape")

    def _hint(self, said: bytes) -> str:
        """What to do, with what only the checkout shows about a login that was refused."""
        if refusal(said).is_sign_in:
            if self.checkout.trouble is not None:
                return (
                    f"git refuses to read this checkout, so its sign-in is missing ({self.checkout.trouble}): "
                    f"{self.checkout.trouble_hint}"
                )
            header = next((item.key for item in self.remote.settings if item.key.endswith(".extraheader")), None)
            if header is not None and has_login(self.remote.url):
                return (
                    f"the checkout sends a token of its own ({header}), and the address's is not used: check out with "
                    "persist-credentials: false, or publish to gh-pages:origin with that token"
                )
        return advice(said)
