"""`sresnap archive`: the kept reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.archive_output import entry_line, megabytes, print_comparison, reports, withdrawal_advice
from sresnap.cli.build_output import print_edited_files
from sresnap.errors import ExitCode, UsageError
from sresnap.printable import printable

if TYPE_CHECKING:
    from sresnap.config.settings import Config


def _config_option(text: str) -> Callable[[options.F], options.F]:
    return click.option("--config", "config_path", metavar="FILE", type=click.Path(path_type=Path), help=text)


_notes_config_option = _config_option(
    "Applies this file's theme, and its rules for private addresses in TEXT (publish.allow, publish.private). "
    "Default: no theme, no private addresses."
)


@click.group(
    epilog="""\b
Examples:
  sresnap archive list
  sresnap archive prune --dry-run
  sresnap archive diff previous latest"""
)
def archive() -> None:
    """List, compare, pin, thin or withdraw the kept reports.

    ID is a report's id (20261122T213000Z), the beginning of one, `latest` or `previous`.
    """


@archive.command(
    name="list",
    epilog="""\b
Examples:
  sresnap archive list
  sresnap archive list --json | jq '.[] | select(.status == "EXHAUSTED") | .id'""",
)
@options.out_option
@options.json_option
@options.common
def list_(out: Path, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """List the kept reports, oldest first.

    A line has the worst status of the report's services, the worst state now, and what is left of the budget of all
    services together: one service may be EXHAUSTED while much of that is left.
    """
    from pydantic import TypeAdapter

    from sresnap.app.archived_reports import open_archive
    from sresnap.model.archive import Entry

    index = open_archive(out)
    notes = {pin.id: pin.note for pin in index.pins}
    ordered = sorted(index.entries, key=lambda entry: entry.id)
    if as_json:
        rows = TypeAdapter(list[Entry]).dump_python(ordered, mode="json")
        console.print_json([{**row, "pinned": notes.get(row["id"])} for row in rows])
        return ExitCode.DONE
    for entry in ordered:
        click.echo(entry_line(entry, notes))
    gone = ", ".join(f"{count} {what}" for count, what in index.not_kept()) or "0 thinned out"
    click.echo(f"{reports(len(ordered))} kept, {megabytes(ordered)} in all; {gone}")
    return ExitCode.DONE


@archive.command(
    "prune",
    epilog="""\b
Examples:
  sresnap archive prune --dry-run
  sresnap archive prune --config sresnap.yaml""",
)
@options.out_option
@_config_option("Use its `archive` rules and theme. Without it: the rules of the last build, no theme.")
@options.dry_run_option("List the reports that would be thinned out; change nothing.")
@options.json_option
@options.common
@options.work
def prune_command(out: Path, config_path: Path | None, dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Thin the archive by its rules, as every build does.

    A thinned report leaves its headline numbers in archive/thinned/ and a page at its address. Pinned reports, the
    newest report, and reports with a file that was changed are never thinned.
    """
    from sresnap.app.archive import prune

    config = _config(config_path)
    keep, theme = (None, None) if config is None else (config.keep, config.theme)
    filing, edited_files = prune(out, keep, theme, dry_run=dry_run)
    removed = filing.result.removed
    if as_json:
        thinned = [entry.id for entry in removed]
        edited = [str(path) for path in edited_files]
        console.print_json({"thinned": thinned, "edited_files": edited, "dry_run": dry_run})
        return ExitCode.DONE
    if dry_run:
        for entry in removed:
            click.echo(entry.id)
    print_edited_files(edited_files)
    if not quiet:
        verb = "would be thinned out" if dry_run else "thinned out"
        kept = list(filing.result.index.entries)
        click.echo(f"{reports(len(removed))} {verb}; {len(kept)} kept, {megabytes(kept)}")
    return ExitCode.DONE


@archive.command(
    "pin",
    epilog="""\b
Examples:
  sresnap archive pin latest --note "the database outage"
  sresnap archive pin 20261122T213000Z --unpin""",
)
@click.argument("report", metavar="ID")
@click.option("--note", metavar="TEXT", default="", help="The reason; the archive's page shows it.")
@click.option("--unpin", "removes_pin", is_flag=True, help="Let the report age again.")
@options.out_option
@_notes_config_option
@options.dry_run_option("Show which report it would be; change nothing.")
@options.common
@options.work
def pin_command(
    report: str, note: str, removes_pin: bool, out: Path, config_path: Path | None, dry_run: bool, quiet: bool
) -> int:
    """Keep a report regardless of its age."""
    from sresnap.app.archive import pin, unpin
    from sresnap.app.target_choice import refuse_leaking_note

    if note and removes_pin:
        raise UsageError("--note cannot be combined with --unpin")
    config = _config(config_path)
    theme = None if config is None else config.theme
    refuse_leaking_note("--note", printable(note), config)
    if removes_pin:
        entry, is_kept = unpin(out, report, theme, dry_run=dry_run)
        verb = "unpinned" if is_kept else "unpinned, and thinned out by the rules"
    else:
        entry = pin(out, report, printable(note), clock.now(), theme, dry_run=dry_run)
        verb = "pinned"
    if not quiet or dry_run:
        click.echo(f"{entry.id} {'would be ' if dry_run else ''}{verb}")
    return ExitCode.DONE


@archive.command(
    "withdraw",
    epilog="""\b
Examples:
  sresnap archive withdraw 20261122T2130 --reason "it named a host" --dry-run
  sresnap restore --all && sresnap archive withdraw 20261122T213000Z --reason "it named a host" && sresnap publish""",
)
@click.argument("report", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Everyone can read it on the page at its address.")
@options.out_option
@_notes_config_option
@options.dry_run_option("Show which report it would be; change nothing.")
@options.common
@options.work
def withdraw_command(report: str, reason: str, out: Path, config_path: Path | None, dry_run: bool, quiet: bool) -> int:
    """Remove a report's page and snapshot from the archive for good.

    Its headline numbers and hashes stay, as for a thinned report, so that the chain of reports holds. A page at its
    address says that it was withdrawn, and why. Its pin is removed. The newest report cannot be withdrawn before the
    next build. Both files are removed even if they were changed. Withdraw a report again to replace the reason: its
    id still works.
    """
    from sresnap.app.archive import withdraw
    from sresnap.app.target_choice import refuse_leaking_note

    if not printable(reason):
        raise UsageError("--reason is empty", "the page at the report's address shows it")
    config = _config(config_path)
    theme = None if config is None else config.theme
    refuse_leaking_note("--reason", printable(reason), config)
    entry, edited_files = withdraw(out, report, printable(reason), clock.now(), theme, dry_run=dry_run)
    print_edited_files(edited_files)
    if not quiet or dry_run:
        click.echo(f"{entry.id} {'would be ' if dry_run else ''}withdrawn")
    if not (quiet or dry_run):
        click.echo(withdrawal_advice(entry.id))
    return ExitCode.DONE


@archive.command(
    "bundle",
    epilog="""\b
Examples:
  sresnap archive bundle latest -o report.html
  sresnap archive bundle 20261122T213000Z -o outage.html""",
)
@click.argument("report", metavar="ID")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@options.out_option
@options.dry_run_option("Show the file and its size; write nothing.")
@options.common
@options.work
def bundle_command(report: str, output: Path, force: bool, out: Path, dry_run: bool, quiet: bool) -> int:
    """Write a report as one HTML file that needs no other, to mail or to keep elsewhere."""
    from sresnap.app.archived_reports import bundle
    from sresnap.app.output_file import refuse_overwriting, write_text

    refuse_overwriting(output, force=force)
    entry, html = bundle(out, report)
    size = len(html.encode()) if dry_run else write_text(output, html)
    if not quiet or dry_run:
        would = "would be written" if dry_run else "written"
        click.echo(f"{output}  ({entry.id}, {size / 1000:.0f} kB {would})")
    return ExitCode.DONE


@archive.command(
    "diff",
    epilog="""\b
Examples:
  sresnap archive diff previous latest
  sresnap archive diff 20261115T213000Z latest --json""",
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@options.out_option
@options.json_option
@options.common
def diff_command(before: str, after: str, out: Path, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """Compare two reports: budget spent between them, statuses, configuration, PromQL.

    If an objective, or what it is judged by, differs between the two, nothing is subtracted.
    """
    from sresnap.app.archived_reports import diff

    comparison = diff(out, before, after)
    if as_json:
        from pydantic import TypeAdapter

        from sresnap.model.comparison import Comparison

        console.print_json(TypeAdapter(Comparison).dump_python(comparison, mode="json"))
    else:
        print_comparison(comparison)
    return ExitCode.DONE


def _config(path: Path | None) -> Config | None:
    return None if path is None else options.load_config(path)
