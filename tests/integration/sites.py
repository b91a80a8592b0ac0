"""Small sites, whose builds take milliseconds: a page that names its report, a snapshot, a history that names them all.

As in a real build, `build` continues from the folder. A report that a publisher lost is then missing from the history
and from the archive, which is real.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sresnap.app import publish as app_publish
from sresnap.app import restore as app_restore
from sresnap.app import verify as app_verify
from sresnap.app.publish import PublishRequest, PublishResult
from sresnap.app.restore import RestoreRequest, RestoreResult
from sresnap.app.verify import VerifyRequest, VerifyResult
from sresnap.archive.reports import may_be_filed
from sresnap.documents import archive_index, folder_state, manifest, snapshots, thinned_lists
from sresnap.documents.files import write_changed
from sresnap.documents.layout import FROZEN_PAGE, INDEX, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.documents.pointer import pointer_to, shown_report
from sresnap.model.archive import ArchiveState, Keep, empty_index
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import MINUTE, day_of_id
from sresnap.progress import Quiet
from sresnap.publish.restore_set import Scope
from sresnap.render.site import Site
from tests import factories
from tests.archives import add_report

AT = factories.AT
DAY_FILE = "history/2026/11/2026-11-22.json"
SUMMARY = b'<html><section class="panel panel-summary">thinned</section></html>'
MIDNIGHT = 150
"""The minute of the next UTC day's first report."""


@dataclass
class TinyPages:
    """A renderer of pages that only name their report; see `sresnap.render.site.SiteRenderer`."""

    text: str
    number: int
    pages: int

    def frozen_page(self) -> bytes:
        return f"<html><p>{self.text}</p>frozen</html>".encode()

    def live_pages(self, archive: ArchiveState) -> Site:
        css = f"assets/app.{self.number % 7:010x}.css"
        names = ["index.html", *(f"services/s{i}/index.html" for i in range(self.pages - 1))]
        html = {n: f"<html><link href={css}><p>{self.text}</p>{n}</html>".encode() for n in reversed(names)}
        feed = {"feed.xml": f"<feed>{self.text}</feed>".encode()}
        files = {css: b"p{}" * 1000 + str(self.number % 7).encode(), **html, **feed}
        return Site(files, dict.fromkeys(names, self.text), self._summaries(archive))

    def past_pages(self, archive: ArchiveState) -> Site:
        return Site({}, summaries=self._summaries(archive))

    def _summaries(self, archive: ArchiveState) -> dict[str, bytes]:
        return {FROZEN_PAGE.path(entry.id): SUMMARY for entry in archive.thinned}


def build(out: Path, number: int, *, by: str = "one", pages: int = 3, keep: Keep | None = None) -> str:
    """Build the report of a minute on top of the folder, and return its id.

    A report of the past only adds to history and archive; the pages stay. A report that the archive has already is not
    built again.
    """
    at = AT + number * MINUTE
    index = dataclasses.replace(archive_index.load(out) or empty_index(), **({} if keep is None else {"keep": keep}))
    made = factories.snapshot(services=[], at=at)
    settings = dataclasses.replace(made.site, title=by)
    previous = snapshots.previous(out, made.id)
    snapshot = dataclasses.replace(made, previous=previous, generated_at=at, site=settings)
    known = [*(report for report in reports(out) if report != snapshot.id), snapshot.id]
    write_changed(out, {name: _day(name, known) for name in (DAY_FILE, day_file(snapshot.id))})
    thinned = thinned_lists.load(out, day_of_id(snapshot.id))
    if may_be_filed(index, snapshot.id, thinned, may_be_published=folder_state.may_be_published(out, snapshot.id)):
        renderer = TinyPages(f"{snapshot.id} by {by}", number, pages)
        add_report(out, index, snapshot, renderer, is_past=snapshot.id < (shown_report(out) or ""), write=_write)
    return snapshot.id


def _write(
    out: Path, snapshot: Snapshot, content: bytes, frozen: bytes, site: Site, data: dict[str, bytes], *, is_past: bool
) -> None:
    """Write the files in the order of `write_site`, but no schemas: hundreds of sites are built and published."""
    report = {SNAPSHOT.path(snapshot.id): content, FROZEN_PAGE.path(snapshot.id): frozen}
    manifest.set_aside(out)
    pointer = {} if is_past else {POINTER: pointer_to(snapshot, site.pages)}
    write_changed(out, {**report, **data, **site.files, **pointer})


def _day(name: str, known: list[str]) -> bytes:
    day = {"schema": "sresnap/history/1", "day": name[-15:-5], "previous_sha256": None, "services": {}}
    return json.dumps({**day, "superseded": [], "reports": known}).encode()


def day_file(report: str) -> str:
    """Site-relative path of the history of a report's day."""
    day = day_of_id(report)
    return f"history/{day[:4]}/{day[5:7]}/{day}.json"


def reports(out: Path) -> list[str]:
    """The ids that the folder's history names."""
    try:
        return json.loads((out / DAY_FILE).read_bytes())["reports"]
    except FileNotFoundError:
        return []


def reports_of(source) -> list[str]:
    """The ids that a published history names."""
    return json.loads(source.read(DAY_FILE).content)["reports"]


def publish(target, out: Path, now: int = AT, **request) -> PublishResult:
    """Publish a folder, with the fields of a PublishRequest."""
    return app_publish.publish(target, out, now, PublishRequest(**request), Quiet())


def restore(source, out: Path, *, since: int | None = None, everything: bool = False, **request) -> RestoreResult:
    """Restore into a folder, with the fields of a Scope and a RestoreRequest."""
    return app_restore.restore(source, out, RestoreRequest(Scope(since, everything), **request), Quiet())


def verify(source, sleep: Callable[[float], None] = time.sleep, **request) -> VerifyResult:
    """Verify a site, with the fields of a VerifyRequest."""
    return app_verify.verify(source, VerifyRequest(**request), sleep)


def read_whole(source, *, killed: int = 1) -> str | None:
    """Read the site as a reader who follows the pointer, and return the report's id; None before the first report.

    The test fails unless the report is whole. A target that writes file by file replaces pages one by one, so pages may
    be of the report before or after. After several publishers that were `killed`, they may be of any of their reports.
    But each page is whole, and every file that it needs exists.
    """
    pointer = source.read("latest.json")
    if pointer is None:
        return None
    data = json.loads(pointer.content)
    snapshot = snapshots.decode(source.read(data["snapshot"]).content, data["snapshot"])
    assert snapshot.id == data["id"]
    listed = json.loads(source.read(DAY_FILE).content)["reports"]
    assert data["id"] in listed
    frozen = source.read(FROZEN_PAGE.path(data["id"])).content.decode()
    assert frozen.startswith(f"<html><p>{data['id']} by ")
    seen = {page_of(source, name) for name in data["pages"]}
    assert len(seen - {data["id"]}) <= killed
    return data["id"]


def archived(source) -> list[str]:
    """Ids that the published archive lists, kept or thinned, in their order in time."""
    index = archive_index.decode(source.read(INDEX).content, INDEX)
    lists = (source.read(THINNED_LIST.path(day)).content for day in index.thinned)
    return sorted(
        [*(entry.id for entry in index.entries), *(report for found in lists for report in thinned_lists.ids(found))]
    )


def page_of(source, name: str) -> str:
    """The report that a page shows. Its style sheet must exist."""
    html = source.read(name).content.decode()
    assert html.endswith("</html>"), f"{name} is cut short"
    css = html.split("<link href=")[1].split(">")[0]
    assert source.read(css) is not None, f"{name} needs {css}"
    return html.split("<p>")[1].split(" by ")[0]


def chain(source) -> list[str]:
    """Ids from the newest snapshot back to the first. The hash of each is checked."""
    import hashlib

    found = []
    name = json.loads(source.read("latest.json").content)["snapshot"]
    expected = None
    while name:
        content = source.read(name).content
        assert expected in (None, hashlib.sha256(content).hexdigest())
        snapshot = snapshots.decode(content, name)
        found.append(snapshot.id)
        before = snapshot.previous
        name, expected = (SNAPSHOT.path(before.id), before.sha256) if before else (None, None)
    return found
