"""Names as folders and files."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sresnap.model.slug import SLUG, scope_part, slo_slug, slug


@given(st.text(max_size=200))
@example("../../etc")
@example("Latency (p99)")
@example("x" * 200)
def test_a_slug_is_safe_everywhere_and_its_own_slug(name):
    made = slo_slug(name)
    assert re.fullmatch(SLUG, made)
    assert slo_slug(made) == made


def test_a_name_without_a_latin_letter_is_called_after_what_it_names():
    assert slug("日本語").startswith("service-")
    assert slo_slug("日本語").startswith("slo-")


def test_names_that_look_alike_have_slugs_of_their_own():
    assert len({slo_slug(name) for name in ("Latency (p99)", "latency p99", "latency-p99", "latency_p99")}) == 4


@pytest.mark.parametrize("name", ["aux", "con", "nul", "prn", "com1", "lpt9", "con.api", "aux.v1.eu"])
def test_f15_a_name_that_windows_keeps_for_a_device_gets_a_folder_that_it_can_hold(name):
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{6}", slug(name))


@pytest.mark.parametrize("name", ["auxiliary", "console", "com", "com10", "api.con"])
def test_f15_other_names_keep_their_addresses(name):
    assert slug(name) == name


def test_f10_addresses_of_slos_with_foreign_names_or_other_signs_hang_on_the_name_only():
    names = ["可用性", "延迟", "latency < 300 ms", "latency > 300 ms"]
    assert len({slo_slug(name) for name in names}) == len(names)
    assert [slo_slug(name) for name in reversed(names)] == [slo_slug(name) for name in names][::-1]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Café", "cafe"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "cafe"),
        ("Zürich Straße", "zurich-strasse"),
        ("STRAẞE", "strasse"),
        ("Smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("İstanbul ılık", "istanbul-ilik"),
        ("Ærø þing", "aero-thing"),
        ("ｆｕｌｌ ＷＩＤＴＨ ①", "full-width-1"),
        ("payé 支払い", "paye"),
    ],
)
def test_slugs_have_plain_letters_for_letters_with_marks(name, letters):
    assert re.fullmatch(rf"{letters}-[0-9a-f]{{6}}", slug(name))


@given(st.lists(st.text(max_size=60), unique=True, max_size=30))
@example(["Café", "Cafe", "cafe", "CAFÉ", "café", "cafe\N{COMBINING ACUTE ACCENT}", "caf"])
@example(["Müller", "Muller", "müller", "Mueller"])
def test_names_that_differ_have_slugs_that_differ_however_they_fold(names):
    assert len({slug(name) for name in names}) == len(names)


@given(st.text(max_size=80))
def test_a_slug_and_the_scope_of_its_series_have_one_hash(name):
    made, scope = slug(name, "slo"), scope_part(name, "slo")
    assert made == scope == name or made[-7:] == scope[-7:]


def test_the_scope_of_a_series_is_what_histories_have():
    """As it was made before slugs had plain letters: hours that were counted must be found again."""
    assert scope_part("Verfügbarkeit", "slo") == "verf-gbarkeit-98360c"
    assert scope_part("Café (p99)", "slo") == "caf-p99-11f4ad"
    assert scope_part("可用性", "slo") == "slo-5b136f"
    assert scope_part("latency_p99", "slo") == "latency_p99"
