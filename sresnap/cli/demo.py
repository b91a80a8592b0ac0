"""`sresnap demo`: the ordinary build over synthetic data."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.errors import ExitCode, SresnapError, UsageError
from sresnap.model.windows import DAY, MINUTE, iso

if TYPE_CHECKING:
    from sresnap.app.write_site import Built
    from sresnap.config.settings import Config


@click.command(
    epilog="""\b
Examples:
  sresnap demo
  sresnap demo --serve                 keeps it running, with a new report every minute
  sresnap demo --services 40 --out big"""
)
@options.out_option
@options.at_option
@click.option("--services", type=click.IntRange(1, 2000), default=3, show_default=True, help="How many services.")
@click.option("--serve", is_flag=True, help="Keep running: rebuild on the schedule and show the site.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="For --serve.")
@click.option("--dry-run", is_flag=True, help="Print the demo's configuration; start and write nothing.")
@options.common
def demo(out: Path, at: int | None, services: int, serve: bool, port: int, dry_run: bool, quiet: bool) -> int:
    """See it work without a Prometheus.

    A small server on this machine answers like a Prometheus that has watched three made-up services for 28 days, with
    incidents of known size; the ordinary build asks it and writes the ordinary site.
    """
    from sresnap.config import loads
    from sresnap.demo import DemoServer, demo_config

    if serve and at is not None:
        raise UsageError("--serve goes on making reports of now, so it does not go together with --at")
    text = demo_config(services)
    if dry_run:
        click.echo(text, nl=False)
        return ExitCode.DONE
    config = loads(text, "the demo's configuration", {}, cwd=Path.cwd())
    clock = options.now if at is None else lambda: at
    with DemoServer(config.templates, services=services, now=clock) as server:
        prometheus = dataclasses.replace(config.prometheus, url=server.url)
        config = dataclasses.replace(config, prometheus=prometheus, kind="demo")
        if serve:
            return _keep_running(config, out, port, quiet=quiet)
        # Nobody makes another one: an hour later it must not look like the failure of a job.
        config = dataclasses.replace(config, schedule_seconds=DAY)
        built = _build(config, out, at, quiet=quiet)
        if not quiet:
            option = "" if out == Path("public") else f" --out {out}"
            click.echo(f"Open that file in a browser, or run `sresnap serve{option}`. The numbers are made up.")
    return ExitCode.INCOMPLETE if built.snapshot.problems else ExitCode.DONE


def _build(config: Config, out: Path, at: int | None, *, quiet: bool) -> Built:
    from sresnap.app import build

    with console.progress(quiet=quiet) as progress:
        now = options.now()
        built = build.build(config, out, options.moment(at, now), now, progress=progress)
    console.tell_left(built.left)
    if not quiet:
        console.tell(built)
    return built


def _keep_running(config: Config, out: Path, port: int, *, quiet: bool) -> int:
    """Show the site and rebuild it on the schedule until Ctrl-C. A build that fails is told, and tried again."""
    from sresnap.preview import PreviewServer

    try:
        with PreviewServer(out, port) as server:  # first, so that a port in use is known before the work
            _build(config, out, None, quiet=quiet)
            if not quiet:
                every = f"every {config.schedule_seconds // MINUTE} min"
                click.echo(f"{server.url}  shows {out}, a new report {every}; Ctrl-C ends it")
            while True:
                time.sleep(config.schedule_seconds - time.time() % config.schedule_seconds)
                _rebuild(config, out, quiet=quiet)
    except KeyboardInterrupt:
        if not quiet:
            click.echo(err=True)
    return ExitCode.DONE


def _rebuild(config: Config, out: Path, *, quiet: bool) -> None:
    try:
        built = _build(config, out, None, quiet=True)
    except SresnapError as error:
        click.secho(f"sresnap: {error.message}", fg="red", err=True)
        return
    if not quiet:
        click.echo(f"{iso(built.snapshot.at)}  {built.snapshot.status.value}")
