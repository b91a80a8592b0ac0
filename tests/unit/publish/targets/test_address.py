"""Addresses in messages, without logins and tokens."""

import pytest

from sresnap.publish.targets.address import without_secrets, without_user


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
