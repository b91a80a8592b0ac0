"""The size of a published site, by kind of file."""

from dataclasses import dataclass
from pathlib import Path

from sresnap.documents import archive_index
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.model.windows import is_snapshot_id

COLUMNS = (
    "day", "reports made", "kept", "thinned", "files", "site, MB", "on disk, MB", "kept reports, MB", "history, MB",
    "summaries, MB", "thinned lists, MB", "pages, MB", "manifest, MB", "index, kB",
)  # fmt: skip


@dataclass
class Row:
    """A row of the table. Sizes are bytes."""

    day: int
    made: int
    kept: int
    thinned: int
    files: int = 0
    disk: int = 0
    reports: int = 0
    history: int = 0
    summaries: int = 0
    lists: int = 0
    pages: int = 0
    manifest: int = 0
    index: int = 0

    @property
    def site(self):
        return self.reports + self.history + self.summaries + self.lists + self.pages + self.manifest + self.index

    def __str__(self):
        counts = [self.day, self.made, self.kept, self.thinned, self.files]
        sizes = [
            self.site,
            self.disk,
            self.reports,
            self.history,
            self.summaries,
            self.lists,
            self.pages,
            self.manifest,
        ]
        return line([*(f"{n:,}" for n in counts), *(f"{n / 1e6:.1f}" for n in sizes), f"{self.index / 1e3:.0f}"])


def line(cells):
    """A row in Markdown."""
    return f"| {' | '.join(cells)} |"


def table(rows):
    return "\n".join([line(COLUMNS), line("---:" for _ in COLUMNS), *map(str, rows)])


def measured(day: int, www: Path) -> Row:
    """A row. Checks that the folder holds exactly the reports in the index."""
    index = archive_index.load(www)
    kept = {name for entry in index.entries for name in (FROZEN_PAGE.path(entry.id), SNAPSHOT.path(entry.id))}
    row = Row(day, index.reports, len(index.entries), sum(index.thinned.values()))
    for path in www.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            found, name = path.stat(), path.relative_to(www).as_posix()
            row.files += 1
            row.disk += found.st_blocks * 512
            kind = _kind(name, kept)
            setattr(row, kind, getattr(row, kind) + found.st_size)
    assert row.reports == sum(entry.bytes for entry in index.entries), "the index does not say what is there"
    return row


def _kind(name, kept):
    if name in kept:
        return "reports"
    folder, _, rest = name.partition("/")
    assert folder != "snapshots", f"{name} is not of a kept report"
    if name in (INDEX, "manifest.json"):
        return "index" if name == INDEX else "manifest"
    if folder == "archive" and rest.startswith("thinned/"):
        return "lists"
    if folder == "archive" and is_snapshot_id(rest.partition("/")[0]):
        return "summaries"
    return "history" if folder == "history" else "pages"
