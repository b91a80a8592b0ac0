"""`sresnap export`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.errors import ExitCode


@click.command(
    epilog="""\b
Examples:
  sresnap export                             print the SLOs as OpenSLO v1
  sresnap export -o slos.yaml                write them to a file
  sresnap export --config sre.yaml -o slos.yaml --force"""
)
@options.config_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["openslo"]),
    default="openslo",
    show_default=True,
    help="The format: OpenSLO v1, which other SLO tools read.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the SLOs to a file."
)
@click.option("--force", is_flag=True, help="Overwrite a file that `sresnap export` did not write.")
@options.dry_run_option("Show what would be written; write nothing.")
@options.common
@options.work
def export(config_path: Path | None, format_: str, output: Path | None, force: bool, dry_run: bool, quiet: bool) -> int:
    """Write the SLOs in a format that other tools read.

    Each service and each SLO becomes an OpenSLO document. What OpenSLO has no place for, such as groups, corrections
    and golden signals, is listed. `sresnap import` reads the file back.
    """
    from sresnap import format as fmt
    from sresnap.app.export_slos import ExportRequest, export_slos

    exported = export_slos(
        ExportRequest(options.load_config(config_path), format_, output, force=force, dry_run=dry_run)
    )
    if output is None:
        click.echo(exported.text, nl=False)
    for note in () if quiet else exported.notes:
        click.echo(f"note: not exported: {note}", err=True)
    if output is not None and not quiet:
        verb = "would be written" if dry_run else "written"
        click.echo(fmt.plain(f"{output}: {fmt.count(exported.slos, 'SLO')} {verb}"))
    return ExitCode.DONE
