"""Pushes that real servers refuse: the message quotes them, and the hint is true. FAULTS F11."""

import random

import pytest

from sresnap.errors import PublishFailed
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.git import Repository
from tests.integration import sites
from tests.integration.git_servers import GitServer, checkout_of, git, own_home

GITHUB = "GH006: Protected branch update failed for refs/heads/gh-pages."
GITLAB = "GitLab: You are not allowed to force push code to a protected branch on this project."


@pytest.fixture
def out(monkeypatch, tmp_path):
    own_home(monkeypatch, tmp_path / "home")
    sites.build(tmp_path / "public", 0)
    return tmp_path / "public"


@pytest.fixture
def bare(out, tmp_path):
    git("init", "--bare", "--quiet", "site.git", cwd=tmp_path)
    return tmp_path / "site.git"


@pytest.fixture
def server(out, tmp_path):
    (tmp_path / "served").mkdir()
    with GitServer(tmp_path / "served").running() as running:
        yield running


def refused(remote, out):
    """The error of a publication."""
    with pytest.raises(PublishFailed) as raised:
        sites.publish(Branch(str(remote), out.parent), out)
    assert "\n" not in raised.value.message
    return raised.value


@pytest.mark.parametrize("words", [GITHUB, GITLAB])
def test_f11_a_protected_branch_names_the_forced_push(bare, out, words):
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\necho x >> {out.parent}/pushes\necho "{words}" >&2\nexit 1\n')
    hook.chmod(0o755)
    error = refused(bare, out)
    assert words in error.message
    assert "allow" in error.hint
    assert "forced push" in error.hint
    assert (out.parent / "pushes").read_text() == "x\n"  # a refusal is not tried again


def test_f11_a_remote_that_denies_every_later_push_says_why(bare, out):
    git("config", "receive.denyNonFastForwards", "true", cwd=bare)
    sites.publish(Branch(str(bare), out.parent), out)
    sites.build(out, 1)
    error = refused(bare, out)
    assert "denying non-fast-forward" in error.message
    assert "replaces the last one by a forced push" in error.hint
    assert "receive.denyNonFastForwards" in error.hint


def test_f11_a_server_before_git_that_takes_no_large_body_names_its_limit(server, out):
    url = server.new("r.git")
    (out / "large.png").write_bytes(random.Random(1).randbytes(200_000))
    server.most_bytes = 100_000
    error = refused(url, out)
    assert "HTTP 413" in error.message
    assert "client_max_body_size" in error.hint


def test_f11_a_token_in_the_address_that_the_checkouts_header_overrides_is_named(server, out):
    server.login = "x-access-token:good"
    url = server.new("r.git").replace("://", "://x-access-token:good@")
    checkout = checkout_of(out.parent / "co")
    git("config", f"http.{server.url}/.extraheader", "AUTHORIZATION: basic b3RoZXI6cmVwb3NpdG9yeQ==", cwd=checkout)
    with pytest.raises(PublishFailed, match="Authentication failed") as raised:
        Branch(url, checkout)
    assert "persist-credentials: false" in raised.value.hint
    assert f"http.{server.url}/.extraheader" in raised.value.hint
    assert "good" not in raised.value.message + raised.value.hint
    git("config", "--unset-all", f"http.{server.url}/.extraheader", cwd=checkout)
    Branch(url, checkout)


def test_f11_a_missing_login_asks_for_the_right_to_push(server, out):
    server.login = "me:hunter2"
    with pytest.raises(PublishFailed, match="could not read Username") as raised:
        Branch(server.new("r.git"), out.parent)
    assert "contents: write" in raised.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "http://user:s3cr3t pass@127.0.0.1:1/x.git",
        "http://127.0.0.1:1/x.git?private_token=s3cr3t",
        "http://user:12/s3cr3t/@127.0.0.1:1/x.git",
        "user:s3cr3t@127.0.0.1:x.git",
    ],
)
def test_a_named_remote_with_a_secret_in_its_address_is_shown_without_it(monkeypatch, tmp_path, url):
    own_home(monkeypatch, tmp_path / "home")
    monkeypatch.setenv("GIT_SSH_COMMAND", "echo cannot run ssh to $* >&2; false")
    git("init", "--quiet", ".", cwd=tmp_path)
    git("remote", "add", "sp", url, cwd=tmp_path)
    with pytest.raises(PublishFailed, match="git ls-remote: ") as raised:
        Repository("sp", tmp_path).run("ls-remote", "origin")
    assert "s3cr3t" not in f"{raised.value.message} {raised.value.hint}"
    assert "x.git: git ls-remote" in raised.value.message
