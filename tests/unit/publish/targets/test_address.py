"""Addresses in messages, without logins and tokens."""

import pytest

from sresnap import secret_spelling
from sresnap.publish.targets.address import (
    secrets_of_remote,
    shown_remote,
    shown_target,
    without_secrets,
    without_user,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@host/x.git", "https://host/x.git"),
        ("https://u:p/ss@host/x.git", "https://host/x.git"),
        ("https://u:p@ss@host/x.git", "https://host/x.git"),
        ("https://u:p/@host/x", "https://host/x"),
        ("https://token@host/x", "https://host/x"),
        ("https://u:12/34@host/x", "https://host/x"),
        ("s3://KEY:SEC/RET@bkt/x", "s3://bkt/x"),
        ("ssh://git@host/x.git", "ssh://host/x.git"),
        ("https:/u:p@host/x", "https:/host/x"),
        ("https://host/@team/x", "https://host/@team/x"),
        ("https://host:8080/a/@team/@b/x", "https://host:8080/a/@team/@b/x"),
        ("http://[::1]:80/@team", "http://[::1]:80/@team"),
        ("git@github.com:acme/site", "git@github.com:acme/site"),
        (
            "fatal: cannot reach 'https://u:p/ss@host/x/': ask me@host",
            "fatal: cannot reach 'https://host/x/': ask me@host",
        ),
    ],
)
def test_no_login_is_shown(text, shown):
    assert without_user(text) == shown


def test_an_address_is_shown_without_parts_that_may_hold_a_token():
    assert without_secrets("https://u:p@host/x?token=abc#access_token=abc") == "https://host/x"


REMOTES = [
    ("http://user:s3cr3t pass@127.0.0.1:1/x.git", "http://127.0.0.1:1/x.git"),
    ("http://user:s3cr3t\tpass@127.0.0.1:1/x.git", "http://127.0.0.1:1/x.git"),
    ("https://host/x.git?private_token=s3cr3t", "https://host/x.git"),
    ("https://host/x.git#s3cr3t", "https://host/x.git"),
    ("http://user:12/s3cr3t/@host/x.git", "http://host/x.git"),
    ("http://s3cr3t@host/x.git", "http://host/x.git"),
    ("user:s3cr3t@127.0.0.1:x.git", "127.0.0.1:x.git"),
    ("s3cr3t@127.0.0.1:x.git", "127.0.0.1:x.git"),
    ("git@github.com:acme/site", "git@github.com:acme/site"),
    ("host:folder/x.git", "host:folder/x.git"),
    ("https://host/@team/x", "https://host/@team/x"),
    ("/srv/a b@c?d#e", "/srv/a b@c?d#e"),
]


@pytest.mark.parametrize(("remote", "shown"), REMOTES)
def test_a_remote_of_git_is_shown_without_login_query_and_fragment(remote, shown):
    assert shown_remote(remote) == shown
    assert shown_target(f"gh-pages:{remote.partition('#')[0]}#pages") == f"gh-pages:{shown.partition('#')[0]}#pages"


@pytest.mark.parametrize("remote", [remote for remote, _ in REMOTES if "s3cr3t" in remote])
@pytest.mark.parametrize("said", ["{}", "unable to access '{}/': x", "Could not resolve host: {}"])
def test_the_words_of_git_hide_the_login_of_its_remote_in_every_form(remote, said):
    hidden = secret_spelling.pattern(secrets_of_remote(remote))
    assert hidden is not None
    for form in (remote, remote.replace(" ", "%20"), remote.partition("://")[2] or remote):
        assert "s3cr3t" not in hidden.sub("…", said.format(form))


def test_an_address_without_a_login_has_no_secret():
    assert [*secrets_of_remote("https://host/@team/x"), *secrets_of_remote("/srv/a:b@c")] == []
