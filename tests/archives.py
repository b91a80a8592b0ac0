"""Archives for the tests: indexes of many reports without their pages, and folders with reports in them."""

from dataclasses import replace

from sresnap.app.site_writer import write_site
from sresnap.archive.chain import appended
from sresnap.archive.filing import file_report
from sresnap.documents import archive_index, snapshots
from sresnap.model.archive import Headline, Index, Keep, empty_index, headline
from sresnap.model.status import Status
from sresnap.model.windows import parse_time, snapshot_id
from sresnap.render.site import SiteRenderer
from tests import factories

AT = parse_time("2026-11-22T21:30:00Z")


_HEAD = headline(factories.healthy())


def head(at: int, status: Status = Status.HEALTHY, **changes) -> Headline:
    """The headline of a report of 20 services."""
    times = {"at": at, "generated_at": at + 4, "scheduled_at": at}
    return replace(_HEAD, id=snapshot_id(at), status=status, services={"HEALTHY": 20}, **times, **changes)


def index_of(*times: int, keep: Keep | None = None, size: int = 100) -> Index:
    index = replace(empty_index(), title="Acme", keep=keep or Keep())
    for at in times:
        index = appended(index, head(at), b"h" * (size // 2), b"s" * (size - size // 2))
    return index


def report(at: int, made=factories.small, **changes):
    snapshot = replace(made(), id=snapshot_id(at), at=at, generated_at=at + 4, previous=None)
    return replace(snapshot, **changes)


def put(root, snapshot, keep: Keep | None = None):
    """Write a report and the archive with it; the files that thinning left because they were edited."""
    index = replace(archive_index.load(root) or empty_index(), title=snapshot.site.title, keep=keep or Keep())
    snapshot = replace(snapshot, previous=snapshots.previous(root, snapshot.id))
    with SiteRenderer(snapshot) as renderer:
        return add_report(root, index, snapshot, renderer)


def add_report(root, index: Index, snapshot, renderer, *, is_past=False, write=write_site):
    """File a report and write its site, by the steps of a build after its computation."""
    frozen = renderer.frozen_page()
    filing = file_report(root, index, snapshot, frozen)
    site = renderer.past_pages(filing.archive) if is_past else renderer.live_pages(filing.archive)
    write(root, snapshot, filing.snapshot, frozen, site, filing.encode(), is_past=is_past)
    return filing.finish(root, site.summaries)
