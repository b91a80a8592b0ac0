"""Settings, variables and files of others around a publication to a branch: they change no byte and start no program.

Each row is a surrounding in which git itself works. A site is published twice from a checkout whose remote the branch
belongs to, restored elsewhere and verified.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.targets.branch import Branch
from tests.integration import sites
from tests.integration.git_servers import checkout_of, git, own_home

LFS = "* filter=lfs diff=lfs merge=lfs -text\n"


@dataclass(frozen=True)
class Around:
    """What surrounds a publication. `{bare}`, `{checkout}`, `{touch}` and `{folder}` are filled in."""

    name: str
    everywhere: dict[str, str] = field(default_factory=dict)
    """Settings of the user."""
    here: dict[str, str] = field(default_factory=dict)
    """Settings of the checkout."""
    variables: dict[str, str] = field(default_factory=dict)
    attributes: str = ""
    """Of the branch, before the first report."""
    remote: str = "origin"
    before: Callable[["Place"], None] = lambda _: None


@dataclass(frozen=True)
class Place:
    """A checkout, its remote, and a program that must never run."""

    folder: Path

    @property
    def bare(self) -> Path:
        return self.folder / "site.git"

    @property
    def checkout(self) -> Path:
        return self.folder / "co"

    @property
    def ran(self) -> Path:
        return self.folder / "ran"

    def filled(self, text: str) -> str:
        return text.format(bare=self.bare, checkout=self.checkout, folder=self.folder, touch=self.folder / "touch")


def include(place):
    (place.folder / "more.inc").write_text(f'[url "{place.bare}"]\n\tinsteadOf = site:\n[core]\n\tautocrlf = true\n')


def partial_clone(place):
    git("clone", "--quiet", "--filter=blob:none", f"file://{place.bare}", "part", cwd=place.folder)
    shutil.rmtree(place.checkout)
    (place.folder / "part").rename(place.checkout)


def gone(place):
    shutil.rmtree(place.checkout / ".git")
    (place.checkout / ".git").write_text("gitdir: /nowhere\n")


REQUIRED = {"filter.lfs.required": "true"}
FILTERS = {f"filter.lfs.{name}": "{touch}" for name in ("clean", "smudge", "process")} | REQUIRED
EVERYWHERE = {
    "core.autocrlf": "true",
    "core.safecrlf": "true",
    "core.fsmonitor": "{touch}",
    "core.hooksPath": "{folder}/hooks",
}
PROGRAMS = dict.fromkeys(("core.editor", "core.pager", "sequence.editor", "diff.external"), "{touch}")
VARIABLES = dict.fromkeys(("GIT_EDITOR", "GIT_PAGER", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND"), "{touch}")
HERE = {
    "core.autocrlf": "input",
    "core.fsmonitor": "{touch}",
    "core.hooksPath": "{folder}/hooks",
    "core.worktree": "{folder}",
    "core.sparseCheckout": "true",
    "core.splitIndex": "true",
    "core.untrackedCache": "true",
    "lfs.url": "https://lfs.test",
}
TRACES = {
    f"GIT_{name}": "2" for name in ("TRACE", "TRACE2", "TRACE2_EVENT", "TRACE2_PERF", "TRACE_PACKET", "TRACE_SETUP")
}
ROWS = [
    Around("lfs on the branch, its filter required and missing", REQUIRED, attributes=LFS),
    Around("programs, filters and line ends", EVERYWHERE | FILTERS | PROGRAMS, HERE | REQUIRED, VARIABLES, LFS),
    Around("an address that a file for this remote rewrites", {
        "includeIf.hasconfig:remote.*.url:{bare}.path": "{folder}/more.inc", "include.path": "/nowhere",
        "includeIf.onbranch:main.path": "/nowhere"}, remote="site:", before=include),
    Around("an address that is rewritten for pushes only", {"url.{bare}.pushInsteadOf": "/nowhere"},
           {"remote.origin.url": "/nowhere"}),
    Around("a partial clone", {"fetch.fsckObjects": "true"}, before=partial_clone),
    Around("settings of a partial clone that is gone", {"protocol.allow": "never", "protocol.file.allow": "always"}, {
        "remote.origin.promisor": "true", "remote.origin.partialclonefilter": "tree:0",
        "extensions.partialClone": "nowhere"}),
    Around("variables of locks, ceilings, protocols and traces", variables={
        "GIT_OPTIONAL_LOCKS": "0", "GIT_CEILING_DIRECTORIES": "{folder}", "GIT_ALLOW_PROTOCOL": "file",
        "GIT_FLUSH": "0", "GIT_DISCOVERY_ACROSS_FILESYSTEM": "0", "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_REPLACE_REF_BASE": "refs/x", "GIT_TRACE_BARE": "1", "GIT_TRACE_REFS": "{folder}/trace", **TRACES}),
]  # fmt: skip
REFUSED = [
    (Around("a protocol that is forbidden", {"protocol.file.allow": "never"}), "not allowed", "protocol.allow"),
    (Around("another owner", {"remote.origin.uploadpack": "GIT_TEST_ASSUME_DIFFERENT_OWNER=1 git-upload-pack"}),
     "dubious ownership", "git config --global --add safe.directory {bare}"),
    (Around("a checkout of a newer git", here={"core.repositoryFormatVersion": "1", "extensions.foo": "true"}),
     "unknown repository extension found: foo", "upgrade git"),
    (Around("settings in damaged variables", variables={"GIT_CONFIG_COUNT": "abc"}), "bogus count", "GIT_CONFIG_"),
    (Around("a file that includes itself", {"include.path": "{folder}/home/.gitconfig"}),
     "while including {folder}/home/.gitconfig", "correct that file"),
    (Around("a folder that is gone", variables={"GIT_DIR": "/nowhere"}), "'/nowhere'", "GIT_DIR names is gone"),
    (Around("a worktree whose repository is gone", before=gone), "not a git repository: /nowhere",
     "git worktree repair"),
    (Around("traces on the terminal", remote="ssh://host.test/x.git", variables=TRACES | {
        "GIT_TRACE_BARE": "1", "GIT_SSH_COMMAND": "sh -c 'echo no such host >&2; exit 255'"}),
     "git ls-remote: no such host", "git ls-remote"),
]  # fmt: skip


@pytest.fixture
def place(monkeypatch, tmp_path):
    own_home(monkeypatch, tmp_path / "home")
    place = Place(tmp_path)
    git("init", "--bare", "--quiet", "site.git", cwd=tmp_path)
    git("config", "uploadpack.allowFilter", "true", cwd=place.bare)
    checkout_of(place.checkout, origin=str(place.bare))
    (tmp_path / "hooks").mkdir()
    for path in (tmp_path / "touch", *(tmp_path / "hooks" / name for name in ("pre-push", "reference-transaction"))):
        path.write_text(f"#!/bin/sh\ntouch {place.ran}\nexit 1\n")
        path.chmod(0o755)
    return place


def prepare(place, row, monkeypatch):
    if row.attributes:
        other = place.folder / "other"
        checkout_of(other, origin=str(place.bare))
        (other / ".gitattributes").write_text(row.attributes)
        git("add", "-A", cwd=other)
        git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "-m", "attributes", cwd=other)
        git("push", "--quiet", "origin", "HEAD:refs/heads/gh-pages", cwd=other)
    row.before(place)
    for scope, settings in (("--global", row.everywhere), ("--local", row.here)):
        for key, value in settings.items():
            git("config", scope, "--add", place.filled(key), place.filled(value), cwd=place.checkout)
    for name, value in row.variables.items():
        monkeypatch.setenv(name, place.filled(value))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_publication_is_the_same_with(place, row, monkeypatch):
    prepare(place, row, monkeypatch)
    out, again = place.folder / "public", place.folder / "again"
    out.mkdir()
    (out / "notes.txt").write_bytes(b"one\r\ntwo\nthree\r\n")
    sites.build(out, 0)
    sites.publish(Branch(row.remote, place.checkout), out)
    sites.restore(Branch(row.remote, place.checkout), again)
    assert (again / "latest.json").read_bytes() == (out / "latest.json").read_bytes()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    blob = ["git", "--git-dir", place.bare, "cat-file", "blob", "gh-pages:notes.txt"]
    assert subprocess.run(blob, env=plain, capture_output=True, check=True).stdout == (out / "notes.txt").read_bytes()
    assert not place.ran.exists()


@pytest.mark.parametrize(("row", "words", "hint"), REFUSED, ids=lambda row: getattr(row, "name", ""))
def test_git_s_words_and_what_to_do_are_shown_with(place, row, words, hint, monkeypatch):
    prepare(place, row, monkeypatch)
    with pytest.raises((PublishFailed, UsageError)) as raised:
        Branch(row.remote, place.checkout)
    assert place.filled(words) in raised.value.message
    assert place.filled(hint) in raised.value.hint
    assert not place.ran.exists()
