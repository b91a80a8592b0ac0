"""`sresnap import`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options


@click.command(
    "import",
    epilog="""\b
Examples:
  sresnap import slos/*.yaml                     print the configuration
  sresnap import slos/*.yaml -o sresnap.yaml     then: sresnap check --online
  kubectl get prometheusrules -A -o yaml > rules.yaml
  sresnap import rules.yaml -o sresnap.yaml""",
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the configuration to a file.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@options.dry_run_option("Show what would be written; write nothing.")
@options.common
@options.work
def import_(files: tuple[Path, ...], output: Path | None, force: bool, dry_run: bool, quiet: bool) -> int:
    """Make a sresnap.yaml from the SLO files of other tools.

    Reads OpenSLO v1 and v1alpha, Sloth, Pyrra, SLOs of Grafana Cloud, and the rules that Sloth, Pyrra and
    kubernetes-mixin make. What cannot be carried over is listed, here and at the top of the file. A file, a document
    or an SLO that cannot be imported is left out and listed, also with --quiet; the others are imported. Ends with 3
    if something is left out, or if the file must be completed by hand.
    """
    from sresnap import format as fmt
    from sresnap.app.import_slos import ImportRequest, import_slos

    result = import_slos(ImportRequest(files, output, force=force, dry_run=dry_run))
    if output is None:
        click.echo(result.text, nl=False)
    for note in () if quiet else result.notes:
        click.echo(f"note: {note}", err=True)
    for mistake in result.left_out:
        click.echo(f"left out: {mistake}", err=True)
    if result.mistakes is not None:
        click.echo(f"{result.mistakes}\n  → complete it by hand; `sresnap check` lists what is missing", err=True)
    elif output is not None and not quiet:
        verb = "would be written" if dry_run else "written"
        written = f"{fmt.count(result.services, 'service')}, {fmt.count(result.slos, 'SLO')} {verb}"
        missing = [fmt.count(amount, noun) for noun, amount in sorted(result.missing.items()) if amount]
        left_out = f"; {' and '.join(missing)} left out" if missing else ""
        click.echo(fmt.plain(f"{output}: {written}{left_out}"))
    return result.exit_code
