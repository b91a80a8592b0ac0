"""Names as folders and files."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sresnap.model.slug import SLUG, slo_slug, slug


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
