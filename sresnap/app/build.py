"""A build: gather → compute → frozen page → archive it → live pages → write.

Everything is gathered and rendered before the first file is replaced, so a build that fails leaves the last site whole.
"""

from __future__ import annotations

from pathlib import Path

from sresnap.app.books import Books, load_books
from sresnap.app.closing import close_due
from sresnap.app.gather import gather
from sresnap.app.known_since import with_known_since
from sresnap.app.missing_hours import loaded_hours, missed_hours
from sresnap.app.period_history import Known
from sresnap.app.report import BuildRequest, compute_report
from sresnap.app.report_scan import ReportScan
from sresnap.app.restating import Change, restate
from sresnap.app.review_pages import reviews_shown, said_of, said_of_week
from sresnap.app.site_writer import BuildResult, refuse_mixing, write_site
from sresnap.archive import continuity
from sresnap.archive.filing import file_report, with_settings
from sresnap.archive.reports import may_be_filed, removal_of
from sresnap.config.settings import Config
from sresnap.documents import folder_state, manifest, thinned_lists
from sresnap.documents.files import hold, write_changed
from sresnap.documents.history import LoadedHistory, load_earlier, load_history, save_history
from sresnap.documents.layout import INDEX
from sresnap.documents.pointer import shown_report
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.archive import Index, empty_index
from sresnap.model.history import History
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import day_of_id
from sresnap.plan import earlier_hours, history_hours
from sresnap.progress import Progress, Quiet
from sresnap.render.favicon import read_favicon
from sresnap.render.site import SiteRenderer, live_pages_of


def build(
    config: Config,
    out: Path,
    at: int,
    generated_at: int,
    *,
    progress: Progress | None = None,
    reconstructed: bool = False,
    rules: PublicationRules | None = None,
) -> BuildResult:
    """Make the report of a moment and put it into the site's folder.

    Args:
        config: what to measure and where to ask.
        out: the site's folder; its history is read and extended.
        at: the report's moment, whole minutes, seconds since the epoch.
        generated_at: the time of the build.
        progress: receives stages and steps.
        reconstructed: the report replaces one that a late or failed schedule missed. The live pages stay as they are.
        rules: what a public target may show. The inputs of the report's pages are scanned before it is archived,
            because an archived report never changes. None: the report is not meant for a public target.

    Raises:
        PrometheusUnreachable: nothing was answered; nothing is written.
        ClockAhead: Prometheus's clock has not reached the moment; nothing is written.
        UsageError: the folder cannot be used, shows a report of another kind, or has an archive that cannot be
            continued; or the report must not be public.
        BuildInProgress: another build holds the folder.
        SresnapError: a file cannot be written.
    """
    with hold(out):
        request = BuildRequest(config, out, at, generated_at, reconstructed)
        return _build(request, rules, progress or Quiet())


def _build(request: BuildRequest, rules: PublicationRules | None, progress: Progress) -> BuildResult:
    config, out = request.config, request.out
    refuse_mixing(out, config.kind)
    index = continuity.index(out) or empty_index()
    books, missed = load_books(config, out), None
    before = load_history(out, history_hours(config, request.at))
    if not request.reconstructed:
        missed = missed_hours(config, out, request.at, books.index, before.history)
        before = before if missed is None else load_history(out, loaded_hours(config, request.at, missed))
    # A backfill compares the clock with the time of the build: a wrong clock makes reports look missed that are not due
    # yet.
    due = request.generated_at if request.reconstructed else request.at
    earlier = load_earlier(out, earlier_hours(config, request.at))
    gathered, servers = gather(config, before.history, request.at, progress, due=due, earlier=earlier, missed=missed)
    gathered = with_known_since(out, gathered)
    favicon = read_favicon(config.favicon)
    snapshot = compute_report(request, gathered, servers, before, favicon.address, progress)
    newest = shown_report(out)
    # A report of the past fills the history and the archive. It must not look like the newest to a reader.
    is_past = request.reconstructed or (newest is not None and newest > snapshot.id)
    found_at, known = request.generated_at if is_past else request.at, Known.of(gathered)
    restated = restate(Change(config, out, found_at, before.history, gathered.history, known), books)
    if not _may_be_filed(out, index, snapshot):
        return _extend_history(out, index, snapshot, before, gathered.history, restated)
    books = restated if is_past else close_due(config, out, request.at, known, restated)
    shown = reviews_shown(config, out, books)
    progress.stage("drawing", live_pages_of(snapshot))
    with SiteRenderer(snapshot, config.theme, progress.advance) as renderer:
        frozen = renderer.frozen_page()
        filing = file_report(out, with_settings(index, snapshot, config.keep), snapshot, frozen)
        scan = ReportScan(rules, config.theme)
        said = (*said_of(shown, books.made), *said_of_week(snapshot, filing.archive, shown))
        scan.refuse_leaks(snapshot, filing.snapshot, frozen, filing.archive, favicon.files, books.made, said)
        site = renderer.past_pages(filing.archive) if is_past else renderer.live_pages(filing.archive, shown)
    manifest.set_aside(out)
    write_changed(out, restated.files)
    save_history(out, before, gathered.history, snapshot.id)
    archived = filing.encode()
    data = {**favicon.files, **archived, **books.files}
    files_written, edited_stale_files = write_site(out, snapshot, filing.snapshot, frozen, site, data, is_past=is_past)
    edited_files = filing.finish(out, site.summaries)
    scan.record(out, snapshot, filing.archive, {**site.files, INDEX: archived[INDEX], **books.files}, shown)
    return BuildResult(
        snapshot,
        out,
        files_written,
        newer=newest if is_past else None,
        edited_files=edited_files,
        thinned=filing.result.newly_thinned,
        kept=len(filing.result.index.entries),
        edited_stale_files=edited_stale_files,
        books=books,
    )


def _may_be_filed(out: Path, index: Index, snapshot: Snapshot) -> bool:
    """Whether the archive takes a report of this moment: it keeps the first one and never replaces it."""
    thinned = thinned_lists.load(out, day_of_id(snapshot.id))
    return may_be_filed(index, snapshot.id, thinned, may_be_published=folder_state.may_be_published(out, snapshot.id))


def _extend_history(
    out: Path, index: Index, snapshot: Snapshot, before: LoadedHistory, history: History, books: Books
) -> BuildResult:
    """Keep the answers of a build whose report the archive does not take."""
    manifest.set_aside(out)
    write_changed(out, books.files)
    save_history(out, before, history, snapshot.id)
    thinned = thinned_lists.load(out, day_of_id(snapshot.id))
    removed_as = removal_of(index, snapshot.id, thinned)
    newer = shown_report(out)
    return BuildResult(snapshot, out, 0, newer=newer, is_archived=False, removed_as=removed_as, books=books)
