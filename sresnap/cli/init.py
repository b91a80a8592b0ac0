"""`sresnap init`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.errors import ExitCode


@click.command(
    epilog="""\b
Examples:
  sresnap init
  sresnap init --config ops/sresnap.yaml
  sresnap init --dry-run               print the file only"""
)
@click.option(
    "--config",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=Path("sresnap.yaml"),
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file, or write beside an sre.yaml.")
@options.dry_run_option("Print the file; write nothing.")
@options.common
@options.work
def init(path: Path, force: bool, dry_run: bool, quiet: bool) -> int:
    """Write a commented sresnap.yaml to start from."""
    from sresnap.app.init import example_config, write_example_config

    if dry_run:
        click.echo(example_config(), nl=False)
        return ExitCode.DONE
    write_example_config(path, force=force)
    if not quiet:
        config = "" if path == Path("sresnap.yaml") else f" --config {path}"
        click.echo(f"wrote {path}. Next, set prometheus.url and your services in it. Then:")
        click.echo(f"  sresnap check --online{config}     does every query find data?")
        click.echo(f"  sresnap build{config}              write the report to public/")
        click.echo("  sresnap serve              look at it")
    return ExitCode.DONE
