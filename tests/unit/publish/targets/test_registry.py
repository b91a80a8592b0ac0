"""Which target or site an address opens."""

import pytest

from sresnap.errors import UsageError
from sresnap.publish.targets import registry
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website


@pytest.mark.parametrize("url", ["www", "file:www", "file:///srv/www", "/srv/www"])
def test_a_folder_is_opened_by_a_path_or_a_file_address(url):
    assert isinstance(registry.open_target(url), Folder)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:/srv/a#b", "/srv/a#b"),
        ("file:///srv/a?b=1", "/srv/a?b=1"),
        ("FILE://localhost/srv/a%20b#c", "/srv/a b#c"),
        ("file:/srv/%23", "/srv/#"),
        ("/srv/a#b?c%20", "/srv/a#b?c%20"),
    ],
)
def test_a_folder_keeps_every_character_of_its_name(url, path):
    assert str(registry.open_target(url).root) == path


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://status.example", "https://status.example/"),
        ("HTTPS://status.example/team/", "HTTPS://status.example/team/"),
        ("https://status.example/#slos", "https://status.example/"),
        ("https://status.example/team#slos", "https://status.example/team/"),
        ("https://status.example/team/index.html#slos", "https://status.example/team/"),
        ("https://status.example/my-index.html/", "https://status.example/my-index.html/"),
        ("https://me:hunter2@status.example:8080/@team/#x", "https://team/"),
        ("https://status.example:8080/@team/x", "https://status.example:8080/@team/x/"),
    ],
)
def test_a_site_is_opened_by_the_address_that_a_browser_shows(url, base):
    place = registry.open_source(url)
    assert isinstance(place, Website)
    assert place.shown == base


@pytest.mark.parametrize(
    "url",
    [
        "https://status.example/?x=1",
        "https://status.example/index.html?token=hunter2#slos",
        "https://me:hunter2/x@status.example/",
        "https://me:hunter2#x@status.example/",
        "https://me:hunter2?x@status.example/",
        "https://me:x/hunter2@status.example/",
        "https://me:x hunter2@status.example/",
        "https:/me:hunter2@status.example/",
        "https://me:12/hunter2@status.example/",
        "https:me:hunter2@status.example",
        "https://status.example:http/",
        "https://[::1/",
    ],
)
def test_an_invalid_address_is_refused_and_its_secrets_are_not_shown(url):
    with pytest.raises(UsageError) as refused:
        registry.open_source(url)
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"
    assert ("has no query" in refused.value.message) is ("?" in url)


@pytest.mark.parametrize("url", ["", "ftp://host/x", "https://host", "file://host/x", "file:", "S4://bucket"])
def test_an_unknown_address_is_refused_with_the_known_ones(url):
    with pytest.raises(UsageError) as refused:
        registry.open_target(url)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("url", "public"),
    [("www", False), ("file:www", False), ("FILE:///srv", False), ("gh-pages:origin", True), ("s3://b", True)],
)
def test_an_address_shows_whether_its_target_is_public(url, public):
    assert registry.is_public(url) is public
