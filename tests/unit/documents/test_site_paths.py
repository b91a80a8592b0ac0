"""Names that a site's file may have."""

import pytest

from sresnap.documents.site_paths import is_site_path


@pytest.mark.parametrize("name", ["a", "a/b.html", "ä/ö ü.html", "a..b", "/".join(["ü" * 100] * 5)])
def test_a_name_that_any_target_can_hold_may_be_published(name):
    assert is_site_path(name)


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a//b", "a/", ".a", "a/.b", "../a", "a\\b", "a\tb", "a\nb", "a\x7fb", "a\x9bb", "a\u202eb", "a\u2028b"],
)
def test_a_name_that_leads_elsewhere_or_steers_a_terminal_may_not(name):
    assert not is_site_path(name)


@pytest.mark.parametrize("letter", ["a", "ü", "€"])
def test_the_limits_of_names_count_bytes_as_file_systems_and_object_stores_do(letter):
    size = len(letter.encode())
    part = letter * (255 // size)
    assert is_site_path(part)
    assert not is_site_path(part + letter)
    whole = "/".join([letter * (128 // size)] * 9)
    fits = whole.encode()[:1024].decode(errors="ignore").rstrip("/")
    assert is_site_path(fits)
    assert not is_site_path(whole)
