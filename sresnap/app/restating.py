"""Restates closed periods whose hours or corrections have changed since they were closed.

The closed period stays as it is. A restatement beside it has each number that differs, with the old and the new value.
A changed objective or query restates nothing: a period is judged by what was promised then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.books import Books
from sresnap.app.period_history import Known, fingerprint, history_of, missing_day
from sresnap.compute.review.close import corrected_times
from sresnap.compute.review.counts import Stored
from sresnap.compute.review.restate import (
    Results,
    changed_hours,
    changed_results,
    joined,
    judged_by,
    results_now,
    runs,
    stated,
    touched_hours,
)
from sresnap.config.settings import Config
from sresnap.documents import reviews
from sresnap.documents.files import sha256
from sresnap.documents.layout import RESTATEMENT, REVIEW
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.corrections import Correction
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.periods import NamedPeriod
from sresnap.model.review import RESTATEMENT_SCHEMA, Cause, Gap, Outcome, Restatement, Review
from sresnap.model.review_index import ReviewEntry
from sresnap.plan import definitions_in


@dataclass(frozen=True, slots=True)
class Change:
    """What a build knows that may change closed periods."""

    config: Config
    out: Path
    at: int
    """The moment that a restatement names."""
    before: History
    """The days that the build has loaded."""
    after: History
    """The same with its answers."""
    known: Known


def restate(change: Change, books: Books) -> Books:
    """The books with a restatement of each closed period whose numbers changed. Where nothing changed, nothing is read.

    Its files must be written before the history: a build that is killed between the two gets the same answers again.
    """
    every = _corrections(change.config, books)
    touched = touched_hours(change.before, change.after)
    for entry in books.index.entries:
        corrections = tuple(one for one in every if one.start < entry.end and one.end > entry.start)
        is_corrected = fingerprint(corrected_times(corrections)) != entry.corrections_sha256
        late = runs(hour for hour in touched if entry.start <= hour < entry.end)
        if is_corrected or late or entry.is_waiting:
            books = _Period(change, entry, corrections, late, is_corrected=is_corrected).restated(books)
    return books


def _corrections(config: Config, books: Books) -> tuple[Correction, ...]:
    """All corrections of closed periods."""
    entries = books.index.entries
    if not entries:
        return ()
    return config.corrections(min(entry.start for entry in entries), max(entry.end for entry in entries))


@dataclass(frozen=True, slots=True)
class _Period:
    """A closed period that may have changed."""

    change: Change
    entry: ReviewEntry
    corrections: tuple[Correction, ...]
    """All that concern it now."""
    late: tuple[Gap, ...]
    """Hours in which the build has changed a count."""
    is_corrected: bool
    """Whether other times are left out than when it was stated last."""

    @property
    def period(self) -> NamedPeriod:
        return NamedPeriod(self.entry.period, self.entry.unit, self.entry.start, self.entry.end)

    def restated(self, books: Books) -> Books:
        """The books with a restatement, if a number changed."""
        out = self.change.out
        review, earlier = reviews.read_review(out, self.entry), reviews.read_restatements(out, self.entry)
        missing = missing_day(out, self.period)
        if review is None or earlier is None or missing is not None:
            return self._waiting(books, missing or REVIEW.path(self.entry.period))
        return self._compared(books, review, earlier)

    def _waiting(self, books: Books, missing: str) -> Books:
        """The books with the note that a restatement waits for a file, so that the next restore brings it."""
        entry = replace(self.entry, late=joined(self.entry.late, self.late), is_waiting=True)
        waiting = f"{entry.period} changed and is not restated yet: the folder lacks {missing}; run `sresnap restore`"
        books = replace(books, waiting=(*books.waiting, waiting))
        return books if entry == self.entry else books.changed(books.index.with_entry(entry), {})

    def _compared(self, books: Books, review: Review, earlier: tuple[Restatement, ...]) -> Books:
        stored = self._stored(review)
        late = joined(
            self.entry.late, changed_hours(self.change.before, self.change.after, stored.definitions, self.period)
        )
        made: list[Restatement] = []
        while True:
            before = stated(review, (*earlier, *made))
            now = results_now(review, stored, before)
            found = self._found(earlier, made) or self._new(earlier, made, late, before, now)
            if found is None:
                break
            made.append(found)
        files = {self._name(one): reviews.encode_restatement(one) for one in made}
        entry = replace(
            self.entry,
            corrections_sha256=fingerprint(corrected_times(self.corrections)),
            restatements=(*self.entry.restatements, *(sha256(content) for content in files.values())),
            outcomes=_count(before),
            late=(),
            is_waiting=False,
        )
        if entry == self.entry:
            return books
        books = books.changed(books.index.with_entry(entry), files)
        return replace(books, restated=(*books.restated, *made))

    def _stored(self, review: Review) -> Stored:
        """The history now, by the queries that the period was judged by."""
        change, period, known = self.change, self.period, self.change.known
        judged = judged_by(review)
        present = definitions_in(change.config, self.corrections, Span(period.start, period.end))
        # What a later correction cuts out was counted by the same query if that one has not changed.
        parts: dict[ColumnKey, str] = {
            (service, key): definition
            for (service, key), definition in present.items()
            if key.part is not None and judged.get((service, key.whole)) == present.get((service, key.whole))
        }
        return Stored(
            period=period,
            history=history_of(change.out, period, known),
            definitions={**parts, **judged},
            corrections=self.corrections,
            doubted=known.doubted,
            undercounted=known.undercounted,
        )

    def _new(
        self,
        earlier: tuple[Restatement, ...],
        made: list[Restatement],
        late: tuple[Gap, ...],
        before: Results,
        now: Results,
    ) -> Restatement | None:
        """The restatement of the numbers that differ; None where none does."""
        results = changed_results(before, now)
        if not results:
            return None
        causes = [cause for cause, is_so in ((Cause.LATE_DATA, late), (Cause.CORRECTION, self.is_corrected)) if is_so]
        return Restatement(
            schema=RESTATEMENT_SCHEMA,
            period=self.entry.period,
            number=len(earlier) + len(made) + 1,
            at=self.change.at,
            previous_sha256=self._previous(made),
            causes=tuple(causes) or (Cause.LATE_DATA,),
            hours=late,
            corrections=corrected_times(self.corrections),
            results=results,
        )

    def _found(self, earlier: tuple[Restatement, ...], made: list[Restatement]) -> Restatement | None:
        """The restatement that a killed build has written and the index does not list.

        Raises:
            UsageError: another file is in its place.
        """
        name = RESTATEMENT.path(self.entry.period, str(len(earlier) + len(made) + 1))
        content = reviews.unlisted(self.change.out, name)
        if content is None:
            return None
        try:
            found = reviews.RESTATEMENT_CODEC.read(content, name)
        except DamagedFile:
            found = None
        place = (self.entry.period, len(earlier) + len(made) + 1, self._previous(made))
        if found is None or (found.period, found.number, found.previous_sha256) != place:
            raise UsageError(
                f"{self.change.out / name} is where a restatement is about to be written, and no index lists it",
                "move it out of the site's folder, or run `sresnap restore`, and build again",
            )
        return found

    def _previous(self, made: list[Restatement]) -> str:
        if made:
            return sha256(reviews.encode_restatement(made[-1]))
        return (self.entry.sha256, *self.entry.restatements)[-1]

    @staticmethod
    def _name(restatement: Restatement) -> str:
        return RESTATEMENT.path(restatement.period, str(restatement.number))


def _count(results: Results) -> dict[Outcome, int]:
    found = [one.outcome for one in results.values()]
    return {outcome: found.count(outcome) for outcome in Outcome if outcome in found}
