"""Reads closed periods of a site, and shows what one that is over would be closed as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from sresnap.app.books import load_books
from sresnap.app.closing import closed_review
from sresnap.app.period_history import Known, missing_day
from sresnap.config import nearest
from sresnap.config.settings import Config
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.history import first_known_before
from sresnap.documents.layout import RESTATEMENT, REVIEW, REVIEWS_INDEX
from sresnap.errors import DamagedFile, NewerFile, NoReport, PublishFailed, UsageError
from sresnap.model.history import Span
from sresnap.model.periods import NamedPeriod, PeriodUnit, before, period_named, period_of
from sresnap.model.review import Restatement, Review
from sresnap.model.review_index import ReviewEntry, Reviews
from sresnap.model.windows import DAY, MINUTE, day_of, iso
from sresnap.plan import definitions_in
from sresnap.publish.patient import PatientSource
from sresnap.publish.targets import registry
from sresnap.publish.targets.base import Source
from sresnap.sentences.closed import Material

T = TypeVar("T")
LAST = {f"last-{unit.value}": unit for unit in PeriodUnit}
"""Words for the period before the running one."""
_SECONDS = 2 * MINUTE
_PREVIEW = "`sresnap review --close {} --dry-run` shows"
_VERIFY = "`sresnap verify --all` checks all of them; bring the published one back with `sresnap restore`"


@dataclass(frozen=True, slots=True)
class ReviewFound:
    """A closed period as a site has it."""

    entry: ReviewEntry
    review: Review
    restatements: tuple[Restatement, ...]
    source: str
    """Where it was read."""
    before: Review | None = None
    """The period before, of the same unit; None where the site has not closed it."""

    @property
    def material(self) -> Material:
        """What its sentences are made from."""
        return Material(self.review, self.before, self.restatements)


def read_review(site: str, wanted: str | None, now: int) -> ReviewFound:
    """A closed period of a site.

    Args:
        site: a folder, an http(s) address, or a target of `sresnap publish`.
        wanted: a period's name, a word of `LAST`, or None for the period that was closed last.
        now: seconds since the epoch.

    Raises:
        UsageError: no period has this name, or the address is invalid.
        NoReport: the site cannot be read, or has not closed the period.
    """
    try:
        return _read(PatientSource(registry.open_source(site), _SECONDS, more=""), wanted, now)
    except PublishFailed as error:
        # The command was called correctly: it is the site that has no answer.
        raise NoReport(error.message, error.hint) from None


def preview(config: Config, out: Path, wanted: str, now: int) -> Review:
    """What a period that is over would be closed as, from the hours that the folder has. Nothing is asked or written.

    Raises:
        UsageError: no period has this name, it is not over, or the folder lacks a part of its history.
    """
    period = _named(wanted, config.timezone, now)
    if period.end > now:
        raise UsageError(f"{period.name} is not over: it ends {iso(period.end)}", "choose an earlier one")
    missing = missing_day(out, period)
    if missing is not None:
        raise UsageError(f"{out} lacks {missing}, which was published", "run `sresnap restore`")
    wanted_keys = definitions_in(config, (), Span(period.start, period.end))
    known = Known(first_known_before(out, day_of(now + DAY), wanted_keys))
    books = load_books(config, out)
    return closed_review(config, out, period, known, replace(books, index=books.index.until(period)))


def _read(source: Source, wanted: str | None, now: int) -> ReviewFound:
    stored = source.read(REVIEWS_INDEX)
    if stored is None:
        hint = f"builds close periods some hours after their end; {_PREVIEW.format('PERIOD')} one before"
        raise NoReport(f"{source.shown} has closed no period: {REVIEWS_INDEX} is missing", hint)
    index = _decoded(reviews.INDEX_CODEC.read, stored.content, f"{source.shown}: {REVIEWS_INDEX}")
    entry = _chosen(index, wanted, now, source.shown)
    review = _review(source, entry)
    restated = tuple(
        _file(source, RESTATEMENT.path(entry.period, str(number)), expected, reviews.RESTATEMENT_CODEC.read)
        for number, expected in enumerate(entry.restatements, 1)
    )
    return ReviewFound(entry, review, restated, source.shown, _before(source, index, review))


def _before(source: Source, index: Reviews, review: Review) -> Review | None:
    entry = index.entry(before(period_named(review.period, review.timezone), review.timezone).name)
    return None if entry is None else _review(source, entry)


def _review(source: Source, entry: ReviewEntry) -> Review:
    return _file(source, REVIEW.path(entry.period), entry.sha256, partial(reviews.decode_entry, entry=entry))


def _chosen(index: Reviews, wanted: str | None, now: int, shown: str) -> ReviewEntry:
    if wanted is None:
        if index.head is None:
            raise NoReport(f"{shown} has closed no period", "a build closes a period some hours after its end")
        return index.head
    period = _named(wanted, index.timezone, now)
    entry = index.entry(period.name)
    if entry is None:
        newest = index.newest(period.unit)
        last = f"no {period.unit.value} is closed" if newest is None else f"the last one closed is {newest.period}"
        raise NoReport(f"{shown} has not closed {period.name}: {last}", _when(index, period, now))
    return entry


def _when(index: Reviews, period: NamedPeriod, now: int) -> str:
    """When a period that is not closed will be."""
    if period.unit not in index.units:
        return f"builds do not close it: `periods` in sresnap.yaml has no `{period.unit.value}`"
    if not index.may_close(period):
        return f"builds do not close a period before the last closed one; {_PREVIEW.format(period.name)} it"
    due = period.end + index.close_after_seconds
    if due > now:
        return f"a build closes it from {iso(due)} on"
    return "the next build closes it, if the history reaches back to it"


def _named(wanted: str, timezone: str, now: int) -> NamedPeriod:
    if wanted in LAST:
        return before(period_of(LAST[wanted], timezone, now), timezone)
    try:
        return period_named(wanted, timezone)
    except ValueError as error:
        hint = nearest(wanted, LAST) or f"or one of {', '.join(LAST)}"
        raise UsageError(str(error), hint) from None


def _file(source: Source, name: str, expected: str, decode: Callable[[bytes, str], T]) -> T:
    """A file that the index names by its hash."""
    stored, shown = source.read(name), f"{source.shown.rstrip('/')}/{name}"
    if stored is None:
        raise NoReport(f"{shown} is missing, though {REVIEWS_INDEX} names it", _VERIFY)
    if sha256(stored.content) != expected:
        raise NoReport(f"{shown} was changed after the period was closed", _VERIFY)
    return _decoded(decode, stored.content, shown)


def _decoded(decode: Callable[[bytes, str], T], content: bytes, name: str) -> T:
    try:
        return decode(content, name)
    except NewerFile as error:
        raise NoReport(error.message, error.hint) from None
    except DamagedFile as error:
        raise NoReport(error.message, _VERIFY) from None
