"""Labels with credentials reach no file and no message; private addresses are named."""

import pytest
from pydantic import SecretStr

from sresnap.discovery.naming import named
from sresnap.discovery.private import private_addresses, without_credentials
from sresnap.discovery.survey import Row
from tests.unit.discovery.sources import chosen

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3


@pytest.mark.parametrize(
    "value",
    [
        "https://user:hunter22@shop.example/",
        "https://shop.example/?access_token=hunter22",
        "https://hunter22@shop.example/",
        f"shop-{TOKEN}",
        "the-own-secret-hunter22",
    ],
)
def test_series_with_credentials_in_a_label_are_left_out_with_the_reason(value):
    kept = Row({"instance": "https://shop.example/", "job": "web"}, frozenset(), 5.0)
    held = Row({"instance": value, "job": "web"}, frozenset(), 5.0)
    rows, said = without_credentials("blackbox", [held, kept], {"x": SecretStr("the-own-secret-hunter22")})
    assert rows == [kept]
    (text,) = said
    assert text.startswith("blackbox: 1 value of the label instance with ")
    assert "hunter22" not in text
    assert TOKEN not in text


def test_where_no_label_holds_any_all_rows_stay():
    rows = [Row({"instance": "10.0.3.7:9121"}, frozenset(), 5.0)]
    assert without_credentials("redis", rows, {}) == (rows, ())


def test_private_addresses_are_named():
    found = named(
        chosen("redis", {"instance": "10.0.3.7:9121", "job": "cache"}, {"instance": "r.example:9121"}).services
    )
    assert private_addresses(found) == ("10.0.3.7:9121",)
    assert private_addresses(found[:0]) == ()
