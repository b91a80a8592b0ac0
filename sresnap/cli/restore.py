"""`sresnap restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.publish_output import print_restored
from sresnap.errors import ExitCode


@click.command(
    "restore",
    epilog="""\b
Examples:
  sresnap restore                                  from publish.target of sresnap.yaml
  sresnap restore https://status.example --out public
  sresnap restore s3://bucket/status --all         with all pages and the whole archive
  sresnap restore gh-pages:origin --first          nothing was published there yet

\b
Exit codes:
  1  a file cannot be written (the disk is full or read-only)
  5  the target is empty, damaged or cannot be reached; nothing was written""",
)
@click.argument("source", metavar="[TARGET]", required=False)
@options.out_option
@options.config_option
@click.option(
    "--first",
    is_flag=True,
    help="Continue although the target is empty, or has lost its latest.json or manifest.json.",
)
@click.option("--all", "everything", is_flag=True, help="Also fetch all pages, the archive and the whole history.")
@options.timeout_option
@options.dry_run_option("List what would be fetched; write nothing.")
@options.json_option
@options.common
@options.work
def restore_command(
    source: str | None,
    out: Path,
    config_path: Path | None,
    first: bool,
    everything: bool,
    timeout: int,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Fetch what the next build needs from the published site.

    TARGET is the site's http(s) address, a folder, or a target as for `publish`. Without it: publish.target.

    Restore fetches the history of the windows, the newest reports and the archive's index, but no file that the folder
    already has. Every fetched file is checked against the manifest's hashes. An empty target is an error unless --first
    is given.
    """
    from sresnap.app.restore import RestoreRequest, restore
    from sresnap.app.target_choice import site_to_restore
    from sresnap.publish.restore_set import Scope
    from sresnap.publish.targets.registry import open_source

    address = site_to_restore(source, options.config_if_any(config_path) if source is None else None)
    with console.progress(quiet=quiet) as progress:
        scope = Scope(everything=everything, now=clock.now())
        request = RestoreRequest(scope, first=first, dry_run=dry_run, timeout_seconds=timeout)
        done = restore(open_source(address), out, request, progress)
    if as_json:
        console.print_json({**asdict(done), "dry_run": dry_run})
    elif not quiet or dry_run:
        print_restored(done, out, dry_run=dry_run)
    return ExitCode.DONE
