"""What git and servers say when they refuse, in the words of the real ones, and what sresnap makes of it."""

import pytest

from sresnap.publish.targets.git_words import advice, reason, refusal

GITHUB_PROTECTED = b"""\
remote: error: GH006: Protected branch update failed for refs/heads/gh-pages.        \r
remote: \r
remote: - Cannot force-push to this branch        \r
To https://github.com/acme/status.git
 ! [remote rejected] 1234567 -> gh-pages (protected branch hook declined)
error: failed to push some refs to 'https://github.com/acme/status.git'
"""
GITHUB_RULES = b"""\
remote: error: GH013: Repository rule violations found for refs/heads/gh-pages.
remote: - Changes must be made through a pull request.
 ! [remote rejected] 1234567 -> gh-pages (push declined due to repository rule violations)
"""
GITLAB_FORCED = b"""\
remote: GitLab: You are not allowed to force push code to a protected branch on this project.
To https://gitlab.com/acme/status.git
 ! [remote rejected] 1234567 -> gh-pages (pre-receive hook declined)
error: failed to push some refs to 'https://gitlab.com/acme/status.git'
"""
NON_FAST_FORWARD = b"""\
remote: error: denying non-fast-forward refs/heads/gh-pages (you should pull first)
 ! [remote rejected] 1234567 -> gh-pages (non-fast-forward)
"""
LARGE_FILE = b"""\
remote: error: File video.mp4 is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB
remote: error: GH001: Large files detected.
 ! [remote rejected] 1234567 -> gh-pages (pre-receive hook declined)
"""
TOO_LARGE = (
    b"error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up\n"
)
DENIED = b"""\
remote: Permission to acme/status.git denied to github-actions[bot].
fatal: unable to access 'https://github.com/acme/status.git/': The requested URL returned error: 403
"""
NO_LOGIN = b"fatal: could not read Username for 'https://github.com': terminal prompts disabled\n"
DEPLOY_KEY = (
    b"ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote\n"
)
NO_KEY = (
    b"git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure"
)
HOST_KEY = b"Host key verification failed.\nfatal: Could not read from remote repository.\n"
NOT_FOUND = b"remote: Repository not found.\nfatal: repository 'https://github.com/acme/x.git/' not found\n"
NO_HOST = b"fatal: unable to access 'https://git.invalid/x.git/': Could not resolve host: git.invalid\n"
CERTIFICATE = (
    b"fatal: unable to access 'https://x/': SSL certificate problem: self-signed certificate in certificate chain\n"
)
OWNERSHIP = b"""\
fatal: detected dubious ownership in repository at '/srv/co'
To add an exception for this directory, call:

\tgit config --global --add safe.directory /srv/co
"""
HOOK = b"remote: no pushing on Sundays\n ! [remote rejected] 12 -> gh-pages (pre-receive hook declined)\n"
EXTENSION = b"fatal: unknown repository extension found:\n\tfoo\n"
INCLUDES = b"""\
fatal: exceeded maximum include depth (10) while including
\t/home/u/a.inc
from
\t/home/u/b.inc
This might be due to circular includes.
"""
NO_KEY_OF_SETTING = b"error: missing config key GIT_CONFIG_KEY_0\nfatal: unable to parse command-line config\n"
HUNG_UP = b"fatal: the remote end hung up unexpectedly\n"


@pytest.mark.parametrize(
    ("said", "quoted", "hint"),
    [
        (GITHUB_PROTECTED, "GH006", "forced push"),
        (GITHUB_PROTECTED, "Cannot force-push", "GitHub: Settings"),
        (GITHUB_RULES, "Changes must be made through a pull request", "a rule protects this branch"),
        (GITLAB_FORCED, "not allowed to force push", "GitLab: Protected branches"),
        (NON_FAST_FORWARD, "denying non-fast-forward", "receive.denyNonFastForwards"),
        (LARGE_FILE, "120.00 MB", "takes no file that large"),
        (TOO_LARGE, "HTTP 413", "client_max_body_size"),
        (DENIED, "Permission to acme/status.git denied", "contents: write"),
        (NO_LOGIN, "could not read Username", "contents: write"),
        (DEPLOY_KEY, "marked as read only", "may only read"),
        (NO_KEY, "Permission denied (publickey)", "ssh -T"),
        (HOST_KEY, "Host key verification failed", "known_hosts"),
        (EXTENSION, "extension found: foo", "upgrade git"),
        (INCLUDES, "while including /home/u/a.inc", "git ls-remote"),
        (NO_KEY_OF_SETTING, "missing config key GIT_CONFIG_KEY_0", "the variable GIT_CONFIG_"),
        (b"fatal: not a git repository: /srv/x/.git/worktrees/co\n", "/srv/x/.git/worktrees/co", "git worktree repair"),
        (b"fatal: Expected git repo version <= 1, found 99\n", "found 99", "upgrade git"),
        (b"fatal: URL 'https://x/' uses plaintext credentials\n", "plaintext", "transfer.credentialsInUrl"),
        (NOT_FOUND, "Repository not found", "may not see"),
        (NO_HOST, "Could not resolve host", "network connection"),
        (CERTIFICATE, "SSL certificate problem", "http.sslCAInfo"),
        (OWNERSHIP, "dubious ownership", "`git config --global --add safe.directory /srv/co`"),
        (HOOK, "no pushing on Sundays", "a rule of the remote"),
        (HUNG_UP, "hung up", "network connection"),
        (b"fatal: dumb http transport does not support shallow capabilities\n", "dumb http", "git http-backend"),
        (b"fatal: transport 'file' not allowed\n", "transport 'file'", "GIT_ALLOW_PROTOCOL"),
        (b" ! [remote rejected] 12 -> pages (deny updating a hidden ref)\n", "hidden ref", "receive.hideRefs"),
        (b"git: 'remote-foo' is not a git command. See 'git --help'.\n", "remote-foo", "https:// or ssh://"),
        (b"fatal: strange hostname '-oProxy=x' blocked\n", "strange hostname", "begins with a -"),
    ],
)  # fmt: skip
def test_f11_each_refusal_is_quoted_and_has_its_own_hint(said, quoted, hint):
    assert quoted in reason(said)
    assert hint in advice(said)
    assert "\n" not in reason(said) + advice(said)


@pytest.mark.parametrize("name", ["archived", "tls-status", "denied", "403", "GH006", "read-only", "pre-receive"])
def test_the_name_of_a_repository_or_a_branch_is_not_a_reason(name):
    address = f"https://{name}.example/acme/{name}/x.git"
    said = f"fatal: unable to access '{address}/': Could not resolve host: {name}.example\n"
    assert "network connection" in advice(said.encode())
    said = f"To {address}\n ! [remote rejected] 12 -> {name} (failed to write)\nerror: failed to push to '{address}'\n"
    assert "network connection" in advice(said.encode())
    said = f"fatal: could not read Username for '{address}': terminal prompts disabled"
    assert "contents: write" in advice(said.encode())


def test_only_what_may_pass_is_tried_again():
    assert [said for said in (HUNG_UP, NO_HOST) if not refusal(said).may_pass] == []
    refused = (GITHUB_PROTECTED, GITLAB_FORCED, TOO_LARGE, DENIED, NO_LOGIN, NO_KEY, HOOK, OWNERSHIP, NOT_FOUND)
    assert [said for said in refused if refusal(said).may_pass] == []


def test_lines_that_say_nothing_of_the_cause_are_left_out():
    said = b"remote: Enumerating objects: 3, done.\nremote: Compressing objects: 100% (3/3)\n" + HOOK
    assert reason(said).startswith("remote: no pushing on Sundays; ! [remote rejected]")
    assert reason(b"") == "it gave no reason"


def test_what_a_server_says_cannot_take_over_the_terminal_or_show_a_login():
    said = b"remote: \x1b]0;owned\x07\x1b[31mno\x1b[0m \xe2\x80\xaepush\x00 https://me:hunter2@host/x\n"
    shown = reason(said)
    assert all(character.isprintable() for character in shown)
    assert "hunter2" not in shown
    assert len(reason(b"remote: " + b"x" * 10_000)) == 300
