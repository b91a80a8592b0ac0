"""Which parts of a target's address are secrets, so that the leak scan knows them."""

import pytest

from sresnap.config.secrets import publishing_secrets


@pytest.mark.parametrize(
    ("target", "secret"),
    [
        ("https://user:hunter2@host/x", "hunter2"),
        ("gh-pages:https://ghp_token@github.com/a/b.git", "ghp_token"),
        ("gh-pages:ssh://deploy:hunter2@git.example/x.git", "hunter2"),
        ("gh-pages:ssh://deploy@git.example/x.git", None),
        ("gh-pages:git@git.example:x.git", None),
        ("s3://bucket/a@b", None),
        (None, None),
    ],
)
def test_a_user_name_is_not_a_secret_and_a_token_in_its_place_is(target, secret):
    found = publishing_secrets(target, {})
    assert {name: value.get_secret_value() for name, value in found.items()} == (
        {} if secret is None else {"publish.target": secret}
    )
