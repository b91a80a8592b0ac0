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
    ("url", "fault", "hint"),
    [
        ("https://status.example/?x=1", "has a query", "leave out the ?"),
        ("https://status.example/index.html?token=hunter2#slos", "has a query", "leave out the ?"),
        ("https://status.example/?by=hunter2@x", "has a query", "leave out the ?"),
        ("https://me:hunter2/x@status.example/", "has a login", "write / as %2F"),
        ("https://hunter2/x@status.example/", "has a login", "write / as %2F"),
        ("https://me:hunter2#x@status.example/", "has a login", "write # as %23"),
        ("https://hunter2#x@status.example/", "has a login", "write # as %23"),
        ("https://me:hunter2?x@status.example/", "has a login", "write ? as %3F"),
        ("https://hunter2?x@status.example/", "has a query", "in a login, write ? as %3F"),
        ("https://me:x/hunter2[@status.example/", "has a login", "write / as %2F and [ as %5B"),
        ("https://me:x hunter2@status.example/", "has a login", "write a space as %20"),
        ("https://me:12/hunter2@status.example/", "has a login", "write / as %2F"),
        ("https:/me:hunter2@status.example/", "lacks the // after https:", "https://status.example"),
        ("https:me:hunter2@status.example", "lacks the // after https:", "https://status.example"),
        ("https:/status.example", "lacks the // after https:", "https://status.example"),
        ("https://status.example:http/", "has a port that is not a number", "https://status.example:8443"),
        ("https://status.example:70000/", "has a port that is not a number", "https://status.example:8443"),
        ("https://status .example/", "has a space", "%20"),
        ("https:///team", "is not an address", "https://status.example"),
        ("https://[::1/", "is not an address", "https://status.example"),
    ],
)
def test_an_invalid_address_is_refused_with_its_fault_and_without_its_secrets(url, fault, hint):
    with pytest.raises(UsageError) as refused:
        registry.open_source(url)
    assert (fault in refused.value.message, hint in refused.value.hint) == (True, True), refused.value.args
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("localhost:8000", "write http://localhost:8000 or https://localhost:8000"),
        ("ftp://host/x", "write the site's address as https://"),
        ("me:12/hunter2@host", "write the site's address as https://"),
        ("", "write the site's address as https://"),
    ],
)
def test_a_reader_of_a_site_is_shown_the_addresses_that_can_be_read(url, hint):
    with pytest.raises(UsageError) as refused:
        registry.open_source(url)
    assert hint in refused.value.hint
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"


def test_a_page_in_place_of_its_folder_is_refused(tmp_path):
    page = tmp_path / "index.html"
    page.touch()
    with pytest.raises(UsageError, match=r"index\.html is a file, not a site's folder"):
        registry.open_source(str(page))


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


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("gh-pages", "did you mean gh-pages:origin? For a folder of that name write file:gh-pages"),
        ("S3", "did you mean s3://…?"),
        ("git@host:acme/x.git", "did you mean gh-pages:git@HOST:PATH?"),
        ("ghp_hunter2@github.com:acme/x.git", "did you mean gh-pages:git@HOST:PATH?"),
    ],
)
@pytest.mark.parametrize("opened", [registry.open_target, registry.open_source, registry.refuse_invalid])
def test_a_target_that_is_named_in_half_is_not_a_folder(opened, url, hint):
    with pytest.raises(UsageError) as refused:
        opened(url)
    assert hint in refused.value.hint
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("url", ["file:gh-pages", "./gh-pages", "www", "gh-pages:origin", "a@b", "file:git@host:x"])
def test_other_names_are_what_they_say(url):
    registry.refuse_invalid(url)
