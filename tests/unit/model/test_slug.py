"""Names as folders and files."""

import re

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
