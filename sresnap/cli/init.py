"""`sresnap init`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap import resources
from sresnap.cli import options
from sresnap.documents.files import write_atomic
from sresnap.errors import ExitCode, UsageError


@click.command(
    epilog="""\b
Examples:
  sresnap init
  sresnap init --config ops/sresnap.yaml
  sresnap init --dry-run               prints the file and writes nothing"""
)
@click.option(
    "--config",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=Path("sresnap.yaml"),
    show_default=True,
    help="Where to write it.",
)
@click.option("--force", is_flag=True, help="Write it over a file that is there, or beside an sre.yaml.")
@click.option("--dry-run", is_flag=True, help="Print the file; write nothing.")
@options.common
def init(path: Path, force: bool, dry_run: bool, quiet: bool) -> int:
    """Write a commented sresnap.yaml to start from."""
    content = (resources.bundled("templates") / "sresnap.yaml").read_bytes()
    if dry_run:
        click.echo(content.decode(), nl=False)
        return ExitCode.DONE
    if path.exists() and not force:
        raise UsageError(f"{path} is there already", hint="edit it, or write it anew with --force")
    old = path.parent / "sre.yaml"
    if old.exists() and not force:
        raise UsageError(
            f"{old} is there, and sresnap reads it unchanged; {path} would be read in its place",
            hint="go on with `sresnap check`, or write the new file with --force",
        )
    write_atomic(path, content)
    if not quiet:
        click.echo(f"wrote {path}. Next: set prometheus.url and your services in it, then")
        click.echo("  sresnap check --online     does every query find data?")
        click.echo("  sresnap build              the report, in public/")
    return ExitCode.DONE
