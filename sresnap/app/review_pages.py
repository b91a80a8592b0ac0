"""Chooses which pages of closed periods a build writes, and reads what they show."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sresnap.app.books import Books
from sresnap.config.default_wording import default_wording
from sresnap.config.policy import default_policy
from sresnap.config.settings import Config
from sresnap.documents import manifest, reviews
from sresnap.documents.layout import RESTATEMENT, REVIEW, REVIEW_PAGE
from sresnap.model.archive import ArchiveState
from sresnap.model.periods import before, period_named
from sresnap.model.review import Restatement, Review
from sresnap.model.review_index import ReviewEntry
from sresnap.model.service import PolicyText
from sresnap.model.snapshot import Snapshot
from sresnap.named_files import read_stored
from sresnap.render.pages.since import week_sentences
from sresnap.sentences.closed import Material, ReviewsShown, neighbours, subject_of_review
from sresnap.sentences.rules import sentences


def policy_of(config: Config) -> Mapping[str, PolicyText]:
    """What the team does at each status: its own texts before the defaults."""
    return {**default_policy(), **config.policy}


def reviews_shown(config: Config, out: Path, books: Books) -> ReviewsShown:
    """The closed periods, with those whose pages are written: closed or restated by this build, or without a page.

    The page of the period before links to the one after it, so it is written with that one. A page whose files the
    folder lacks stays as it is published.

    Raises:
        DamagedFile: a file of a closed period was changed.
        UsageError: one cannot be read.
    """
    entries = _to_write(out, books)
    materials = (_material(config, out, books, entry) for entry in entries)
    return ReviewsShown(books.index, config.wording, tuple(one for one in materials if one is not None))


def said_of(shown: ReviewsShown, only: Collection[Review | Restatement] | None = None) -> tuple[str, ...]:
    """What the pages say, and texts that they print side by side: of all periods that are written, or of some."""
    periods = None if only is None else {review.period for review in only}
    written = [one for one in shown.written if periods is None or one.review.period in periods]
    return tuple(text for material in written for text in (*_said(material, shown), *_joined(material.review)))


def said_of_week(snapshot: Snapshot, archive: ArchiveState, shown: ReviewsShown) -> tuple[str, ...]:
    """What is said of the week since a report."""
    return tuple(one.text for one in week_sentences(snapshot, archive, shown.wording))


def _said(material: Material, shown: ReviewsShown) -> Iterator[str]:
    for sentence in sentences(subject_of_review(material), shown.wording, material.review.timezone):
        yield sentence.text


def _joined(review: Review) -> Iterator[str]:
    for service in review.services:
        for slo in service.slos:
            yield from (f"{service.name}/{slo.name}", f"{service.name},{slo.name}")
    for correction in review.corrections:
        yield f"{correction.reason} ({', '.join(correction.services or ())})"


def stored_reviews(out: Path) -> ReviewsShown:
    """The closed periods of a folder, none of whose pages is written.

    Raises:
        DamagedFile: the index cannot be read as one.
        UsageError: it cannot be read.
    """
    return ReviewsShown(reviews.load_index(out), default_wording())


def _to_write(out: Path, books: Books) -> list[ReviewEntry]:
    changed = {REVIEW.value(name) or RESTATEMENT.value(name) for name in books.files}
    published = manifest.of_folder(out)
    there = frozenset() if published is None else published.files.keys()

    wanted = [entry for entry in books.index.entries if entry.period in changed or not _has_page(out, entry, there)]
    linking = [neighbours(books.index, entry)[0] for entry in wanted]
    names = {entry.period for entry in (*wanted, *linking) if entry is not None}
    return [entry for entry in books.index.entries if entry.period in names]


def _has_page(out: Path, entry: ReviewEntry, published: Collection[str]) -> bool:
    """Whether a period's page is there, with its last restatement: a build of a past moment restates without pages."""
    page = REVIEW_PAGE.path(entry.period)
    if not (out / page).is_file():
        return page in published
    if not entry.restatements:
        return True  # every build asks this of every period: only pages of restated ones are read
    try:
        content = read_stored(out / page)
    except OSError:
        return page in published
    return f"restatement-{len(entry.restatements)}.json".encode() in content


def _material(config: Config, out: Path, books: Books, entry: ReviewEntry) -> Material | None:
    review = _review(out, books, entry)
    restated = _restatements(out, books, entry)
    if review is None or restated is None:
        return None
    return Material(review, _before(out, books, review), restated, policy_of(config))


def _before(out: Path, books: Books, review: Review) -> Review | None:
    """The review of the period before, as far as the folder has it."""
    name = before(period_named(review.period, review.timezone), review.timezone).name
    entry = books.index.entry(name)
    return None if entry is None else _review(out, books, entry)


def _review(out: Path, books: Books, entry: ReviewEntry) -> Review | None:
    made = books.files.get(REVIEW.path(entry.period))
    return reviews.read_review(out, entry) if made is None else reviews.decode(made, entry.period)


def _restatements(out: Path, books: Books, entry: ReviewEntry) -> tuple[Restatement, ...] | None:
    """All restatements of a period; None when the folder lacks one."""
    return tuple(_all_restatements(out, books, entry)) if _has_restatements(out, books, entry) else None


def _names(entry: ReviewEntry) -> list[str]:
    return [RESTATEMENT.path(entry.period, str(number)) for number in range(1, len(entry.restatements) + 1)]


def _has_restatements(out: Path, books: Books, entry: ReviewEntry) -> bool:
    return all(name in books.files or (out / name).is_file() for name in _names(entry))


def _all_restatements(out: Path, books: Books, entry: ReviewEntry) -> Iterator[Restatement]:
    names = _names(entry)
    made = {name: books.files[name] for name in names if name in books.files}
    older = [name for name in names if name not in made]
    stored = reviews.read_restatements(out, _only(entry, len(older)))
    yield from stored or ()
    for name, content in made.items():
        yield reviews.RESTATEMENT_CODEC.read(content, name)


def _only(entry: ReviewEntry, count: int) -> ReviewEntry:
    """The entry with its first restatements: those that were written before this build."""
    return replace(entry, restatements=entry.restatements[:count])
