"""`sresnap import`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.errors import ConfigError, ExitCode, UsageError


@click.command(
    "import",
    epilog="""\b
Examples:
  sresnap import slos/*.yaml                     on the terminal
  sresnap import slos/*.yaml -o sresnap.yaml     then: sresnap check --online""",
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.option("--force", is_flag=True, help="Write over an existing file.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@options.common
def import_(files: tuple[Path, ...], output: Path | None, force: bool, dry_run: bool, quiet: bool) -> int:
    """Make a sresnap.yaml of other tools' SLO files.

    Reads OpenSLO v1, Sloth and Pyrra. What cannot be carried over is listed, here and at the head of the file. Ends
    with 3 when the file needs to be completed by hand.
    """
    from sresnap.config import loads
    from sresnap.importers import config_yaml, imported

    found = imported(files)
    text = config_yaml(found)
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} exists", "choose another name, or write over it: --force")
    if output is None:
        click.echo(text, nl=False)
    elif not dry_run:
        from sresnap.documents.files import write_atomic

        write_atomic(output, text.encode())
    for note in () if quiet else found.notes:
        click.echo(f"not carried over as it was: {note}", err=True)
    try:
        config = loads(text, str(output or "the imported file"), {}, cwd=Path.cwd())
    except ConfigError as error:
        click.echo(f"{error.message}\n  → complete it by hand; sresnap check tells when all is right", err=True)
        return ExitCode.INCOMPLETE
    if output is not None and not quiet:
        slos = sum(len(service.slos) for service in config.services)
        verb = "would be written" if dry_run else "written"
        click.echo(f"{output}: {len(config.services)} services, {slos} SLOs {verb}")
    return ExitCode.DONE
