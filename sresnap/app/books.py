"""The closed periods of a site: what its folder has, and what a build adds to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sresnap.config.settings import Config
from sresnap.documents import manifest, reviews
from sresnap.documents.layout import REVIEW, REVIEWS_INDEX
from sresnap.errors import UsageError
from sresnap.model.review import Restatement, Review
from sresnap.model.review_index import INDEX_SCHEMA, Reviews


@dataclass(frozen=True, slots=True)
class Books:
    """The closed periods of a site, with those that a build closes."""

    index: Reviews
    closed: tuple[Review, ...] = ()
    """By this build, in their order."""
    restated: tuple[Restatement, ...] = ()
    """By this build."""
    files: dict[str, bytes] = field(default_factory=dict)
    """By site-relative path, what this build writes: the index is the last of them."""
    waiting: tuple[str, ...] = ()
    """Why a period that is due is not closed, or one that changed is not restated, and what to do."""

    @property
    def made(self) -> tuple[Review | Restatement, ...]:
        """What this build adds."""
        return (*self.closed, *self.restated)

    def changed(self, index: Reviews, files: Mapping[str, bytes]) -> Books:
        """The books with another index, and files that it names."""
        kept = {name: content for name, content in self.files.items() if name != REVIEWS_INDEX}
        return replace(self, index=index, files={**kept, **files, REVIEWS_INDEX: reviews.encode_index(index)})


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
        _refuse_lost(out, ())
        return Books(no_reviews(config))
    _refuse_lost(out, {entry.period for entry in index.entries})
    own = no_reviews(config)
    asked = replace(index, timezone=own.timezone, units=own.units, close_after_seconds=own.close_after_seconds)
    return Books(asked, files={} if asked == index else {REVIEWS_INDEX: reviews.encode_index(asked)})


def _refuse_lost(out: Path, listed: Collection[str]) -> None:
    """Refuse a folder that lost its index, or has an older one: a build must not close a period a second time.

    A folder that has reviews and was never published is one whose build was killed: the next one writes the same.
    """
    published = manifest.of_folder(out)
    names = () if published is None else published.files
    lost = [name for name in names if (period := REVIEW.value(name)) is not None and period not in listed]
    if lost:
        is_there = f"does not list {lost[-1]}, which" if listed else f"is missing, though {lost[-1]}"
        raise UsageError(f"{out / REVIEWS_INDEX} {is_there} was published", "run `sresnap restore`")
