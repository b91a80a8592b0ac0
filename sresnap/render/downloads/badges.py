"""Badges for other web pages, as SVG and as JSON for shields.io: for the fleet, each service and each SLO.

`badges/fleet.svg`, `badges/<slug>.svg` and `badges/<slug>/<slo>.svg`. A service with the slug `fleet` has
`badges/fleet/service.svg`.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from sresnap import format as fmt
from sresnap.documents.codec import to_json
from sresnap.documents.downloads import BadgeFile
from sresnap.documents.layout import BADGE
from sresnap.model.slo import SloReport
from sresnap.model.slug import slo_slug
from sresnap.model.snapshot import Snapshot
from sresnap.printable import printable
from sresnap.render import status_badges
from sresnap.render.views import Badge

_COLOURS = {"ok": "#156294", "risk": "#a45f03", "bad": "#8e0932", "nodata": "#5b6472"}
"""The palette of the pages' light theme; white text has a contrast of 4.6 and more on each."""
_LABEL = "#3a424d"
_WIDE, _NARROW = frozenset("MWmw@%✕▲✓"), frozenset("iIlj.,:;|!' ")
_CACHE_SECONDS = 300


def badges(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Site-relative paths with contents. A badge with gaps in its data is never in the colour of health."""
    fleet = status_badges.verdict_badge(snapshot.now.state, snapshot.status, incomplete=bool(snapshot.problems))
    yield from _both("fleet", snapshot.site.title, fleet, fleet.word)
    for service in snapshot.services:
        folder = service.slug
        name = f"{folder}/service" if service.slug == "fleet" else folder
        found = status_badges.service_badge(service, snapshot.problems)
        yield from _both(name, service.name, found, found.word)
        incomplete = bool(status_badges.problems_of(snapshot.problems, service.name))
        for slo in service.slos:
            # `badges/fleet/service.svg` is the badge of the service called fleet.
            file = "service-slo" if slo.name == "service" else slo_slug(slo.name)
            mark = status_badges.verdict_badge(slo.now.state, slo.status, incomplete=incomplete)
            yield from _both(f"{folder}/{file}", f"{service.name} {slo.name}", mark, _message(slo, mark))


def _message(slo: SloReport, badge: Badge) -> str:
    left = slo.budget.remaining_ratio
    return badge.word if left is None or badge.tone == "nodata" else f"{badge.word}, {fmt.percent(left)} budget left"


def _both(name: str, label: str, badge: Badge, message: str) -> Iterator[tuple[str, bytes]]:
    label = printable(label)  # XML has no control characters
    yield BADGE.path(name, "svg"), _svg(label, f"{badge.glyph} {message}", _COLOURS[badge.tone]).encode()
    yield BADGE.path(name, "json"), _endpoint(label, message, badge).encode()


def _endpoint(label: str, message: str, badge: Badge) -> str:
    """The JSON of https://shields.io/badges/endpoint-badge."""
    found = BadgeFile(
        schemaVersion=1,
        label=label,
        message=f"{badge.glyph} {message}",
        color=_COLOURS[badge.tone].removeprefix("#"),
        labelColor=_LABEL.removeprefix("#"),
        isError=badge.tone == "nodata",
        cacheSeconds=_CACHE_SECONDS,
    )
    return to_json(BadgeFile, found) + "\n"


def _width(text: str) -> int:
    """Pixels of a text in 11 px Verdana, estimated; `textLength` fits the text to it."""
    return sum(10 if letter in _WIDE else 4 if letter in _NARROW else 7 for letter in text)


def _svg(label: str, message: str, colour: str) -> str:
    left, right = _width(label) + 12, _width(message) + 12
    text = Markup(
        '<text x="{x}" y="14" textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="#fff">{text}</text>'
    )
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{title}">'
            "<title>{title}</title>"
            '<rect width="{whole}" height="20" rx="3" fill="{back}"/>'
            '<path fill="{colour}" d="M{left} 0h{inner}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z"/>'
            '<g font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">{one}{two}</g></svg>\n'
        ).format(
            whole=left + right,
            title=f"{label}: {message}",
            back=_LABEL,
            colour=colour,
            left=left,
            inner=right - 3,
            one=text.format(x=6, length=left - 12, text=escape(label)),
            two=text.format(x=left + 6, length=right - 12, text=escape(message)),
        )
    )
