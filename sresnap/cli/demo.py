"""`sresnap demo`: the ordinary build over synthetic data."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.errors import ExitCode
from sresnap.model.windows import MINUTE, floor

if TYPE_CHECKING:
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
    from sresnap import pipeline
    from sresnap.config import loads
    from sresnap.demo import DemoServer, demo_config

    text = demo_config(services)
    if dry_run:
        click.echo(text, nl=False)
        return ExitCode.DONE
    config = loads(text, "the demo's configuration", {}, cwd=Path.cwd())
    clock = options.now if at is None else lambda: at
    with DemoServer(config.templates, services=services, now=clock) as server:
        prometheus = dataclasses.replace(config.prometheus, url=server.url)
        config = dataclasses.replace(config, prometheus=prometheus)
        with console.progress(quiet=quiet) as progress:
            now = options.now()
            moment = floor(now, MINUTE) if at is None else at
            built = pipeline.build(config, out, moment, now, kind="demo", progress=progress)
        if not quiet:
            console.tell(built)
        if serve:
            _keep_running(config, out, port, quiet=quiet)
        elif not quiet:
            option = "" if out == Path("public") else f" --out {out}"
            click.echo(f"Open that file in a browser, or run `sresnap serve{option}`. The numbers are made up.")
    return ExitCode.INCOMPLETE if built.snapshot.problems else ExitCode.DONE


def _keep_running(config: Config, out: Path, port: int, *, quiet: bool) -> None:
    from sresnap import pipeline
    from sresnap.preview import PreviewServer

    with PreviewServer(out, port) as server:
        if not quiet:
            every = f"every {config.schedule_seconds // MINUTE} min"
            click.echo(f"{server.url}  shows {out}, a new report {every}; Ctrl-C ends it")
        try:
            while True:
                time.sleep(config.schedule_seconds - time.time() % config.schedule_seconds)
                now = options.now()
                built = pipeline.build(config, out, floor(now, MINUTE), now, kind="demo")
                if not quiet:
                    click.echo(f"{built.snapshot.at}  {built.snapshot.status.value}")
        except KeyboardInterrupt:
            if not quiet:
                click.echo(err=True)
