"""The reports of a year: real builds, and between them copies of the newest build with their own times."""

import dataclasses
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from freezegun import freeze_time

from sresnap import clock
from sresnap.app.build import build
from sresnap.app.publish import PublishRequest, publish
from sresnap.archive.chain import appended
from sresnap.archive.filing import Filing
from sresnap.archive.thinning import drop_old_summaries, sweep, thin
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import archive_index, files
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT
from sresnap.model.archive import ArchiveState, Headline, Index, headline
from sresnap.model.snapshot import PreviousReport, Snapshot, SourceKind
from sresnap.model.windows import DAY, iso, snapshot_id
from sresnap.progress import Quiet
from sresnap.publish.targets.folder import Folder
from sresnap.render.site import SiteRenderer

SERVICES, SCHEDULE = 20, 300
_LATE = 4
"""Seconds between a report's moment and its build."""
_HEAD = re.compile(rb'"id":"[^"]*","at":"[^"]*","generated_at":"[^"]*","previous":(?:null|\{[^}]*\})')


@dataclass
class Maker:
    """Makes the reports of a folder and publishes them."""

    config: object
    clock: list
    root: Path
    www: Path
    index: Index = field(default_factory=Index)
    newest: "Template | None" = None

    def build(self, at):
        """Do what `sresnap build --publish` does at that time."""
        self.clock[0] = at
        with freeze_time(iso(at + _LATE), tick=True, real_asyncio=True):
            built = build(self.config, self.root, at, clock.now())
            assert built.edited_files == ()
            publish(Folder(self.www), self.root, clock.now(), PublishRequest(), Quiet())
        self.newest, self.index = Template.of(self.root, built.snapshot), archive_index.load(self.root)

    def copies(self, times):
        """File copies of the newest build under the ids of these moments, and thin the archive as builds do."""
        if not times:
            return
        index = archive_index.load(self.root)
        for at in times:
            last = index.entries[-1]
            head, html, snapshot = self.newest.report(at, PreviousReport(last.id, last.snapshot_sha256))
            content = {SNAPSHOT.path(head.id): snapshot, FROZEN_PAGE.path(head.id): html}
            files.write_changed(self.root, content)
            index = appended(index, head, html, snapshot)
        result = thin(self.root, index)
        filing = Filing(result, ArchiveState(result.index, result.removed))
        files.write_changed(self.root, filing.encode())
        assert sweep(self.root, result.removed, self.newest.renderer.summaries(filing.archive)) == []
        if times[-1] % DAY == 0:
            drop_old_summaries(self.root, result.index)
        self.index = result.index


@contextmanager
def maker(root, www, start):
    """A maker with the demo's server, whose synthetic services have incidents of known size."""
    config = loads(demo_config(SERVICES), "the demo's configuration", {}, cwd=root.parent)
    clock = [start]
    with DemoServer(config.templates, services=SERVICES, now=lambda: clock[0]) as server:
        prometheus = replace(config.prometheus, url=server.url)
        yield Maker(
            replace(config, prometheus=prometheus, kind=SourceKind.DEMO, schedule_seconds=SCHEDULE), clock, root, www
        )


@dataclass
class Template:
    """A built report, to copy."""

    head: Headline
    html: bytes
    snapshot: bytes
    renderer: SiteRenderer

    @classmethod
    def of(cls, root: Path, snapshot: Snapshot):
        html = (root / FROZEN_PAGE.path(snapshot.id)).read_bytes()
        content = (root / SNAPSHOT.path(snapshot.id)).read_bytes()
        return cls(headline(snapshot), html, content, SiteRenderer(snapshot))

    def report(self, at, previous):
        """Headline, page and snapshot of a moment. No two copies are equal, and each is as long as a real report."""
        new = snapshot_id(at)
        times = {"at": at, "generated_at": at + _LATE, "scheduled_at": at}
        remaining = None if self.head.remaining_ratio is None else self.head.remaining_ratio - at % 604_800 / 1e9
        head = dataclasses.replace(self.head, id=new, remaining_ratio=remaining, **times)
        first = (
            f'"id":"{new}","at":"{times["at"]}","generated_at":"{times["generated_at"]}",'
            f'"previous":{{"id":"{previous.id}","sha256":"{previous.sha256}"}}'
        )
        snapshot, count = _HEAD.subn(first.encode(), self.snapshot[:600], count=1)
        assert count == 1
        return head, self.html.replace(self.head.id.encode(), new.encode()), snapshot + self.snapshot[600:]
