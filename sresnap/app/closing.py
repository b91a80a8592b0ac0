"""Closes the periods that are over, by the build that comes next, from the history.

What a review says follows from the stored hours, the configuration and the reviews before it. So whichever build
closes a period writes the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sresnap.app.books import Books
from sresnap.app.due_periods import due_periods
from sresnap.app.period_history import Known, fingerprint, history_of, missing_day
from sresnap.compute.review.close import Closed, Past, close
from sresnap.compute.review.counts import Stored
from sresnap.config.settings import Config
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.layout import REVIEW, REVIEWS_INDEX
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.history import Span
from sresnap.model.periods import NamedPeriod, year_before
from sresnap.model.review import Outcome, PreviousReview, Review
from sresnap.model.review_index import ReviewEntry
from sresnap.plan import definitions_in

_RESTORE = "run `sresnap restore`"


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
        missing = missing_day(out, period) or next(_missing_reviews(config, out, period, books), None)
        if missing is None:
            books = _with(out, books, closed_review(config, out, period, known, books))
        elif books.index.entries:
            waiting = f"{period.name} is not closed yet: the folder lacks {missing}; {_RESTORE}"
            return replace(books, waiting=(*books.waiting, waiting))
    return books


def _missing_reviews(config: Config, out: Path, period: NamedPeriod, books: Books) -> Iterator[str]:
    """Earlier reviews that the folder lacks and that the new one names."""
    made = {review.period for review in books.closed}
    for entry in _named(config, period, books):
        if entry is not None and entry.period not in made and not (out / REVIEW.path(entry.period)).is_file():
            yield REVIEW.path(entry.period)


def closed_review(config: Config, out: Path, period: NamedPeriod, known: Known, books: Books) -> Review:
    """A period as it is closed from the history."""
    corrections = config.corrections(period.start, period.end)
    stored = Stored(
        period=period,
        history=history_of(out, period, known),
        definitions=definitions_in(config, corrections, Span(period.start, period.end)),
        corrections=corrections,
        doubted=known.doubted,
        undercounted=known.undercounted,
        ever_known=known.ever_known,
    )
    past = _past(config, out, period, books)
    return close(Closed(config.title, config.timezone, config.closing.after_seconds, config.services, stored, past))


def _with(out: Path, books: Books, review: Review) -> Books:
    written, content = _as_written(out, review)
    entry = replace(_entry(written, content), is_waiting=written != review)
    index = replace(books.index, entries=(*books.index.entries, entry))
    books = books.changed(index, {REVIEW.path(written.period): content})
    return replace(books, closed=(*books.closed, written))


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


def _named(config: Config, period: NamedPeriod, books: Books) -> tuple[ReviewEntry | None, ReviewEntry | None]:
    """The last closed period of the unit, and the same one a year before."""
    ago = year_before(period, config.timezone)
    return books.index.newest(period.unit), None if ago is None else books.index.entry(ago.name)


def _past(config: Config, out: Path, period: NamedPeriod, books: Books) -> Past:
    """The earlier reviews that a new one names."""
    head = books.index.head
    newest, a_year_ago = (_read(out, books, entry) for entry in _named(config, period, books))
    return Past(None if head is None else PreviousReview(head.period, head.sha256), newest, a_year_ago)


def _read(out: Path, books: Books, entry: ReviewEntry | None) -> Review | None:
    if entry is None:
        return None
    made = {review.period: review for review in books.closed}
    return made.get(entry.period) or reviews.read_review(out, entry)


def _entry(review: Review, content: bytes) -> ReviewEntry:
    return ReviewEntry(
        period=review.period,
        unit=review.unit,
        start=review.start,
        end=review.end,
        sha256=sha256(content),
        outcomes={outcome: count for outcome in Outcome if (count := review.count(outcome))},
        coverage=review.coverage,
        corrections_sha256=fingerprint(review.corrections),
    )
