"""Keeps what must not be public out of a report before the archive freezes it.

The report's inputs are scanned, not its pages. The folder's state records the files that were made from clean inputs,
and by which rules, so that publishing does not scan them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.app.review_pages import said_of
from sresnap.documents import folder_state
from sresnap.documents.files import sha256
from sresnap.documents.layout import ASSET, FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.leaks.inputs import has_templates, leaks_in_theme, leaks_in_values
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.refusal import refuse_if_any
from sresnap.leaks.scan import leaks_in_file, secrets_in_file
from sresnap.model.archive import ArchiveState
from sresnap.model.review import Restatement, Review
from sresnap.model.snapshot import Snapshot
from sresnap.render.theme import theme_errors
from sresnap.sentences.closed import ReviewsShown


@dataclass(frozen=True, slots=True)
class ReportScan:
    """The scan of one build."""

    rules: PublicationRules | None
    """What a public target may show; None: the report is not meant for one, so nothing is scanned."""
    theme: Path | None
    """The user's theme."""

    def refuse_leaks(
        self,
        snapshot: Snapshot,
        content: bytes,
        frozen: bytes,
        archive: ArchiveState,
        favicon: Mapping[str, bytes],
        closed: Iterable[Review | Restatement] = (),
        said: Iterable[str] = (),
        consequence: str = "nothing was written",
    ) -> None:
        """Refuse a report that must not be public.

        The texts of earlier reports and of notes on them do not stop a build: publishing scans and refuses them.

        Args:
            snapshot: the report.
            content: its file.
            frozen: its frozen page.
            archive: the archive with it.
            favicon: the site's own icon by its path; empty for the shipped icon or a URL.
            closed: the periods that the build closes, and its restatements.
            said: what its pages say of them.
            consequence: what does not happen because of a leak, for the message.

        Raises:
            UsageError: a text of the report, the comparisons, the theme or the icon must not be public.
            ThemeError: a file of the theme cannot be read.
        """
        if self.rules is None:
            return
        inputs = {f"report {snapshot.id}": snapshot, "the comparison with earlier reports": archive.comparisons}
        inputs["the review in words"] = tuple(said)
        leaks = leaks_in_values(inputs | {f"{one.schema} of {one.period}": one for one in closed}, self.rules)
        if self.theme is not None:
            with theme_errors(self.theme):
                leaks += leaks_in_theme(self.theme, self.rules)
        for name, icon in favicon.items():
            leaks += leaks_in_file(name, icon, self.rules)
        page = FROZEN_PAGE.path(snapshot.id)
        if has_templates(self.theme):
            leaks += leaks_in_file(page, frozen, self.rules)
        elif self.rules.secrets:
            leaks += secrets_in_file(page, frozen, self.rules)
        if self.rules.secrets:
            leaks += secrets_in_file(SNAPSHOT.path(snapshot.id), content, self.rules)
        refuse_if_any(leaks, consequence)

    def record(
        self,
        out: Path,
        snapshot: Snapshot,
        archive: ArchiveState,
        files: Mapping[str, bytes],
        reviews: ReviewsShown | None = None,
    ) -> None:
        """Record the files that were made from clean inputs.

        Args:
            out: the site's folder.
            snapshot: the report.
            archive: the archive with it.
            files: the pages, downloads and assets of the site, the archive's index, and the files of closed periods.
            reviews: what the pages of closed periods were made from.

        Raises:
            SresnapError: the folder's state cannot be written.
        """
        if self.rules is None:
            return
        archived = {INDEX: archive.index, "the thinned reports": archive.thinned, "closed periods": reviews}
        archived["the review in words"] = () if reviews is None else said_of(reviews)
        if leaks_in_values(archived, self.rules):
            files = {}  # Their pages may show the leak, so publishing has to scan them.
        is_scanned = self._is_scanned_as_file()
        clean = {name: sha256(content) for name, content in files.items() if not is_scanned(name)}
        clean.update(self._frozen(snapshot, archive))
        folder_state.record_scanned(out, self.rules.fingerprint, clean)

    def _is_scanned_as_file(self) -> Callable[[str], bool]:
        """Which files hold more than scanned inputs. A theme's style sheet is minified after its scan."""
        has_theme, has_own_pages = self.theme is not None, has_templates(self.theme)
        return lambda name: has_theme if ASSET.matches(name) else has_own_pages and name.endswith(".html")

    def _frozen(self, snapshot: Snapshot, archive: ArchiveState) -> Iterator[tuple[str, str]]:
        entry = archive.index.entry(snapshot.id)
        if entry is not None:
            yield SNAPSHOT.path(snapshot.id), entry.snapshot_sha256
            # It was scanned as a file where a theme's templates made it.
            yield FROZEN_PAGE.path(snapshot.id), entry.html_sha256
