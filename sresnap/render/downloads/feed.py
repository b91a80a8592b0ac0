"""`feed.xml`: changes of verdicts as an Atom feed (RFC 4287): of a status, and when burning begins and ends.

A build without a change adds no entry. The file is pure ASCII, with character references for other letters: some web
servers send it as `text/xml` without a charset, which means US-ASCII (RFC 3023, 3.1).
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree as ET

from sresnap.documents.layout import FEED, FLEET_PAGE, FROZEN_PAGE
from sresnap.model.archive import Index, StatusChange
from sresnap.model.windows import day_of, iso
from sresnap.printable import printable
from sresnap.render.clock import Clock
from sresnap.render.status_badges import verdict_badge

_ATOM = "http://www.w3.org/2005/Atom"


def feed(index: Index, base_url: str | None, at: int) -> bytes:
    """The feed.

    Args:
        index: the archive's.
        base_url: the site's address (`publish.base_url`): with it links are absolute, otherwise relative to the feed.
        at: the newest report's moment.
    """
    base = base_url or ""
    seed = index.feed_seed or base or index.title
    root = ET.Element("feed", {"xmlns": _ATOM})
    # Earlier versions used the site's address as it is.
    _add(root, "id", seed if seed.startswith(("http://", "https://")) else _urn(seed))
    _add(root, "title", f"{index.title}: status changes")
    _add(root, "updated", iso(index.changes[0].at) if index.changes else _begun(index, at))
    _add(_add(root, "author"), "name", index.title)
    _add(root, "link", rel="self", href=f"{base}{FEED.path()}")
    _add(root, "link", rel="alternate", type="text/html", href=base or FLEET_PAGE.path())
    clock = Clock.of(index.timezone)
    for change in index.changes:
        _entry(root, change, base, seed, clock)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text + b"\n"


def _begun(index: Index, at: int) -> str:
    """When a feed without entries was updated: the first day of the archive.

    Thinned reports count too, so the day stays the same when the first report is thinned out.
    """
    days = [day_of(at), *index.thinned, *(day_of(entry.at) for entry in index.entries)]
    return f"{min(days)}T00:00:00Z"


def _entry(root: ET.Element, change: StatusChange, base: str, seed: str, clock: Clock) -> None:
    before, after = (
        verdict_badge(change.now_before, change.before, in_full=True),
        verdict_badge(change.now, change.after, in_full=True),
    )
    who = change.service or "All services"
    entry = _add(root, "entry")
    _add(entry, "id", _urn(f"{seed} {change.id} {change.service or ''}"))
    _add(entry, "title", f"{after.glyph} {who}: {after.word}")
    _add(entry, "updated", iso(change.at))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base}{FROZEN_PAGE.path(change.id)}")
    _add(entry, "summary", f"{who} went from {before.word} to {after.word}, {clock.moment(change.at).text}.")


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = None if text is None else printable(text)
    return element


def _urn(name: str) -> str:
    """A permanent id that depends on the name only."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sresnap {name}").urn
