"""`sresnap render`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import console, options
from sresnap.cli.build_output import print_edited_stale_files, print_files
from sresnap.cli.parameters import Folder
from sresnap.errors import ExitCode


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
    type=Folder(exists=True, file_okay=False, path_type=Path),
    help="A folder with your own templates and theme.css, as `theme` in the configuration.",
)
@click.option(
    "--png",
    metavar="DIR",
    type=Folder(file_okay=False, path_type=Path),
    help="Write the budget and SLI charts into DIR as PNG at twice the size, for mails and slides; no pages.",
)
@click.option(
    "--force", is_flag=True, help="Allow a folder that shows a newer report; its pages are replaced by this report."
)
@options.dry_run_option("List the files; write nothing.")
@options.common
@options.work
def render(
    snapshot_path: Path, out: Path, theme: Path | None, png: Path | None, force: bool, dry_run: bool, quiet: bool
) -> int:
    """Rebuild the pages of a stored snapshot, offline.

    The same snapshot gives the same bytes. To look at an older report, choose another folder with --out: a folder that
    shows a newer one is refused.
    """
    from sresnap.app import redraw
    from sresnap.documents import snapshots

    snapshot = snapshots.read(snapshot_path)
    if png is not None:
        files = redraw.draw_pictures(snapshot, png, dry_run=dry_run)
        if not quiet or dry_run:
            click.echo("\n".join(map(str, files)) or "no SLO has data to draw")
        return ExitCode.DONE
    if dry_run:
        for path in redraw.redrawn_paths(snapshot, out, theme=theme, force=force):
            click.echo(path)
        return ExitCode.DONE
    with console.progress(quiet=quiet) as progress:
        built = redraw.redraw(snapshot, out, source=snapshot_path, theme=theme, progress=progress, force=force)
    if not quiet:
        print_edited_stale_files(built)
        print_files(built)
    return ExitCode.DONE
