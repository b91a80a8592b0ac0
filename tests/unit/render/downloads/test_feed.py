"""The feed of changes."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from sresnap.model.archive import StatusChange, empty_index
from sresnap.model.status import Status
from sresnap.model.windows import snapshot_id
from sresnap.render.downloads.feed import feed, team_feed
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


OF_TEAMS = replace(
    CHANGED,
    changes=(
        StatusChange(snapshot_id(AT), AT, "web", Status.HEALTHY, Status.AT_RISK),
        StatusChange(snapshot_id(AT - 300), AT - 300, "api", Status.HEALTHY, Status.NO_DATA),
        StatusChange(snapshot_id(AT - 300), AT - 300, None, Status.HEALTHY, Status.NO_DATA),
    ),
    feed_seed="0" * 64,
)


def of_team(services, team="Shop", base=None, index=OF_TEAMS):
    return ET.fromstring(team_feed(index, base, AT, team, services))


def test_a_teams_feed_has_the_changes_of_its_services_as_the_same_entries():
    root, whole = of_team({"api"}), ET.fromstring(feed(OF_TEAMS, None, AT))
    assert [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] == ["? api: No data"]
    of_api = next(entry for entry in whole.iter(f"{ATOM}entry") if "api" in entry.findtext(f"{ATOM}title"))
    assert root.findtext(f"{ATOM}entry/{ATOM}id") == of_api.findtext(f"{ATOM}id")
    assert root.findtext(f"{ATOM}title") == "Acme, Shop: status changes"
    assert root.findtext(f"{ATOM}updated") == of_api.findtext(f"{ATOM}updated")


def test_the_id_of_a_teams_feed_hangs_on_the_site_and_the_team_only():
    first = of_team({"api"}).findtext(f"{ATOM}id")
    renamed = replace(OF_TEAMS, title="Another")
    assert of_team({"web"}, base="https://status.example/", index=renamed).findtext(f"{ATOM}id") == first
    others = [
        ET.fromstring(feed(OF_TEAMS, None, AT)).findtext(f"{ATOM}id"),
        of_team({"api"}, team="Data").findtext(f"{ATOM}id"),
        of_team({"api"}, index=replace(OF_TEAMS, feed_seed="1" * 64)).findtext(f"{ATOM}id"),
    ]
    assert len({first, *others}) == 4


def test_links_of_a_teams_feed_lead_to_the_site_from_its_folder():
    def links(base):
        return [link.get("href") for link in of_team({"api"}, base=base).iter(f"{ATOM}link")]

    report = f"archive/{snapshot_id(AT - 300)}/index.html"
    assert links(None) == ["feed.xml", "index.html", f"../../{report}"]
    base = "https://status.example/"
    assert links(base) == [f"{base}teams/shop/feed.xml", f"{base}teams/shop/index.html", f"{base}{report}"]
