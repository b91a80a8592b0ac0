"""`sresnap demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.build_output import print_built, print_edited_files
from sresnap.errors import ExitCode, SresnapError, UsageError
from sresnap.model.windows import MINUTE, iso

if TYPE_CHECKING:
    from sresnap.app.site_writer import BuildResult
    from sresnap.config.settings import Config


@click.command(
    epilog="""\b
Examples:
  sresnap demo
  sresnap demo --serve                 keep running, with a new report every minute
  sresnap demo --services 40 --out big"""
)
@options.out_option
@options.at_option
@click.option("--services", type=click.IntRange(1, 2000), default=3, show_default=True, help="How many services.")
@click.option("--serve", is_flag=True, help="Keep running: show the site, and build a new report every minute.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="With --serve: the port to listen on; 0 takes a free one.",
)
@options.dry_run_option("Print the demo's configuration; start and write nothing.")
@options.common
@options.work
def demo(out: Path, at: int | None, services: int, serve: bool, port: int, dry_run: bool, quiet: bool) -> int:
    """See sresnap work without a Prometheus.

    A small server on this machine answers like a Prometheus that has watched made-up services for eight weeks,
    with incidents of known size: one of them began 47 minutes ago. The ordinary build queries it and writes the
    ordinary site.
    """
    if serve and at is not None:
        raise UsageError("--serve cannot be combined with --at", "--serve builds reports of the current time")
    if dry_run:
        from sresnap.demo import demo_config

        click.echo(demo_config(services), nl=False)
        return ExitCode.DONE
    from sresnap.app.demo import demo_prometheus

    now = clock.now if at is None else lambda: at
    with demo_prometheus(services, now, once=not serve) as config:
        if serve:
            return _keep_running(config, out, port, quiet=quiet)
        built = _build(config, out, at, quiet=quiet)
    if not quiet:
        option = "" if out == Path("public") else f" --out {out}"
        click.echo(f"The numbers are made up. Open the file in a browser, or run `sresnap serve{option}`.")
    return built.exit_code


def _build(config: Config, out: Path, at: int | None, *, quiet: bool) -> BuildResult:
    from sresnap.app.build import build
    from sresnap.app.demo import fill_history

    with console.progress(quiet=quiet) as progress:
        now = clock.now()
        moment = options.whole_minute(at, now)
        fill_history(config, out, moment)
        built = build(config, out, moment, now, progress=progress)
    print_edited_files(built.edited_files)
    if not quiet:
        print_built(built)
    return built


def _keep_running(config: Config, out: Path, port: int, *, quiet: bool) -> int:
    """Show the site and build on the schedule until Ctrl-C. A failed build is reported, and tried again."""
    from sresnap.app.demo import reports_on_schedule
    from sresnap.preview import PreviewServer

    try:
        with PreviewServer(out, port) as server:  # first, so that a port in use stops before the work
            _build(config, out, None, quiet=quiet)
            if not quiet:
                minutes = config.schedule_seconds // MINUTE
                click.echo(f"{server.url}  shows {out}; a new report every {minutes} min. Press Ctrl-C to stop")
            for result in reports_on_schedule(config, out, clock.now):
                if isinstance(result, SresnapError):
                    click.secho(f"sresnap: {result.message}", fg="red", err=True)
                elif not quiet:
                    click.echo(f"{iso(result.snapshot.at)}  {result.snapshot.status.value}")
    except KeyboardInterrupt:
        if not quiet:
            click.echo(err=True)
    return ExitCode.DONE
