"""How git reaches a remote from the user's folder: its address, its sign-in, its proxies.

The rule: a remote that `git ls-remote` reaches in the user's folder is reached by the throw-away repository, too. That
repository reads none of git's own files of settings, so nothing else of the user's acts on it: no hooks, no
templates, no signing. This module asks git in the user's folder for all settings, in their order, and hands on the
right ones.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.errors import UsageError
from sresnap.publish.targets.address import without_user
from sresnap.publish.targets.git_process import Done, run_git
from sresnap.publish.targets.git_words import advice, reason

_SECONDS = 60
_OLDEST_GIT = (2, 32)
"""The first one that takes all settings from variables and no others (GIT_CONFIG_COUNT, GIT_CONFIG_GLOBAL)."""
_OF_CORE = ("core.askpass", "core.gitproxy", "core.sshcommand")
_OF_REMOTE = ("proxy", "proxyauthmethod", "receivepack", "uploadpack")
"""Settings of a named remote that matter for reaching it; `git help config`, remote.<name>."""
_OF_OTHER_SIDE = ("receive", "safe", "transfer", "uploadpack")
"""What git reads on the other side, when that is a folder of this machine. It gets them from a file."""
_OF_A_REPOSITORY = """
add advice alias am apply attr author blame branch bundle checkout clean clone color column commit commitgraph committer
core diff difftool extensions fastimport feature fetch filter format fsck fsmonitor gc gpg grep gui help i18n include
includeif index init log lsrefs maintenance merge mergetool notes pack pager pretty promisor pull push rebase reftable
remote remotes repack rerere revert sequence showbranch sparse splitindex stash status submodule tag tar trace2 trailer
uploadarchive versionsort worktree
"""
"""The sections of `git help config` that say how git works on a repository. All others say how it reaches one (http,
credential, url, ssh, protocol), who the user is, or belong to other programs, such as a credential helper."""
_NOT_CARRIED = frozenset((*_OF_A_REPOSITORY.split(), *_OF_OTHER_SIDE))
_FOREIGN_VARIABLES = re.compile(
    r"GIT_(CONFIG(_.*)?|NAMESPACE|DEFAULT_HASH|DEFAULT_REF_FORMAT|TEMPLATE_DIR|QUARANTINE_PATH|NO_LAZY_FETCH|ATTR_SOURCE"
    r"|REF_PARANOIA|TEST_.*|(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS|(AUTHOR|COMMITTER)_.*)"
)
"""Variables that act on a repository, besides those that git itself lists."""
_TRACE = re.compile(r"GIT_(CURL_VERBOSE|TRACE2?(_(?!BARE|REDACT|CURL_NO|BRIEF|DST|MAX|CONFIG|ENV|PARENT).*)?)")
"""Variables that say where git writes what it does. The others say how."""
_TO_TERMINAL = re.compile(r"[1-9]|true|yes|on", re.IGNORECASE)
"""Such a variable has a descriptor or a truth; an absolute path is the user's own file."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of git. A key may have several values, whose order matters."""

    key: str
    """Section and name in lower case, as git prints it."""
    value: str
    scope: str
    """Where it stands: system, global, local, worktree or command."""

    @property
    def section(self) -> str:
        """The part before the first dot."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote repository."""

    url: str
    """As git is to use it: a URL or an absolute path. May hold credentials."""
    settings: tuple[Setting, ...]
    """How git reaches it, as settings of a remote that is named origin."""
    is_of_checkout: bool
    """Whether it is a remote of the user's checkout, or the checkout itself."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """What git knows in the user's folder, which may be no checkout at all."""

    cwd: Path
    top: Path
    """The folder in which git runs, and to which its relative paths refer: the top of the checkout."""
    settings: tuple[Setting, ...]
    branch: str | None
    """The ref that is checked out, such as refs/heads/main."""
    trouble: str | None
    """Git's own words, if there is a checkout that git refuses to read; its settings are then missing."""
    trouble_hint: str | None

    def remote(self, name: str) -> Remote:
        """The remote that a user names: by its name in the checkout, a URL, or a path.

        Raises:
            UsageError: there is no such remote.
        """
        if not name.strip():
            raise UsageError("gh-pages: names no remote", "write gh-pages:origin within a checkout")
        if _is_url(name):
            return Remote(name, tuple(self._carried()), self._is_own(name))
        # The URL of a named remote is what url.….insteadOf has made of it already.
        asked = _ask(self.cwd, "remote", "get-url", "--push", "--", name)
        if asked.code == 0:
            found = os.fsdecode(asked.output).rstrip("\n")
            carried = (setting for setting in self._carried() if setting.section != "url")
            return Remote(self._absolute(found, self.top), (*carried, *self._of_remote(name)), is_of_checkout=True)
        path = self.cwd / name
        if path.is_dir():
            return Remote(str(path.resolve()), tuple(self._carried()), self._is_own(str(path.resolve())))
        if self.trouble is not None:
            raise UsageError(
                f"gh-pages:{name}: git cannot read the checkout {self.cwd}: {self.trouble}", self.trouble_hint
            )
        raise UsageError(
            f"gh-pages:{name}: {self.cwd} has neither a remote of that name nor a repository at that path",
            "write gh-pages:origin within a checkout, or gh-pages:https://github.com/OWNER/REPOSITORY",
        )

    def of_other_side(self) -> str:
        """A file of settings for a repository on this machine, such as which folders of other users are safe."""
        rows = (item for item in self.settings if item.section in _OF_OTHER_SIDE and item.scope in ("system", "global"))
        return "".join(map(_in_file, rows))

    def _carried(self) -> Iterator[Setting]:
        """The settings for reaching any remote, in git's order."""
        for setting in self.settings:
            if setting.key in _OF_CORE or setting.section not in _NOT_CARRIED:
                yield setting

    def _of_remote(self, name: str) -> Iterator[Setting]:
        for setting in self.settings:
            start, _, last = setting.key.rpartition(".")
            if start == f"remote.{name}" and last in _OF_REMOTE:
                yield Setting(f"remote.origin.{last}", setting.value, setting.scope)

    def _is_own(self, url: str) -> bool:
        """Whether an address leads to a remote of this checkout, or to the checkout itself."""
        own = [str(self.top), str(self.top / ".git")] if self.branch else []
        own += [
            self._absolute(setting.value, self.top)
            for setting in self.settings
            if setting.section == "remote" and setting.key.endswith((".url", ".pushurl"))
        ]
        return _comparable(url) in map(_comparable, own)

    @staticmethod
    def _absolute(url: str, folder: Path) -> str:
        return url if _is_url(url) else str((folder / url).resolve())


def read_checkout(cwd: Path) -> Checkout:
    """Ask git what it knows in a folder.

    Raises:
        UsageError: git is missing or too old, or a file of its settings is damaged.
    """
    _refuse_old(cwd)
    top = _ask(cwd, "rev-parse", "--show-toplevel")
    words = top.errors.decode(errors="replace")
    # Git says this in a bare repository, too, which has settings and no top.
    is_known = top.code == 0 or "must be run in a work tree" in words
    in_trouble = not is_known and "not a git repository (or any" not in words
    listed = _ask(cwd, "config", "--null", "--list", "--show-scope")
    if listed.code != 0:
        message = f"git cannot read its settings in {cwd}: {reason(listed.errors)}"
        hint = advice(listed.errors, "correct that file: `git config --list` reads the same")
        raise UsageError(message, hint)
    head = _ask(cwd, "symbolic-ref", "--quiet", "HEAD")
    return Checkout(
        cwd=cwd,
        top=Path(os.fsdecode(top.output).rstrip("\n")) if top.code == 0 else cwd,
        settings=tuple(_settings(os.fsdecode(listed.output))),
        branch=os.fsdecode(head.output).strip() or None,
        trouble=reason(top.errors) if in_trouble else None,
        trouble_hint=advice(top.errors, "`git status` there says the same") if in_trouble else None,
    )


def environment_of(checkout: Checkout, settings: Collection[Setting]) -> Mapping[str, str]:
    """This process's variables with these settings, and without those that lead git to another repository.

    Settings are handed on in variables, so that no token is in an argument or a file.
    """
    local = set(_ask(checkout.cwd, "rev-parse", "--local-env-vars").output.decode().split())
    kept = {
        name: value
        for name, value in _variables().items()
        if name not in local and not _FOREIGN_VARIABLES.fullmatch(name)
    }
    numbered: dict[str, str] = {}
    for number, setting in enumerate(settings):
        numbered |= {f"GIT_CONFIG_KEY_{number}": setting.key, f"GIT_CONFIG_VALUE_{number}": setting.value}
    return {**kept, **numbered, "GIT_CONFIG_COUNT": str(len(settings))}


def _refuse_old(cwd: Path) -> None:
    if shutil.which("git") is None:
        raise UsageError("git is not installed; sresnap publishes a branch with it", "apt-get install git")
    found = re.search(rb"(\d+)\.(\d+)", _ask(cwd, "version").output)
    if found is not None and (int(found[1]), int(found[2])) < _OLDEST_GIT:
        have, need = found[0].decode(), ".".join(map(str, _OLDEST_GIT))
        raise UsageError(f"git {have} is too old; sresnap needs git {need} or newer", "upgrade git")


def _ask(cwd: Path, *arguments: str) -> Done:
    """The answer of git in the user's folder, with the user's variables."""
    # GIT_CONFIG acts on `git config` only, which would then not answer what other commands read.
    environment = {name: value for name, value in _variables().items() if name != "GIT_CONFIG"} | {"LC_ALL": "C"}
    return run_git(arguments, environment=environment, cwd=cwd, seconds=_SECONDS)


def _variables() -> Mapping[str, str]:
    """This process's variables, without traces to git's standard error, which would hide its reasons."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (_TRACE.fullmatch(name) and _TO_TERMINAL.fullmatch(value))
    }


def _settings(text: str) -> Iterator[Setting]:
    """The settings of `git config --null --list --show-scope`."""
    parts = iter(text.split("\0")[:-1])
    for scope, item in zip(parts, parts, strict=True):
        key, separator, value = item.partition("\n")
        yield Setting(key, value if separator else "true", scope)  # a key without a value is true


def _is_url(remote: str) -> bool:
    return "://" in remote or re.match(r"[^/]+@?[^/]*:", remote) is not None


def _comparable(url: str) -> str:
    return without_user(url).rstrip("/").removesuffix(".git").rstrip("/")


def _in_file(setting: Setting) -> str:
    """A setting as a file has it: `receive.fsck.badDate` stands under `[receive "fsck"]`."""
    head, _, name = setting.key.rpartition(".")
    section, dot, subsection = head.partition(".")
    return f"[{section}{f' {_in_quotes(subsection)}' if dot else ''}]\n\t{name} = {_in_quotes(setting.value)}\n"


def _in_quotes(value: str) -> str:
    """A value as a file of settings writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
