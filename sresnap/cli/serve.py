"""`sresnap serve`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.documents.layout import FLEET_PAGE
from sresnap.errors import ExitCode, UsageError


@click.command(
    epilog="""\b
Examples:
  sresnap serve
  sresnap serve --out public --port 9000"""
)
@options.out_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@options.common
def serve(out: Path, port: int, quiet: bool) -> int:
    """Show a built site on this machine.

    It listens on 127.0.0.1 only, answers to localhost only, and serves nothing hidden or outside the folder. Press
    Ctrl-C to stop.
    """
    from sresnap.preview import PreviewServer

    if not (out / FLEET_PAGE.path()).is_file():
        raise UsageError(f"there is no report in {out}", "make one with `sresnap build` or `sresnap demo`")
    with PreviewServer(out, port) as server:
        if not quiet:
            click.echo(f"{server.url}  shows {out}. Press Ctrl-C to stop")
        try:
            server.wait()
        except KeyboardInterrupt:
            if not quiet:
                click.echo(err=True)
    return ExitCode.DONE
