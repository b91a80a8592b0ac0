"""The feed of changes."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from sresnap.model.archive import StatusChange, empty_index
from sresnap.model.status import Status
from sresnap.model.windows import snapshot_id
from sresnap.render.downloads.feed import feed
from tests.archives import AT

ATOM = "{http://www.w3.org/2005/Atom}"


def test_links_of_the_feed_are_absolute_if_the_address_is_known():
    change = StatusChange(snapshot_id(AT), AT, "a & <b>", Status.HEALTHY, Status.NO_DATA)
    index = replace(empty_index(), title="Acme", changes=(change,))
    for base, start in (("https://status.example/", "https://status.example/archive/"), (None, "archive/")):
        root = ET.fromstring(feed(index, base, AT))
        assert root.find(f"{ATOM}entry/{ATOM}link").get("href").startswith(start)
        assert root.findtext(f"{ATOM}entry/{ATOM}title") == "? a & <b>: No data"


def ids(index, base=None):
    return [element.text for element in ET.fromstring(feed(index, base, AT)).iter(f"{ATOM}id")]


CHANGED = replace(
    empty_index(),
    title="Acme",
    changes=(
        StatusChange(snapshot_id(AT), AT, "Zahlungsübersicht", Status.HEALTHY, Status.AT_RISK),
        StatusChange(snapshot_id(AT), AT, None, Status.HEALTHY, Status.AT_RISK),
    ),
)


def test_f7_ids_of_the_feed_hang_on_neither_the_address_nor_the_title():
    index = replace(CHANGED, feed_seed="0" * 64)
    first = ids(index)
    assert len(set(first)) == 3
    assert ids(index, "https://acme.github.io/reliability/") == first
    assert ids(replace(index, title="Another"), "https://status.acme.example/") == first


def test_f7_two_sites_with_one_title_share_no_id():
    assert not set(ids(replace(CHANGED, feed_seed="0" * 64))) & set(ids(replace(CHANGED, feed_seed="1" * 64)))


def test_f7_entries_of_a_feed_that_an_earlier_version_began_keep_their_ids():
    for base, seed in ((None, "Acme"), ("https://status.example/", "https://status.example/")):
        before = ids(CHANGED, base)  # of an index without a seed: by the address, or the title
        assert ids(replace(CHANGED, title="Another", feed_seed=seed), "https://new.example/") == before


def test_f15_the_feed_can_be_read_where_a_server_names_no_charset():
    assert "Zahlungsübersicht" in ET.fromstring(feed(CHANGED, None, AT)).findtext(f"{ATOM}entry/{ATOM}title")
    assert feed(CHANGED, None, AT).isascii()


def test_the_feed_shows_a_control_character_as_messages_and_pages_do():
    index = replace(CHANGED, title="Acme\x1b[2J\u202e\xa0status")
    assert ET.fromstring(feed(index, None, AT)).findtext(f"{ATOM}author/{ATOM}name") == "Acme\\u001b[2J\\u202e status"
