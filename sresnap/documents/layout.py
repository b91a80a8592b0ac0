"""Every path of a site, as one table: its form, when it is written, how it is served, who owns it.

A new kind of file is one more row. A row turns values into a path, and a path into its values:

    SNAPSHOT.path("20261122T213000Z") == "snapshots/20261122T213000Z.json"
    SNAPSHOT.value("snapshots/20261122T213000Z.json") == "20261122T213000Z"
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cache, lru_cache
from pathlib import Path

from sresnap.documents.placeholders import PLACEHOLDER, compiled


class Stage(IntEnum):
    """The order of writing and publishing: a file comes before the files that refer to it."""

    ASSET = 0
    DATA = 1
    """Snapshots, history, the archive's reports and its lists of thinned reports."""
    INDEX = 2
    """The archive's index: everything that it names is there before it."""
    PAGE = 3
    FEED = 4
    """The feed and the badges, which other sites fetch on their own."""
    POINTER = 5


class Owner(Enum):
    """Who writes a file, and whose rules remove it."""

    BUILD = "build"
    """Every build writes it, and removes it when the report no longer has it."""
    ARCHIVE = "archive"
    """Retention decides how long it stays."""
    HISTORY = "history"
    """It stays for ever."""
    PUBLISHER = "publisher"
    """It describes a folder or a target, and is not part of the site."""
    HOST = "host"
    """A web host or a search engine reads it, to learn which domain the site has or who owns it. A user or the host put
    it there. It is published as it is, and stays at the target when the folder lacks it."""
    USER = "user"
    """Not written by sresnap. It is published as it is, and never removed."""


class Cache(Enum):
    """How long a reader may keep a file, as the value of `Cache-Control`."""

    FOREVER = "public, max-age=31536000, immutable"
    """Only for a file that never changes under its name, and that nothing takes back."""
    ASK_FIRST = "no-cache"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A row of the table: all files whose paths have one form."""

    pattern: str
    """Site-relative path with placeholders."""
    stage: Stage
    owner: Owner
    cache: Cache = Cache.ASK_FIRST
    is_kept: bool = False
    """Whether it stays published when the folder lacks it because it was not restored."""
    content_type: str | None = None
    """None: by the suffix."""

    def path(self, *values: str) -> str:
        """The site-relative path, from the values of the placeholders in their order."""
        _, fields = compiled(self.pattern)
        texts = [field.write(value) for field, value in zip(fields, values, strict=True)]
        parts = PLACEHOLDER.split(self.pattern)[::2]
        return "".join([part + text for part, text in zip(parts, [*texts, ""], strict=True)])

    def values(self, path: str) -> tuple[str, ...] | None:
        """The values of the placeholders in a site-relative path; None when the path has another form."""
        regex, fields = compiled(self.pattern)
        match = regex.fullmatch(path)
        if match is None:
            return None
        found = tuple(field.read(text) for field, text in zip(fields, match.groups(), strict=True))
        return found if self.path(*found) == path else None

    def value(self, path: str) -> str | None:
        """The value of the first placeholder; None when the path has another form."""
        found = self.values(path)
        return None if found is None else found[0]

    def matches(self, path: str) -> bool:
        """Whether a site-relative path has this form."""
        return self.values(path) is not None

    def names_in(self, root: Path) -> Iterator[str]:
        """Site-relative paths of all such files in a folder, sorted."""
        pattern = PLACEHOLDER.sub(lambda match: "*/*/*" if match[1] == "day" else "*", self.pattern)
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if self.matches(name):
                yield name


_BUILD, _ARCHIVE, _HISTORY, _PUBLISHER, _HOST, _USER = Owner
_FOREVER = Cache.FOREVER

POINTER_FILE = SiteFile("latest.json", Stage.POINTER, _BUILD)
FLEET_PAGE = SiteFile("index.html", Stage.PAGE, _BUILD)
NOT_FOUND_PAGE = SiteFile("404.html", Stage.PAGE, _BUILD)
CONCEPTS_PAGE = SiteFile("concepts/index.html", Stage.PAGE, _BUILD)
CUSTOMIZE_PAGE = SiteFile("customize/index.html", Stage.PAGE, _BUILD)
SERVICE_PAGE = SiteFile("services/{slug}/index.html", Stage.PAGE, _BUILD)
TEAM_PAGE = SiteFile("teams/{slug}/index.html", Stage.PAGE, _BUILD)
OBJECTIVES = SiteFile("objectives.{suffix}", Stage.PAGE, _BUILD)
SERVICE_OBJECTIVES = SiteFile("services/{slug}/objectives.{suffix}", Stage.PAGE, _BUILD)
QUERIES = SiteFile("queries.txt", Stage.PAGE, _BUILD)
"""Every query of the newest report as it was sent."""
STATEMENT = SiteFile("services/{slug}/statement-{slo}.{suffix}", Stage.PAGE, _BUILD)
SCHEMA = SiteFile("schema/{schema}.json", Stage.PAGE, _BUILD)
BADGE = SiteFile("badges/{badge}.{suffix}", Stage.FEED, _BUILD)
_ATOM = "application/atom+xml; charset=utf-8"
FEED = SiteFile("feed.xml", Stage.FEED, _BUILD, content_type=_ATOM)
TEAM_FEED = SiteFile("teams/{slug}/feed.xml", Stage.FEED, _BUILD, content_type=_ATOM)

ASSET = SiteFile("assets/{name}.{hash}.{suffix}", Stage.ASSET, _HISTORY, _FOREVER, is_kept=True)

SNAPSHOT = SiteFile("snapshots/{report}.json", Stage.DATA, _ARCHIVE, is_kept=True)
"""It never changes, but it can be withdrawn: a cache that must not ask would serve it for a year."""
FROZEN_PAGE = SiteFile("archive/{report}/index.html", Stage.DATA, _ARCHIVE, is_kept=True)
"""A report as it was, or its summary. The page changes once, so browsers must not cache it for ever."""
FROZEN_FILE = SiteFile("archive/{report}/{rest}", Stage.DATA, _ARCHIVE, is_kept=True)
THINNED_LIST = SiteFile("archive/thinned/{day}.json", Stage.DATA, _ARCHIVE, is_kept=True)
INDEX_FILE = SiteFile("archive/index.json", Stage.INDEX, _ARCHIVE, is_kept=True)
ARCHIVE_PAGE = SiteFile("archive/index.html", Stage.PAGE, _ARCHIVE, is_kept=True)
COMPARE_PAGE = SiteFile("archive/compare/index.html", Stage.PAGE, _ARCHIVE, is_kept=True)
MONTH_PAGE = SiteFile("archive/{month}/index.html", Stage.PAGE, _ARCHIVE, is_kept=True)

HISTORY_DAY = SiteFile("history/{day}.json", Stage.DATA, _HISTORY, is_kept=True)
"""Late data or a changed query changes a day, so browsers revalidate it."""
UNREADABLE_DAY = SiteFile("history/{day}.json.unreadable-{stamp}", Stage.DATA, _HISTORY, is_kept=True)

REVIEW = SiteFile("reviews/{period}/review.json", Stage.DATA, _HISTORY, is_kept=True)
"""A closed period. It never changes; `RESTATEMENT` beside it says what did."""
RESTATEMENT = SiteFile("reviews/{period}/restatement-{number}.json", Stage.DATA, _HISTORY, is_kept=True)
REVIEWS_FILE = SiteFile("reviews/index.json", Stage.INDEX, _HISTORY, is_kept=True)
REVIEW_PAGE = SiteFile("reviews/{period}/index.html", Stage.PAGE, _HISTORY, is_kept=True)
"""It is written when the period is closed, and again when it is restated or the next one of its unit is closed."""
REVIEW_SERVICE_PAGE = SiteFile("reviews/{period}/services/{slug}/index.html", Stage.PAGE, _HISTORY, is_kept=True)
REVIEW_TABLE = SiteFile("reviews/{period}/review.csv", Stage.PAGE, _HISTORY, is_kept=True)
REVIEWS_PAGE = SiteFile("reviews/index.html", Stage.PAGE, _BUILD)
SINCE_PAGE = SiteFile("reviews/since-last-week/index.html", Stage.PAGE, _BUILD)

UNPUBLISHED_FOLDER = ".sresnap-unpublished"
MANIFEST_FILE = SiteFile("manifest.json", Stage.PAGE, _PUBLISHER)
SEEN_MANIFEST_FILE = SiteFile(".sresnap-manifest.json", Stage.PAGE, _PUBLISHER)
STATE_FILE = SiteFile(".sresnap-state.json", Stage.PAGE, _PUBLISHER)
LEASE_FILE = SiteFile(".sresnap-lease.json", Stage.PAGE, _PUBLISHER)
UNPUBLISHED = SiteFile(f"{UNPUBLISHED_FOLDER}/{{rest}}", Stage.PAGE, _PUBLISHER)

HOST_FILES = tuple(
    SiteFile(pattern, Stage.PAGE, _HOST)
    for pattern in (
        "CNAME",  # the domain at GitHub Pages, which writes it itself
        ".nojekyll",  # keeps GitHub from running Jekyll
        "_headers", "_redirects",  # Netlify, Cloudflare Pages
        "robots.txt", "ads.txt", "app-ads.txt",
        # proofs of ownership
        "google{token}.html", "BingSiteAuth.xml", "yandex_{token}.html", "pinterest-{token}.html",
    )
)  # fmt: skip
"""Of hidden files only the one that sresnap itself puts on a branch: others are never published and never deleted."""

TABLE = (
    POINTER_FILE, FLEET_PAGE, NOT_FOUND_PAGE, CONCEPTS_PAGE, CUSTOMIZE_PAGE, SERVICE_PAGE, TEAM_PAGE, OBJECTIVES,
    SERVICE_OBJECTIVES, QUERIES, STATEMENT, SCHEMA, BADGE, FEED, TEAM_FEED, ASSET, SNAPSHOT, FROZEN_PAGE,
    THINNED_LIST, INDEX_FILE,
    ARCHIVE_PAGE, COMPARE_PAGE, MONTH_PAGE, HISTORY_DAY, UNREADABLE_DAY, REVIEW, RESTATEMENT, REVIEWS_FILE, REVIEW_PAGE,
    REVIEW_SERVICE_PAGE, REVIEW_TABLE, REVIEWS_PAGE, SINCE_PAGE,
    MANIFEST_FILE, SEEN_MANIFEST_FILE, STATE_FILE, LEASE_FILE,
    *HOST_FILES,
)  # fmt: skip
"""At most one row matches a path."""
OTHERS = (
    FROZEN_FILE,
    UNPUBLISHED,
    SiteFile("assets/{rest}", Stage.ASSET, _USER, is_kept=True),
    SiteFile("snapshots/{rest}", Stage.DATA, _USER, is_kept=True),
    SiteFile("history/{rest}", Stage.DATA, _USER, is_kept=True),
    SiteFile("archive/{rest}", Stage.PAGE, _USER, is_kept=True),
    SiteFile("reviews/{rest}", Stage.PAGE, _USER, is_kept=True),
    SiteFile("badges/{rest}", Stage.FEED, _USER),
    SiteFile("{rest}", Stage.PAGE, _USER),
)
"""For paths that no row of the table matches. The first match counts."""

FOLDERS = frozenset(row.pattern.partition("/")[0] for row in (*TABLE, *OTHERS) if "/" in row.pattern)
"""The folders in a site's folder that sresnap uses."""
FOLDER_PAGE = "index.html"
"""What a web server sends for a folder."""

POINTER = POINTER_FILE.path()
MANIFEST = MANIFEST_FILE.path()
INDEX = INDEX_FILE.path()
REVIEWS_INDEX = REVIEWS_FILE.path()
SEEN_MANIFEST = SEEN_MANIFEST_FILE.path()
STATE = STATE_FILE.path()


@lru_cache(maxsize=100_000)
def row_of(path: str) -> SiteFile:
    """The row of a site-relative path. A path that sresnap does not use is a user's file.

    A publication asks several times for each of its files.
    """
    rows = _by_folder()
    return next(row for row in (*rows.get(path.partition("/")[0], ()), *rows[""], *OTHERS) if row.matches(path))


@cache
def _by_folder() -> Mapping[str, tuple[SiteFile, ...]]:
    """The rows by the first part of their paths; under "" those where it is not fixed."""
    found: dict[str, tuple[SiteFile, ...]] = {"": ()}
    for row in TABLE:
        first = row.pattern.partition("/")[0]
        first = "" if "{" in first else first
        found[first] = (*found.get(first, ()), row)
    return found


def stage_of(path: str) -> Stage:
    """When a file is written."""
    return row_of(path).stage


def is_kept(path: str) -> bool:
    """Whether a published file stays although the folder lacks it, because it was not restored."""
    return row_of(path).is_kept


def is_of_host(path: str) -> bool:
    """Whether a published file belongs to the target itself: a folder that lacks it says nothing about it."""
    return row_of(path).owner is Owner.HOST


def is_ours_by_name(path: str) -> bool:
    """Whether only sresnap gives such names: those with a report's id, a day or a hash, and the archive's pages."""
    row = row_of(path)
    return row.is_kept and row.owner is not Owner.USER


def archived_report(path: str) -> str | None:
    """The id of the archived report that a file belongs to: its snapshot, its page, or a file beside the page."""
    return SNAPSHOT.value(path) or FROZEN_FILE.value(path)


def root_of(page: str) -> str:
    """The link from a page to the site's folder: `./`, `../../`."""
    return "../" * page.count("/") or "./"


def relative(path: str, page: str) -> str:
    """A link from a page to a path of the same site: `../../index.html`."""
    return posixpath.relpath(path, posixpath.dirname(page) or ".")
