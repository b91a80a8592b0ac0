"""Reports without pages, for tests of numbers: drawing takes most of the time of a build."""

from __future__ import annotations

from pathlib import Path

from sresnap.app.demo import demo_prometheus, fill_history
from sresnap.app.gather import NO_HISTORY, gather
from sresnap.app.known_since import with_known_since
from sresnap.app.report import BuildRequest, compute_report
from sresnap.config.settings import Config
from sresnap.documents.history import load_earlier, load_history, save_history
from sresnap.model.history import History
from sresnap.model.snapshot import Snapshot
from sresnap.plan import earlier_hours, history_hours
from sresnap.progress import Quiet


def build_without_pages(config: Config, out: Path, at: int, earlier: History = NO_HISTORY) -> Snapshot:
    """Gather and compute a report as a build does, and continue the folder's history.

    Args:
        config: what to measure and where to ask.
        out: the folder.
        at: the report's moment.
        earlier: the days before the window, which say what the budget was. A build reads them from the folder.
    """
    before = load_history(out, history_hours(config, at))
    gathered, servers = gather(config, before.history, at, Quiet(), earlier=earlier)
    gathered = with_known_since(out, gathered)
    snapshot = compute_report(BuildRequest(config, out, at, at), gathered, servers, before, None, Quiet())
    save_history(out, before, gathered.history, snapshot.id)
    return snapshot


def demo_without_pages(services: int, out: Path, at: int) -> Snapshot:
    """The numbers of the first report of `sresnap demo --at`."""
    with demo_prometheus(services, lambda: at, once=True) as config:
        fill_history(config, out, at)
        return build_without_pages(config, out, at, load_earlier(out, earlier_hours(config, at)))
