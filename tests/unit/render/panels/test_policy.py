"""What the team does at a status."""

from dataclasses import replace

import pytest

from sresnap.model.snapshot import Policy
from sresnap.render.panels.policy import policy, web_address
from tests import factories
from tests.panels import pages_of


def test_the_policy_is_the_reports_own_with_its_link():
    verdict = pages_of("evaluated").document("services/worker/index.html", "verdict")
    assert "✕ Policy Feature freeze <until> the budget is back. Read more" in verdict.text
    assert verdict.external == ["https://wiki.example/policy?a=1&b=2"]


@pytest.mark.parametrize("missing", [None, Policy("  ", None, "config")])
def test_without_a_policy_it_is_unknown_even_for_a_healthy_service(missing):
    service = replace(factories.healthy_service(), policy=missing)
    found = policy(service)
    assert (found.badge.word, found.badge.tone) == ("Policy unknown", "nodata")
    assert "allowed" not in found.text


def test_a_policy_is_never_green_because_it_may_say_wait_at_a_healthy_status():
    assert policy(factories.healthy_service()).badge.tone == ""


def test_a_policy_on_an_incomplete_report_is_not_green():
    found = policy(factories.healthy_service(), incomplete=True)
    assert found.badge.tone == "nodata"
    assert found.text.startswith("As far as known: ")


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://wiki.example/policy", True),
        ("http://wiki.example", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("//wiki.example", False),
        ("/policy", False),
        ("https:///policy", False),
        ("java\nscript:alert(1)", False),
        ("https://wiki.example/a b", False),
        ("https://[wiki", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_pages_are_linked(link, leads):
    assert (web_address(link) is not None) is leads


def test_a_policy_with_an_invalid_link_keeps_its_text():
    service = replace(factories.overspent_service(), policy=Policy("Freeze.", "javascript:alert(1)", "config"))
    assert (policy(service).text, policy(service).link) == ("Freeze.", None)
