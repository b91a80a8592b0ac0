"""The archive as data: one entry per report, chained; which reports are kept, and which were thinned out.

The names are the published contract of `archive/index.json` (`sresnap schema archive`). Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.model.comparison import Comparison
from sresnap.model.instant import Instant
from sresnap.model.now import NowState, known_state
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.stored import STORED, Count, Day, Real, ReportId, Sha256, Span, TimeZone
from sresnap.model.windows import DAY, id_start

SCHEMA: Final = "sresnap/archive/1"
MOST_SUMMARIES = 10_000
"""How many thinned reports have a page of their own. The addresses of older ones lead to the site's 404 page. Static
hosts allow 20,000 files a site (Cloudflare Pages), and each file is a line in a publisher's manifest."""


def _is_unknown(value: object) -> bool:
    return value is None


@dataclass(frozen=True, slots=True)
class Headline:
    """The numbers of a report that the archive keeps for ever, also after its pages have been thinned out."""

    __pydantic_config__ = STORED

    id: ReportId
    at: Instant
    """The moment that the report is about."""
    generated_at: Instant
    scheduled_at: Instant
    """The latest scheduled time at or before `at`. This is not when the report was due: a report that is two hours late
    has a later one."""
    status: Status
    incomplete: bool
    """Whether data was missing: such a report is never shown as healthy."""
    services: Mapping[str, Count]
    """Number of services by status."""
    remaining_ratio: Real | None
    """The fleet's budget left, 0..1, negative when overspent; None when it is unknown."""
    worst: str | None
    problems: Count
    queries: Count
    failed_queries: Count
    restated: Count
    """How many past numbers it restated."""
    reconstructed: bool
    """Whether `build --backfill` made it afterwards."""
    now: Annotated[NowState | None, Field(exclude_if=_is_unknown)] = field(default=None, kw_only=True)
    """Whether something burned at that moment. None in entries of earlier versions, whose lines do not have it."""

    @property
    def unjudged(self) -> int:
        """How many services had too little data for a verdict."""
        return sum(count for status, count in self.services.items() if not Status(status).is_judged)


@dataclass(frozen=True, slots=True)
class Entry(Headline):
    """A report in the archive.

    Its line is chained by its hash, so a key that a later version adds must be left out of older entries.
    """

    number: Count
    """1 for the first report, without gaps."""
    html_sha256: Sha256
    """Of `archive/<id>/index.html` as it was frozen."""
    snapshot_sha256: Sha256
    """Of `snapshots/<id>.json`."""
    bytes: Count
    """Of both files."""
    previous_sha256: Sha256 | None
    """Of the line of the entry before, see docs/archive.md; None for the first."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long reports are kept: by tier, the age in seconds up to which it keeps one report per span.

    0 switches a tier off.
    """

    every: Count = DAY
    hourly: Count = 7 * DAY
    daily: Count = 90 * DAY
    weekly: Count = 365 * DAY
    monthly: Count = 5 * 365 * DAY
    max_bytes: Count | None = 150_000_000
    """Of all kept reports together; None: no bound."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A report that is kept regardless of its age."""

    id: ReportId
    note: str
    at: Instant
    """When it was pinned."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A report that a user took out of the archive; its entry is in the list of thinned reports."""

    id: ReportId
    reason: str
    at: Instant
    """When it was withdrawn."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A service, or the fleet, got another status, or began or ceased to burn."""

    id: ReportId
    """The report that says so."""
    at: Instant
    service: str | None
    """None: the fleet."""
    before: Status
    after: Status
    now_before: NowState | None = None
    """None in entries of earlier versions, and where the report before was made by one."""
    now: NowState | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """`archive/index.json`: all that the archive's pages and the feed are made from.

    Only `feed_seed` has a default, because earlier versions did not write it: an index that lacks another key was cut
    or edited, and must not be read as, for example, an index without pins.
    """

    __pydantic_config__ = STORED

    schema: Literal["sresnap/archive/1"]
    title: str
    timezone: TimeZone
    schedule_seconds: Span
    keep: Keep
    head: Sha256 | None
    """SHA-256 of the newest entry; the next one names it."""
    reports: Count
    """How many reports were ever archived: the newest entry's number."""
    entries: tuple[Entry, ...]
    """The kept reports, in the order of their builds."""
    thinned: Mapping[Day, Count]
    """By UTC day, how many reports were thinned out; their entries are in `archive/thinned/YYYY/MM/YYYY-MM-DD.json`."""
    reconstructed: Mapping[Day, Count]
    """By UTC day, how many of the thinned ones were made after their time, by `build --backfill`; days without one are
    left out."""
    first: Instant | None
    """The moment of the first report that was made; None without a report."""
    summaries_since: Day | None
    """UTC day from which on thinned reports have pages of their own; None: all."""
    pins: tuple[Pin, ...]
    withdrawn: tuple[Withdrawn, ...]
    changes: tuple[StatusChange, ...]
    """The newest ones, newest first. They are kept even when their reports are not."""
    feed_seed: str | None = None
    """What the ids of the feed and its entries are made from. It is made once and stays when the title or the site's
    address changes: another id would show every old entry as new (RFC 4287, 4.2.6)."""

    def entry(self, report: str) -> Entry | None:
        """The entry of a kept report."""
        return next((entry for entry in self.entries if entry.id == report), None)

    def not_kept(self, month: str = "") -> list[tuple[int, str]]:
        """How many reports of a month (`2026-11`), or of all months, are not kept, by what became of them.

        `[(71, "thinned out"), (1, "withdrawn")]`; `thinned` counts both.
        """
        gone = sum(count for day, count in self.thinned.items() if day.startswith(month))
        withdrawn = sum(report.id.startswith(id_start(month)) for report in self.withdrawn)
        return [(count, what) for count, what in ((gone - withdrawn, "thinned out"), (withdrawn, "withdrawn")) if count]

    @property
    def newest(self) -> Entry | None:
        """The kept report with the latest moment."""
        return max(self.entries, key=lambda entry: entry.id, default=None)

    @property
    def as_of(self) -> int | None:
        """The moment from which ages are counted, seconds since the epoch; None without a report.

        This is the newest report's moment, but at most one schedule after the report before it, so that one report of
        a clock that runs ahead does not age all others. After a pause without reports, the second report moves it on.
        """
        last = sorted(self.entries, key=lambda entry: entry.id)[-2:]
        moments = [entry.at for entry in last]
        return min(moments[-1], moments[0] + self.schedule_seconds) if moments else None


def empty_index() -> Index:
    """The index of an archive without reports."""
    return Index(
        schema=SCHEMA,
        title="",
        timezone="UTC",
        schedule_seconds=300,
        keep=Keep(),
        head=None,
        reports=0,
        entries=(),
        thinned={},
        reconstructed={},
        first=None,
        summaries_since=None,
        pins=(),
        withdrawn=(),
        changes=(),
    )


def entry_of(
    report: Headline, *, number: int, html_sha256: str, snapshot_sha256: str, size: int, previous_sha256: str | None
) -> Entry:
    """The archive's entry of a report."""
    return Entry(
        **{key.name: getattr(report, key.name) for key in fields(Headline)},
        number=number,
        html_sha256=html_sha256,
        snapshot_sha256=snapshot_sha256,
        bytes=size,
        previous_sha256=previous_sha256,
    )


def headline(snapshot: Snapshot) -> Headline:
    """The headline numbers of a report."""
    found = [service.status for service in snapshot.services]
    return Headline(
        id=snapshot.id,
        at=snapshot.at,
        generated_at=snapshot.generated_at,
        scheduled_at=snapshot.scheduled_at or snapshot.at,
        status=snapshot.status,
        incomplete=bool(snapshot.problems),
        services={status.value: found.count(status) for status in Status if status in found},
        remaining_ratio=snapshot.composite.remaining_ratio,
        worst=snapshot.composite.worst,
        problems=len(snapshot.problems),
        queries=len(snapshot.queries),
        failed_queries=sum(query.error is not None for query in snapshot.queries),
        restated=len(snapshot.restated),
        reconstructed=snapshot.reconstructed,
        now=known_state(snapshot.now),
    )


@dataclass(frozen=True, slots=True)
class WeekAgo:
    """The report of a week ago, beside the newest one."""

    before: Snapshot
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """The archive that a build's pages show."""

    index: Index
    """With the report in it, and without what was thinned out."""
    thinned: tuple[Entry, ...] = ()
    """Reports whose frozen page is replaced by a summary."""
    comparisons: tuple[Comparison, ...] = ()
    week: WeekAgo | None = None
    """None where no report of a week ago is at hand."""
