"""The public API. `sresnap` itself offers these names and imports them when they are first used."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from sresnap import clock
from sresnap.app.job import JobRequest, run_job
from sresnap.app.publish import PublishRequest, PublishResult, publish
from sresnap.app.redraw import redraw
from sresnap.app.site_writer import BuildResult
from sresnap.app.target_choice import target_to_publish
from sresnap.config import Config, load
from sresnap.current_folder import current_folder
from sresnap.documents import snapshots
from sresnap.errors import UsageError
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import MINUTE, floor
from sresnap.progress import Quiet
from sresnap.publish.targets.registry import open_target

__all__ = [
    "BuildResult",
    "Config",
    "PublishResult",
    "Snapshot",
    "build_report",
    "load_config",
    "publish_site",
    "read_snapshot",
    "render_snapshot",
]


def load_config(path: str | Path | None = None, *, prometheus_url: str | None = None) -> Config:
    """Read a configuration, with the environment variables applied, as `sresnap check` does.

    Args:
        path: the file; None for $SRE_CONFIG_FILE, ./sresnap.yaml or ./sre.yaml.
        prometheus_url: replaces PROMETHEUS_URL and the configuration's URL.

    Raises:
        ConfigError: lists every mistake.
        UsageError: there is no configuration.
    """
    return load(None if path is None else Path(path), os.environ, prometheus_url=prometheus_url, cwd=current_folder())


def build_report(config: Config, out: str | Path = "public", *, at: datetime | None = None) -> BuildResult:
    """Query Prometheus and write the report, as `sresnap build` does.

    Args:
        config: what to measure and where to ask.
        out: the site's folder.
        at: the report's time, cut to the whole minute; None means now.

    Returns:
        The report: its data in `snapshot`, and what was written.

    Raises:
        UsageError: `at` has no time zone, the folder cannot be used, or the report must not be public.
        ClockAhead: `at` is in Prometheus's future.
        PrometheusUnreachable: no query was answered; nothing was written.
        BuildInProgress: another build is writing to the folder.
    """
    now = clock.now()
    seconds = now if at is None else _seconds(at)
    request = JobRequest(config, Path(out), floor(seconds, MINUTE), now)
    return run_job(request, Quiet(), lambda _: None).reports.built


def read_snapshot(path: str | Path) -> Snapshot:
    """Read a report's data: a file in the site's `snapshots/`.

    Raises:
        UsageError: it cannot be read, is damaged, or a newer sresnap wrote it.
    """
    return snapshots.read(Path(path))


def render_snapshot(
    snapshot: Snapshot, out: str | Path, *, theme: str | Path | None = None, force: bool = False
) -> BuildResult:
    """Rebuild the pages of a report offline, as `sresnap render` does.

    Args:
        snapshot: the report's data.
        out: the folder to write to.
        theme: a folder with templates and theme.css.
        force: allow a folder that shows a newer report.

    Raises:
        UsageError: the folder shows a newer report, or the theme is invalid.
    """
    return redraw(snapshot, Path(out), theme=None if theme is None else Path(theme), force=force)


def publish_site(
    config: Config, out: str | Path = "public", *, target: str | None = None, dry_run: bool = False
) -> PublishResult:
    """Send the site to its target, as `sresnap publish` does.

    Args:
        config: names the target, and what may go to a public one.
        out: the site's folder.
        target: the target's address; None for publish.target of the configuration.
        dry_run: find out what would be sent and deleted; change nothing.

    Raises:
        UsageError: there is no target or no report, or the site must not be public.
        PublishConflict: another publisher was first; nothing was changed.
        PublishFailed: the target refuses or cannot be reached.
    """
    choice = target_to_publish(target, config)
    request = PublishRequest(dry_run=dry_run, rules=choice.rules)
    return publish(open_target(choice.address), Path(out), clock.now(), request, Quiet())


def _seconds(at: datetime) -> int:
    if at.tzinfo is None:
        raise UsageError(f"{at.isoformat()} has no time zone", "add one: datetime(…, tzinfo=UTC)")
    return int(at.timestamp())
