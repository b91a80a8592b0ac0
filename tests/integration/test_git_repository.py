"""The throw-away repository is private: neither settings nor variables of git act on what is published. FAULTS F4."""

import os
import subprocess
import sys

import pytest

from sresnap.publish.targets.branch import Branch
from tests.integration import sites
from tests.integration.git_servers import checkout_of, commit_by_hand, git, own_home

OF_USERS = """
core.autocrlf=true core.eol=crlf core.safecrlf=true core.fileMode=false fetch.writeCommitGraph=true
fetch.recurseSubmodules=true gc.auto=1 maintenance.strategy=incremental i18n.commitEncoding=latin1
i18n.logOutputEncoding=latin1 user.useConfigOnly=true transfer.fsckObjects=true receive.fsckObjects=true
fsck.missingEmail=error remote.origin.url=/nonexistent remote.origin.prune=true remote.pushDefault=elsewhere
safe.bareRepository=explicit core.quotePath=true core.compression=0 core.bare=false core.worktree=/nonexistent
core.bigFileThreshold=1 core.sharedRepository=0600 core.attributesFile=/nonexistent core.excludesFile=/nonexistent
commit.template=/nonexistent trace2.eventTarget=1 advice.objectNameWarning=true extensions.partialClone=elsewhere
push.followTags=true push.default=nothing push.recurseSubmodules=only push.pushOption=x fetch.fsckObjects=true
push.useForceIfIncludes=true push.negotiate=true fetch.prune=true
alias.push=!false alias.ls-remote=!false color.ui=always core.pager=false
"""
OF_A_REPOSITORY = """
COMMON_DIR OBJECT_DIRECTORY INDEX_FILE WORK_TREE SHALLOW_FILE QUARANTINE_PATH ALTERNATE_OBJECT_DIRECTORIES
GRAFT_FILE COMMITTER_DATE NO_LAZY_FETCH CONFIG ATTR_SOURCE DIR
"""
HOOK = "#!/bin/sh\necho HOOK >&2\nexit 1\n"


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The global file of git's settings."""
    return own_home(monkeypatch, tmp_path / "home")


@pytest.fixture
def bare(settings, tmp_path):
    git("init", "--bare", "--quiet", "site.git", cwd=tmp_path)
    return tmp_path / "site.git"


def publish(bare, folder, number=0):
    """Publish a report; the branch must have the folder's bytes."""
    out = folder / "public"
    out.mkdir(exist_ok=True)
    (out / "notes.txt").write_bytes(b"one\r\ntwo\nthree\r\n")
    sites.build(out, number)
    sites.publish(Branch(str(bare), folder), out)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for name in ("notes.txt", "latest.json"):
        blob = ["git", "--git-dir", bare, "cat-file", "blob", f"gh-pages:{name}"]
        found = subprocess.run(blob, env=variables, capture_output=True, check=True)
        assert found.stdout == (out / name).read_bytes()


def hooks(folder):
    folder.mkdir(parents=True)
    for name in ("pre-push", "reference-transaction", "post-commit"):
        (folder / name).write_text(HOOK)
        (folder / name).chmod(0o755)
    return folder


def test_f4a_a_global_folder_of_hooks_has_no_effect(bare, tmp_path):
    git("config", "--global", "core.hooksPath", str(hooks(tmp_path / "hooks")), cwd=tmp_path)
    publish(bare, tmp_path)


def test_f4b_a_template_with_a_hook_has_no_effect(bare, tmp_path, monkeypatch):
    hooks(tmp_path / "template/hooks")
    git("config", "--global", "init.templateDir", str(tmp_path / "template"), cwd=tmp_path)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "template"))
    publish(bare, tmp_path)


def test_f4b_not_even_gits_own_template_is_used(bare, tmp_path):
    target = Branch(str(bare), tmp_path)
    target._git.create("sha1")
    of_templates = {"branches", "description", "hooks", "info"}
    assert not of_templates & {path.name for path in (target._git._folder.path / "sha1").iterdir()}


def test_f4c_a_push_that_is_signed_everywhere_is_not_signed_here(bare, tmp_path):
    for key in ("push.gpgSign", "commit.gpgSign", "tag.gpgSign"):
        git("config", "--global", key, "true", cwd=tmp_path)
    git("config", "--global", "gpg.program", "/nonexistent/gpg", cwd=tmp_path)
    publish(bare, tmp_path)


def test_f4d_a_default_hash_is_not_the_remotes(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    git("config", "--global", "init.defaultObjectFormat", "sha256", cwd=tmp_path)
    publish(bare, tmp_path)


@pytest.mark.parametrize("others", [0, 1])
def test_f4e_a_remote_with_sha256_takes_a_first_report(settings, tmp_path, others):
    git("init", "--bare", "--quiet", "--object-format=sha256", "s256.git", cwd=tmp_path)
    if others:
        git("init", "--quiet", "--object-format=sha256", "co", cwd=tmp_path)
        git("remote", "add", "origin", str(tmp_path / "s256.git"), cwd=tmp_path / "co")
        commit_by_hand(tmp_path / "co", "main")
    for number in range(2):
        publish(tmp_path / "s256.git", tmp_path, number)
    assert len(git("rev-parse", "gh-pages", cwd=tmp_path / "s256.git").strip()) == 64
    assert sites.verify(Branch(str(tmp_path / "s256.git"), tmp_path), everything=True).wrong == ()


def test_f4f_variables_that_name_parts_of_another_repository_have_no_effect(bare, tmp_path, monkeypatch):
    for number, name in enumerate(OF_A_REPOSITORY.split()):
        monkeypatch.setenv(f"GIT_{name}", str(tmp_path / "elsewhere"))
        if name in ("COMMON_DIR", "DIR"):
            publish(bare, tmp_path, number)
    assert not (tmp_path / "elsewhere").exists()


def test_f4f_within_a_hook_of_the_checkout_its_remote_is_published_to(bare, tmp_path):
    """Git sets GIT_DIR and its like for a hook."""
    checkout = checkout_of(tmp_path / "co", origin=str(bare))
    out = tmp_path / "public"
    sites.build(out, 0)
    code = "from pathlib import Path; from sresnap.publish.targets.branch import Branch; "
    code += f"from tests.integration import sites; sites.publish(Branch('origin', Path.cwd()), Path({str(out)!r}))"
    hook = checkout / ".git/hooks/post-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{subprocess.list2cmdline([sys.executable, '-c', code])}\n")
    hook.chmod(0o755)
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "--allow-empty", "-m", "x", cwd=checkout)
    assert git("show", "gh-pages:latest.json", cwd=bare).encode() == (out / "latest.json").read_bytes()
    assert "gh-pages" not in git("for-each-ref", cwd=checkout)


def test_f4g_a_namespace_does_not_hide_the_branch(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_NAMESPACE", "foo")
    publish(bare, tmp_path)
    monkeypatch.delenv("GIT_NAMESPACE")
    assert git("for-each-ref", "--format=%(refname)", cwd=bare).split() == ["refs/heads/gh-pages"]


@pytest.mark.parametrize("protocol", [0, 2])
def test_settings_of_the_user_change_no_byte_and_stop_no_publication(bare, tmp_path, settings, protocol):
    for item in (*OF_USERS.split(), f"protocol.version={protocol}"):
        key, _, value = item.partition("=")
        section, _, name = key.rpartition(".")
        head, _, middle = section.partition(".")
        settings_of = f'[{head} "{middle}"]' if middle else f"[{head}]"
        with settings.open("a") as file:
            file.write(f"{settings_of}\n\t{name} = {value}\n")
    for number in range(2):
        publish(bare, tmp_path, number)


def test_traces_of_git_change_nothing(bare, tmp_path, monkeypatch):
    for name in ("GIT_TRACE", "GIT_TRACE_PACKET", "GIT_TRACE_SETUP", "GIT_CURL_VERBOSE", "GIT_TRACE2"):
        monkeypatch.setenv(name, "1")
    publish(bare, tmp_path)


def test_attributes_on_the_branch_change_no_byte(bare, tmp_path):
    checkout = checkout_of(tmp_path / "co", origin=str(bare))
    (checkout / ".gitattributes").write_text("* text eol=crlf ident\n*.html filter=lfs working-tree-encoding=UTF-16\n")
    git("add", "-A", cwd=checkout)
    who = ("-c", "user.name=p", "-c", "user.email=p@e")
    git(*who, "commit", "--quiet", "-m", "attributes", cwd=checkout)
    git("push", "--quiet", "origin", "HEAD:refs/heads/gh-pages", cwd=checkout)
    publish(bare, tmp_path)
    assert git("show", "gh-pages:.gitattributes", cwd=bare).startswith("* text")
