"""Closed periods as files: `reviews/2026-10/review.json`, its restatements, and `reviews/index.json`.

A review names the SHA-256 of the one closed before it, and a restatement the one of the file it follows. The index has
the SHA-256 of each. So a file that was changed is found, and no build writes one again.
"""

from __future__ import annotations

from pathlib import Path

from sresnap.documents.codec import Codec, to_json
from sresnap.documents.files import sha256
from sresnap.documents.layout import RESTATEMENT, REVIEW, REVIEWS_INDEX
from sresnap.errors import DamagedFile, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.periods import period_named
from sresnap.model.review import RESTATEMENT_SCHEMA, SCHEMA, Restatement, Review, ServiceReview, SloReview
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.named_files import read_stored

HINT = "bring the published one back: delete it here and run `sresnap restore`"


def _check_review(review: Review) -> None:
    period = period_named(review.period, review.timezone)
    if (period.unit, period.start, period.end) != (review.unit, review.start, review.end):
        raise ValueError(f"{review.period} has other hours in {review.timezone}")
    for service in review.services:
        for slo in service.slos:
            _check_verdict(slo, f"{service.name}/{slo.name}")


def _check_verdict(slo: SloReview, name: str) -> None:
    """A verdict needs an SLI that can be."""
    if not 0 < slo.objective < 1:
        raise ValueError(f"{name}: its objective is {slo.objective}")
    for result in (slo.result, slo.uncorrected):
        if result is not None and result.outcome.is_judged and not (result.sli is not None and 0 <= result.sli <= 1):
            raise ValueError(f"{name}: it is {result.outcome.value} with an SLI of {result.sli}")


def _check_index(index: Reviews) -> None:
    names = [entry.period for entry in index.entries]
    if len(set(names)) < len(names):
        raise ValueError("entries: a period is listed twice")
    order = [(entry.end, entry.unit.rank) for entry in index.entries]
    if order != sorted(order):
        raise ValueError("entries: they are not in the order of their ends")
    for entry in index.entries:
        if period_named(entry.period, index.timezone).unit is not entry.unit:
            raise ValueError(f"entries: {entry.period} is not a {entry.unit.value}")


CODEC = Codec(SCHEMA, Review, "a closed period", HINT, _check_review)
RESTATEMENT_CODEC = Codec(RESTATEMENT_SCHEMA, Restatement, "a restatement of a closed period", HINT)
INDEX_CODEC = Codec(INDEX_SCHEMA, Reviews, "an index of closed periods", HINT, _check_index)


def load_index(root: Path) -> Reviews | None:
    """The index of a site's closed periods; None when there is none.

    Raises:
        DamagedFile: it cannot be read as an index.
        NewerFile: a newer sresnap wrote it.
        UsageError: the file cannot be read.
    """
    content = _content(root, REVIEWS_INDEX)
    return None if content is None else INDEX_CODEC.read(content, str(root / REVIEWS_INDEX))


def read_review(root: Path, entry: ReviewEntry) -> Review | None:
    """A closed period; None when the folder does not have its file.

    Raises:
        DamagedFile: it is not the file that the index names, or another period.
        UsageError: the file cannot be read.
    """
    content = _named(root, REVIEW.path(entry.period), entry.sha256)
    return None if content is None else decode_entry(content, str(root / REVIEW.path(entry.period)), entry)


def read_restatements(root: Path, entry: ReviewEntry) -> tuple[Restatement, ...] | None:
    """The restatements of a closed period, in order; None when the folder does not have all files.

    Raises:
        DamagedFile: one is not the file that the index names.
        UsageError: a file cannot be read.
    """
    found = []
    for number, expected in enumerate(entry.restatements, 1):
        name = RESTATEMENT.path(entry.period, str(number))
        content = _named(root, name, expected)
        if content is None:
            return None
        found.append(RESTATEMENT_CODEC.read(content, str(root / name)))
    return tuple(found)


def unlisted(root: Path, name: str) -> bytes | None:
    """The content of a file that a build is about to write; None when there is none.

    Raises:
        UsageError: the file cannot be read.
    """
    return _content(root, name)


def decode(content: bytes, name: str) -> Review:
    """A review from JSON.

    Raises:
        DamagedFile: it is not a review, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return CODEC.read(content, name)


def decode_entry(content: bytes, name: str, entry: ReviewEntry) -> Review:
    """The review of a period that the index lists, from JSON.

    Raises:
        DamagedFile: it is not a review, was edited, or is of another period.
        NewerFile: a newer sresnap wrote it.
    """
    review = decode(content, name)
    if review.period != entry.period:
        raise DamagedFile(f"{name} is of {review.period}, not of {entry.period}", HINT)
    return review


def encode(review: Review) -> bytes:
    """A review as JSON, one line per service: readable by eye and in a diff; the same bytes for the same review.

    Raises:
        ValueError: a number in it is not finite.
    """
    services = ",\n".join(to_json(ServiceReview, service) for service in review.services)
    return _with_lines(to_json(Review, review), to_json(tuple[ServiceReview, ...], review.services), services)


def encode_restatement(restatement: Restatement) -> bytes:
    """A restatement as JSON; the same bytes for the same restatement."""
    return RESTATEMENT_CODEC.write(restatement)


def encode_index(index: Reviews) -> bytes:
    """The index as JSON, one line per period; the same bytes for the same index."""
    entries = ",\n".join(to_json(ReviewEntry, entry) for entry in index.entries)
    return _with_lines(to_json(Reviews, index), to_json(tuple[ReviewEntry, ...], index.entries), entries)


def _with_lines(whole: str, compact: str, lines: str) -> bytes:
    head, found, tail = whole.rpartition(compact)
    return f"{head}[\n{lines}\n]{tail}\n".encode() if found and lines else f"{whole}\n".encode()


def files_of(index: Reviews) -> dict[str, str]:
    """By site-relative path, the SHA-256 of all files that an index names."""
    found = {}
    for entry in index.entries:
        found[REVIEW.path(entry.period)] = entry.sha256
        for number, sha in enumerate(entry.restatements, 1):
            found[RESTATEMENT.path(entry.period, str(number))] = sha
    return found


def _named(root: Path, name: str, expected: str) -> bytes | None:
    """A file that the index names by its hash."""
    content = _content(root, name)
    if content is not None and sha256(content) != expected:
        raise DamagedFile(f"{root / name} was changed after the period was closed", HINT)
    return content


def _content(root: Path, name: str) -> bytes | None:
    try:
        return read_stored(root / name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {root / name}: {why(error)}", what_to_do(error, read=True)) from error
