"""Closes the periods that are over, by the build that comes next, from the history.

What a review says follows from the stored hours, the configuration and the reviews before it. So whichever build
closes a period writes the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sresnap.app.due_periods import due_periods
from sresnap.compute.review.close import Closed, Past, close
from sresnap.compute.review.counts import Stored
from sresnap.compute.service_report import ReportInput
from sresnap.config.settings import Config
from sresnap.documents import manifest, reviews
from sresnap.documents.files import sha256
from sresnap.documents.history import load_earlier
from sresnap.documents.layout import HISTORY_DAY, REVIEW, REVIEWS_INDEX
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.corrections import Correction
from sresnap.model.history import ColumnKey, History, HistoryDay, Span
from sresnap.model.periods import NamedPeriod, year_before
from sresnap.model.review import INDEX_SCHEMA, Outcome, PreviousReview, Review, ReviewEntry, Reviews
from sresnap.model.windows import DAY, day_of, floor
from sresnap.plan import definitions_in

_RESTORE = "run `sresnap restore`"


@dataclass(frozen=True, slots=True)
class Books:
    """The closed periods of a site, with those that a build closes."""

    index: Reviews
    closed: tuple[Review, ...] = ()
    """By this build, in their order."""
    files: dict[str, bytes] = field(default_factory=dict)
    """By site-relative path, what this build writes: the index is the last of them."""
    waiting: str | None = None
    """Why a period that is due is not closed, and what to do; None where none waits."""


NO_BOOKS = Books(Reviews(INDEX_SCHEMA, "UTC", (), 0, ()))
"""Of a site that closes nothing."""


def no_reviews(config: Config) -> Reviews:
    """The index of a site that has closed nothing."""
    return Reviews(INDEX_SCHEMA, config.timezone, config.closing.units, config.closing.after_seconds, ())


def load_books(config: Config, out: Path) -> Books:
    """The closed periods of a folder.

    Raises:
        UsageError: the index cannot be read, or is missing although periods were published or are in the folder.
    """
    index = reviews.load_index(out)
    if index is None:
        _refuse_lost(out)
        index = no_reviews(config)
    return Books(index)


def _refuse_lost(out: Path) -> None:
    """Refuse a folder that lost its index: a build must not close its periods a second time.

    A folder that has reviews and was never published is one whose build was killed: the next one writes the same.
    """
    published = manifest.of_folder(out)
    found = [name for name in (() if published is None else published.files) if REVIEW.matches(name)]
    if found:
        message = f"{out / REVIEWS_INDEX} is missing, though {found[-1]} was published"
        raise UsageError(message, f"{_RESTORE} to fetch what is published")


@dataclass(frozen=True, slots=True)
class Known:
    """What a build, or a look at the folder, knows of the history."""

    ever_known: Mapping[ColumnKey, int]
    """By (service, series): start of the first hour that was ever known."""
    days: Mapping[str, HistoryDay] = field(default_factory=dict)
    """Those that were read already."""
    doubted: Container[ColumnKey] = frozenset()
    """Series whose zeros are not known to be zero."""

    @classmethod
    def of(cls, gathered: ReportInput) -> Known:
        """What a build knows, with the answers that it got."""
        days = {**gathered.earlier.history.days, **gathered.history.days}
        return cls(gathered.ever_known, days, gathered.answers.doubts)


def close_due(config: Config, out: Path, at: int, known: Known, books: Books) -> Books:
    """The books with the periods that are due.

    Args:
        config: which periods are closed, and what is promised.
        out: the site's folder.
        at: the report's moment, seconds since the epoch.
        known: the history, completed by the answers of this build.
        books: what is closed.
    """
    for period in due_periods(config, books.index, min(known.ever_known.values(), default=at), at):
        missing = missing_day(out, period)
        if missing is None:
            books = _with(config, out, books, closed_review(config, out, period, known, books))
        elif books.index.entries:
            waiting = f"{period.name} is not closed yet: the folder lacks {missing}; {_RESTORE}"
            return replace(books, waiting=waiting)
    return books


def missing_day(out: Path, period: NamedPeriod) -> str | None:
    """A published day of a period's history that the folder lacks; None where it has all."""
    published = manifest.of_folder(out)
    names = () if published is None else map(HISTORY_DAY.path, _days_of(period))
    return next((n for n in names if published and n in published.files and not (out / n).is_file()), None)


def closed_review(config: Config, out: Path, period: NamedPeriod, known: Known, books: Books) -> Review:
    """A period as it is closed from the history."""
    corrections = config.corrections(period.start, period.end)
    stored = Stored(
        period=period,
        history=_history(out, period, known),
        definitions=definitions_in(config, corrections, Span(period.start, period.end)),
        corrections=corrections,
        doubted=known.doubted,
        ever_known=known.ever_known,
    )
    past = _past(config, out, period, books)
    return close(Closed(config.title, config.timezone, config.closing.after_seconds, config.services, stored, past))


def _with(config: Config, out: Path, books: Books, review: Review) -> Books:
    review, content = _as_written(out, review)
    corrections = config.corrections(review.start, review.end)
    index = replace(books.index, entries=(*books.index.entries, _entry(review, content, corrections)))
    files = {name: kept for name, kept in books.files.items() if name != REVIEWS_INDEX}
    files |= {REVIEW.path(review.period): content, REVIEWS_INDEX: reviews.encode_index(index)}
    return replace(books, index=index, closed=(*books.closed, review), files=files)


def _as_written(out: Path, review: Review) -> tuple[Review, bytes]:
    """The review and its file. A build that was killed before it wrote the index has closed the period already.

    Late data may have come since: then the file that is there stays, and what changed is a restatement.

    Raises:
        UsageError: a file is in its place that is not this period as it follows the one before.
    """
    name, content = REVIEW.path(review.period), reviews.encode(review)
    found = reviews.unlisted(out, name)
    if found is None or found == content:
        return review, content
    try:
        earlier = reviews.decode(found, name)
    except DamagedFile:
        earlier = None
    if earlier is None or (earlier.period, earlier.previous) != (review.period, review.previous):
        raise UsageError(
            f"{out / name} is where a closed period is about to be written, and {REVIEWS_INDEX} does not list it",
            "move it out of the site's folder, or run `sresnap restore`, and build again",
        )
    return earlier, found


def _days_of(period: NamedPeriod) -> list[str]:
    """The UTC days that a period touches."""
    return [day_of(midnight) for midnight in range(floor(period.start, DAY), period.end, DAY)]


def _history(out: Path, period: NamedPeriod, known: Known) -> History:
    """The days of a period. Those that were not read yet are the earlier ones."""
    wanted = _days_of(period)
    first = next((place for place, day in enumerate(wanted) if day in known.days), len(wanted))
    stored = load_earlier(out, Span(period.start, floor(period.start, DAY) + first * DAY))
    return History({**stored.days, **{day: known.days[day] for day in wanted if day in known.days}})


def _past(config: Config, out: Path, period: NamedPeriod, books: Books) -> Past:
    """The earlier reviews that a new one names."""
    index, head = books.index, books.index.head
    ago = year_before(period, config.timezone)
    return Past(
        previous=None if head is None else PreviousReview(head.period, head.sha256),
        newest=_read(out, books, index.newest(period.unit)),
        year_before=None if ago is None else _read(out, books, index.entry(ago.name)),
    )


def _read(out: Path, books: Books, entry: ReviewEntry | None) -> Review | None:
    if entry is None:
        return None
    made = {review.period: review for review in books.closed}
    return made.get(entry.period) or reviews.read_review(out, entry)


def _entry(review: Review, content: bytes, corrections: Sequence[Correction]) -> ReviewEntry:
    return ReviewEntry(
        period=review.period,
        unit=review.unit,
        start=review.start,
        end=review.end,
        sha256=sha256(content),
        outcomes={outcome: count for outcome in Outcome if (count := review.count(outcome))},
        coverage=review.coverage,
        corrections_sha256=fingerprint(corrections),
    )


def fingerprint(corrections: Sequence[Correction]) -> str:
    """Changes with the times that corrections leave out, and not with their reasons."""
    times = [(one.start, one.end, None if one.services is None else sorted(one.services)) for one in corrections]
    return hashlib.sha256(repr(sorted(times, key=repr)).encode()).hexdigest()
