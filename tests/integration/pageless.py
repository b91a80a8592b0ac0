"""Reports without pages, for tests of numbers: drawing takes most of the time of a build."""

from __future__ import annotations

from pathlib import Path

from sresnap.app.gather import gather
from sresnap.app.known_since import with_known_since
from sresnap.app.report import BuildRequest, compute_report
from sresnap.config.settings import Config
from sresnap.documents.history import load_history, save_history
from sresnap.model.snapshot import Snapshot
from sresnap.plan import history_hours
from sresnap.progress import Quiet


def build_without_pages(config: Config, out: Path, at: int) -> Snapshot:
    """Gather and compute a report as a build does, and continue the folder's history."""
    before = load_history(out, history_hours(config, at))
    gathered, server = gather(config, before.history, at, Quiet())
    gathered = with_known_since(out, gathered)
    snapshot = compute_report(BuildRequest(config, out, at, at), gathered, server, before, None, Quiet())
    save_history(out, before, gathered.history, snapshot.id)
    return snapshot
