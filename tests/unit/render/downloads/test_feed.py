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
