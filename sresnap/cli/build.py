"""`sresnap build` and `sresnap render`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sresnap.cli import console, options
from sresnap.cli.job import Job, intended
from sresnap.errors import ExitCode
from sresnap.model.windows import iso

if TYPE_CHECKING:
    from sresnap.app.write_site import Built
    from sresnap.config.settings import Config


@click.command(
    epilog="""\b
Examples:
  sresnap build
  sresnap build --config sre.yaml --prometheus-url http://prometheus:9090
  sresnap build --at 2026-11-22T21:00:00Z --out public
  sresnap build --backfill             and the reports that were missed
  sresnap build --restore --publish    the whole job on a machine that keeps nothing
  sresnap build --dry-run              which queries would be sent"""
)
@options.config_option
@options.out_option
@options.at_option
@options.url_option
@click.option(
    "--backfill",
    is_flag=True,
    help="First make the reports that a late or failed schedule missed since the newest one, each of its own time.",
)
@click.option("--restore", "restores", is_flag=True, help="Before it, bring what publish.target holds, as `restore`.")
@click.option("--publish", "publishes", is_flag=True, help="After it, send the site to publish.target, as `publish`.")
@click.option(
    "--first",
    is_flag=True,
    help="With --restore: nothing was ever published there, or its pointer or manifest is lost.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="List the queries that would be sent, and the place to restore from and publish to; ask and write nothing.",
)
@options.json_option
@options.common
def build(
    config_path: Path | None,
    out: Path,
    at: int | None,
    prometheus_url: str | None,
    backfill: bool,
    restores: bool,
    publishes: bool,
    first: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask Prometheus and write the report.

    Only what the history in the output folder lacks is asked for. A report of the past (--at) fills the history and
    leaves a newer one on the pages. Every report is kept in the archive and never altered; --backfill marks those that
    it makes as reconstructed. Ends with 3 when the report was written but some data is missing in it, and, nothing
    written, with 4 when Prometheus answers nothing, and with 2 when the moment has not come yet by Prometheus's time,
    or when publish.target is public and the report holds a token or a private address that publish.allow does not name.

    With --restore and --publish it goes on from what is published, and publishes; 6 means that another publisher was
    first, and that the next run will include what that one wrote.
    """
    config = options.load_config(config_path, prometheus_url)
    now = options.now()
    moment = options.moment(at, now)
    if dry_run:
        around = intended(config, restores=restores, publishes=publishes, first=first)
        code = _show_plan(config, out, moment, as_json=as_json)
        for line in around:
            click.echo(line, err=as_json)
        return code
    from sresnap.app import build as pipeline
    from sresnap.app import schedule
    from sresnap.publish.targets.registry import is_public

    job = Job.of(config, restores=restores, publishes=publishes, first=first, quiet=quiet)
    job.before(config, out, moment, as_json=as_json)
    rules = job.rules if config.target is not None and is_public(config.target) else None
    with console.progress(quiet=quiet) as progress:
        missed = schedule.missed(config, out, moment) if backfill else schedule.Missed()
        made = [
            pipeline.build(config, out, time, now, progress=progress, reconstructed=True, rules=rules)
            for time in missed.times
        ]
        built = pipeline.build(config, out, moment, now, progress=progress, rules=rules)
    console.tell_left(path for one in (*made, built) for path in one.left)
    for one in (*made, built):
        if not quiet:
            console.tell_thinning(one)
    if not quiet and not as_json and backfill:
        click.echo(console.backfilled(missed))
    if not (quiet or as_json):
        console.tell(built)
    published = job.after(out, now, as_json=as_json)
    if as_json:
        click.echo(json.dumps({**_summary(built), **published}, ensure_ascii=False, indent=2))
    return ExitCode.INCOMPLETE if built.snapshot.problems else ExitCode.DONE


def _summary(built: Built) -> dict[str, Any]:
    """What came of it, for programs."""
    snapshot = built.snapshot
    return {
        "id": snapshot.id,
        "status": snapshot.status.value,
        "out": str(built.out),
        "archived": built.is_archived,
        "files_written": built.files_written,
        "services": {service.name: service.status.value for service in snapshot.services},
        "problems": [
            {"service": p.service, "signal": p.signal, "kind": p.kind, "message": p.message} for p in snapshot.problems
        ],
    }


def _show_plan(config: Config, out: Path, at: int, *, as_json: bool) -> int:
    from sresnap import promql
    from sresnap.app import build as pipeline

    queries = pipeline.planned(config, out, at).queries
    if as_json:
        rows = [
            {
                "signal": query.series_key,
                "purpose": query.purpose.value,
                "window": query.window,
                "promql": promql.render(query),
                "start": iso(query.grid.start),
                "time": iso(query.grid.end),
                "step_seconds": query.grid.step or None,
                "services": [member.service for member in query.members],
            }
            for query in queries
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return ExitCode.DONE
    for query in queries:
        span = "" if query.grid.is_instant else f"{iso(query.grid.start)} to "
        step = "" if query.grid.is_instant else f" step {query.grid.step}s"
        click.echo(f"{query.series_key} ({query.purpose.value}, {query.window}) {span}{iso(query.grid.end)}{step}")
        click.echo(f"    {promql.render(query)}")
    click.echo(f"{len(queries)} queries to {config.prometheus.url}; nothing was sent or written")
    return ExitCode.DONE


@click.command(
    epilog="""\b
Examples:
  sresnap render public/snapshots/20261122T213000Z.json
  sresnap render public/snapshots/20261120T213000Z.json --out friday --theme brand
  sresnap render public/snapshots/20261122T213000Z.json --png pictures"""
)
@click.argument("snapshot_path", metavar="SNAPSHOT", type=click.Path(path_type=Path))
@options.out_option
@click.option(
    "--theme",
    metavar="DIR",
    type=options.Folder(exists=True, file_okay=False, path_type=Path),
    help="Templates and theme.css of your own, as the configuration's theme.",
)
@click.option(
    "--png",
    metavar="DIR",
    type=options.Folder(file_okay=False, path_type=Path),
    help="Write the charts of budgets and SLIs as PNG at twice the size into DIR, for mails and slides; no pages.",
)
@click.option("--force", is_flag=True, help="Put the pages of a folder that shows a newer report back to this one.")
@click.option("--dry-run", is_flag=True, help="List the files that would be written; write nothing.")
@options.common
def render(
    snapshot_path: Path, out: Path, theme: Path | None, png: Path | None, force: bool, dry_run: bool, quiet: bool
) -> int:
    """Rebuild the pages of a stored snapshot, offline. The same snapshot gives the same bytes.

    A folder that shows a newer report is left alone: to look at an older one, give another with --out.
    """
    from sresnap.app import redraw
    from sresnap.app.write_site import rendered
    from sresnap.documents import snapshots
    from sresnap.progress import Quiet

    snapshot = snapshots.read(snapshot_path)
    if png is not None:
        written = redraw.draw_pictures(snapshot, png, dry_run=dry_run)
        if not quiet or dry_run:
            click.echo("\n".join(map(str, written)) or "no objective has data to draw")
        return ExitCode.DONE
    if dry_run:
        redraw.refuse_stepping(out, snapshot, force=force)
        for name in rendered(snapshot, Quiet(), theme).files:
            click.echo(out / name)
        return ExitCode.DONE
    with console.progress(quiet=quiet) as progress:
        beside = snapshot_path.absolute().parent.parent
        built = redraw.redraw(snapshot, out, beside=beside, theme=theme, progress=progress, force=force)
    if not quiet:
        console.tell_outlived(built)
        click.echo(f"{built.out / 'index.html'}  ({iso(snapshot.at)}, {built.files_written} files written)")
    return ExitCode.DONE
