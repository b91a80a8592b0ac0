"""Which target a command means, and what may go there."""

import pytest

from sresnap.app.target_choice import (
    configured_target,
    refuse_leaking_note,
    site_to_restore,
    site_to_verify,
    target_to_publish,
)
from sresnap.config import loads
from sresnap.errors import UsageError


def config(publish=""):
    return loads(f"services: [{{name: api, slo_target: 99}}]\n{publish}", "sresnap.yaml", {}, cwd=None)


PRIVATE = config("publish: {target: 's3://bucket/status', private: true, allow: ['10.0.0.5']}")
FOLDER = config("publish: {target: 'file:/srv/www'}")
WITH_ADDRESS = config("publish: {target: 's3://bucket/status', base_url: 'https://status.example'}")


def test_without_a_name_the_target_and_its_rules_are_the_configurations():
    choice = target_to_publish(None, PRIVATE)
    assert (choice.address, choice.rules.private, choice.rules.allow) == ("s3://bucket/status", True, {"10.0.0.5"})


def test_publish_private_describes_the_configured_target_only():
    assert not target_to_publish("s3://other", PRIVATE).rules.private
    assert target_to_publish("s3://other", PRIVATE).rules.allow == {"10.0.0.5"}
    assert target_to_publish("s3://other", PRIVATE, private=True).rules.private
    assert not target_to_publish("s3://other", None).rules.private


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_does_not_mean_the_configured_target(name):
    for choose in (target_to_publish, site_to_restore, site_to_verify):
        with pytest.raises(UsageError, match="the target's address is empty"):
            choose(name, PRIVATE)


def test_a_configuration_without_a_target_is_reported_with_what_to_add():
    for choose in (target_to_publish, site_to_restore, site_to_verify):
        with pytest.raises(UsageError, match=r"has no publish\.target") as refused:
            choose(None, config())
        assert "publish: {target: …}" in refused.value.hint
        assert "; or name " in refused.value.hint
    with pytest.raises(UsageError, match=r"has no publish\.target") as refused:
        configured_target(config())
    assert "or name" not in refused.value.hint, "`build --publish` takes no address"


def test_without_a_configuration_the_address_is_asked_for():
    for choose in (target_to_publish, site_to_restore, site_to_verify):
        with pytest.raises(UsageError, match="no configuration that names the target") as refused:
            choose(None, None)
        assert refused.value.hint.startswith("name ")


def test_verify_prefers_the_address_that_readers_use():
    assert site_to_verify(None, WITH_ADDRESS) == "https://status.example/"
    assert site_to_verify(None, PRIVATE) == "s3://bucket/status"
    assert site_to_verify("public", WITH_ADDRESS) == "public"


def test_a_note_may_hold_what_its_target_may_show():
    for allowed in (PRIVATE, FOLDER):
        refuse_leaking_note("--note", "the disk of 10.1.1.1", allowed)
    for refused in (None, WITH_ADDRESS, config()):
        with pytest.raises(UsageError, match="--note"):
            refuse_leaking_note("--note", "the disk of 10.1.1.1", refused)
