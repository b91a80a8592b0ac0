"""Assets: named by content, within their budgets, safe for the policy."""

import hashlib
from pathlib import Path

import pytest

from sresnap.render.assets import content_policy, contrast, readable_colour
from sresnap.render.site import render
from tests import factories

STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


def site(**settings):
    return render(factories.snapshot([], **settings))


def test_the_shipped_scripts_are_built_from_the_sources():
    recorded = dict(reversed(line.split()) for line in Path("site/dist/sources.sha256").read_text().splitlines())
    sources = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path("site/js").glob("*.js")}
    assert recorded == sources, "make scripts"


def test_the_accent_is_in_the_style_sheet_and_changes_its_name():
    usual, green = site(), site(accent="#00aa55")
    name = next(path for path in green.files if path.endswith(".css"))
    assert name not in usual.files
    assert b"--accent:var(--own-light,#" in green.files[name]


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#808080", "#ff0000"])
@pytest.mark.parametrize("surfaces", [("#ffffff", "#f5f6f8"), ("#0f1318", "#181d25")])
def test_any_accent_is_made_readable_colour(accent, surfaces):
    assert all(contrast(readable_colour(accent, surfaces), surface) >= 4.6 for surface in surfaces)


def test_a_readable_accent_stays_the_same():
    assert readable_colour("#156294", ("#ffffff", "#f5f6f8")) == "#156294"


def test_black_on_white_has_the_highest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_policy_is_strict_and_an_icon_on_another_host_adds_only_its_origin():
    assert content_policy("assets/icon.svg") == STRICT
    assert content_policy("https://cdn.example/a/icon.png?x=1") == STRICT.replace("data:", "data: https://cdn.example")
    assert content_policy("https://user:pw@cdn.example/icon.png") == STRICT.replace(
        "data:", "data: https://cdn.example"
    )
    assert content_policy("https://a;script-src *.evil/icon.png") == STRICT


def test_an_icon_on_another_host_is_linked_by_its_address():
    assert b'href="https://cdn.example/i.ico"' in site(favicon="https://cdn.example/i.ico").files["index.html"]


def test_a_sites_own_icon_stays_as_it_is_in_any_state():
    own = site(favicon="https://cdn.example/i.ico")
    assert b'href="https://cdn.example/i.ico"' in own.files["index.html"]
    assert not [path for path in own.files if "/icon" in path]
    assert b"assets/icon-nodata." in site().files["index.html"], "which is without data"
