"""Services of one name count the same requests only where their counts say so."""

from dataclasses import replace

import pytest

from sresnap.discovery.config_text import Entry
from sresnap.discovery.naming import named
from sresnap.discovery.objectives import Proposal, Seen
from sresnap.discovery.same_requests import settled
from tests.unit.discovery.sources import chosen

HOUR = 3600


def entries():
    """One name in three places on the way of a request, the nearest to the user first."""
    istio = {"destination_service_namespace": "a", "destination_service_name": "shop", "codes": "response_code"}
    choices = (
        chosen("traefik", {"service": "shop@docker"}),
        chosen("istio", istio),
        chosen("http", {"service": "shop"}),
    )
    found = named([service for choice in choices for service in choice.services])
    order = ("shop", "a-shop", "shop-http")
    return [
        Entry(one, (), Proposal(99, "seen"), None, ("a note",))
        for one in sorted(found, key=lambda one: order.index(one.name))
    ]


def seen(*hours, bad=0.0):
    """What was counted in hours; None has no data."""
    spans = {i * HOUR: float(count) for i, count in enumerate(hours) if count is not None}
    return Seen(HOUR * len(spans), sum(spans.values()), bad, bad, day=sum(spans.values()), spans=spans)


def after(first, second, third, found=None):
    return settled(found or entries(), {"shop": first, "a-shop": second, "shop-http": third})


def test_where_the_counts_agree_the_others_are_comments_with_both_counts():
    one, two, three = after(seen(1000, 1000, bad=20), seen(1000, 990), seen(980, 1000))
    assert [entry.named.counted_by for entry in (one, two, three)] == [None, "shop", "shop"]
    assert three.notes[1:] == ("a note",)
    assert three.notes[0] == (
        "shop counts the same requests, nearer to the user: 2 000 requests (1.0 % errors) in shop, 1 980 requests (0 % "
        "errors) in shop-http, in the same 2 hours. Use one of them."
    )
    assert one.notes == ("a note",)


@pytest.mark.parametrize(("other", "is_same"), [(500, True), (499, False), (2000, True), (2001, False)])
def test_up_to_a_factor_of_two_counts_agree(other, is_same):
    _, two, _ = after(seen(1000), seen(other), seen(1000))
    assert (two.named.counted_by == "shop") is is_same


def test_where_the_counts_are_apart_both_stay_and_say_so():
    """70 requests a minute without errors are not 9,900 with 9 % errors."""
    one, two, three = after(seen(4200), seen(4200), seen(594_000, bad=53_460))
    assert [entry.is_active for entry in (one, two, three)] == [True, False, True]
    said = "4 200 requests (0 % errors) in shop, 594 000 requests (9.0 % errors) in shop-http, in the same 1 hour"
    assert three.notes[0] == f"shop has the same name, but does not count the same requests: {said}"
    assert one.notes[0] == f"shop-http has the same name, but does not count the same requests: {said}"


def test_only_hours_that_both_have_are_compared():
    _, two, _ = after(seen(9000, 9000, 100), seen(None, None, 100), seen(1))
    assert two.named.counted_by == "shop"


def test_counts_that_cannot_be_compared_are_not_said_to_be_the_same():
    _, two, _ = after(seen(100, None), seen(None, 100), seen(100))
    assert two.is_active
    assert two.notes[0].endswith("the two counts cannot be compared")


def test_one_that_cannot_be_judged_hides_no_other():
    one, two, three = entries()
    one = replace(one, lacking="its counter did not move")
    one, two, three = after(seen(1000), seen(1000), seen(1000), [one, two, three])
    assert [entry.named.counted_by for entry in (one, two, three)] == [None, None, "a-shop"]
