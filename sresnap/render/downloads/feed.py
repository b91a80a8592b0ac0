"""`feed.xml`: changes of verdicts as an Atom feed (RFC 4287): of a status, and when burning begins and ends.

A team's feed has the changes of its services only. They have the same ids in both feeds: they are the same entries.

A build without a change adds no entry. The file is pure ASCII, with character references for other letters: some web
servers send it as `text/xml` without a charset, which means US-ASCII (RFC 3023, 3.1).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from sresnap.documents.layout import FEED, FLEET_PAGE, FROZEN_PAGE, TEAM_FEED, TEAM_PAGE, relative
from sresnap.model.archive import Index, StatusChange
from sresnap.model.slug import team_slug
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
    seed = _seed(index, base_url)
    # Earlier versions used the site's address as it is.
    own_id = seed if seed.startswith(("http://", "https://")) else _urn(seed)
    place = _Place(FEED.path(), FLEET_PAGE.path(), base_url)
    return _document(index, index.changes, place, own_id, f"{index.title}: status changes", at)


def team_feed(index: Index, base_url: str | None, at: int, team: str, services: Collection[str]) -> bytes:
    """The feed of a team.

    Args:
        index: the archive's.
        base_url: as of `feed`.
        at: the newest report's moment.
        team: its name, on which the feed's id depends.
        services: the names of its services.
    """
    slug = team_slug(team)
    changes = tuple(change for change in index.changes if change.service in services)
    place = _Place(TEAM_FEED.path(slug), TEAM_PAGE.path(slug), base_url)
    own_id = _urn(f"{_seed(index, base_url)} team {team}")
    return _document(index, changes, place, own_id, f"{index.title}, {team}: status changes", at)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a feed lies, and the page that it is about."""

    path: str
    page: str
    base_url: str | None

    def href(self, path: str) -> str:
        """The address of a path of the site, from the feed."""
        return relative(path, self.path) if self.base_url is None else f"{self.base_url}{path}"

    @property
    def home(self) -> str:
        """The address of its page. The site's own address needs no file name."""
        return self.base_url if self.base_url and self.page == FLEET_PAGE.path() else self.href(self.page)


def _seed(index: Index, base_url: str | None) -> str:
    return index.feed_seed or base_url or index.title


def _document(
    index: Index, changes: tuple[StatusChange, ...], place: _Place, own_id: str, title: str, at: int
) -> bytes:
    root = ET.Element("feed", {"xmlns": _ATOM})
    _add(root, "id", own_id)
    _add(root, "title", title)
    _add(root, "updated", iso(changes[0].at) if changes else _begun(index, at))
    _add(_add(root, "author"), "name", index.title)
    _add(root, "link", rel="self", href=place.href(place.path))
    _add(root, "link", rel="alternate", type="text/html", href=place.home)
    clock, seed = Clock.of(index.timezone), _seed(index, place.base_url)
    for change in changes:
        _entry(root, change, place, seed, clock)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text + b"\n"


def _begun(index: Index, at: int) -> str:
    """When a feed without entries was updated: the first day of the archive.

    Thinned reports count too, so the day stays the same when the first report is thinned out.
    """
    days = [day_of(at), *index.thinned, *(day_of(entry.at) for entry in index.entries)]
    return f"{min(days)}T00:00:00Z"


def _entry(root: ET.Element, change: StatusChange, place: _Place, seed: str, clock: Clock) -> None:
    before, after = (
        verdict_badge(change.now_before, change.before, in_full=True),
        verdict_badge(change.now, change.after, in_full=True),
    )
    who = change.service or "All services"
    entry = _add(root, "entry")
    _add(entry, "id", _urn(f"{seed} {change.id} {change.service or ''}"))
    _add(entry, "title", f"{after.glyph} {who}: {after.word}")
    _add(entry, "updated", iso(change.at))
    _add(entry, "link", rel="alternate", type="text/html", href=place.href(FROZEN_PAGE.path(change.id)))
    _add(entry, "summary", f"{who} went from {before.word} to {after.word}, {clock.moment(change.at).text}.")


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = None if text is None else printable(text)
    return element


def _urn(name: str) -> str:
    """A permanent id that depends on the name only."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sresnap {name}").urn
