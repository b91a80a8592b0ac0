"""`sresnap archive`: the reports that are kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from sresnap.config.settings import Config
    from sresnap.model.archive import Comparison, Entry


def _config_option(text: str) -> Callable[[options.F], options.F]:
    return click.option("--config", "config_path", metavar="FILE", type=click.Path(path_type=Path), help=text)


_words_option = _config_option(
    "Take the theme from there, and what TEXT may hold: publish.allow and publish.private. Without it: no theme, no "
    "private address or host."
)


@click.group(
    epilog="""\b
Examples:
  sresnap archive list
  sresnap archive prune --dry-run
  sresnap archive diff previous latest"""
)
def archive() -> None:
    """The reports that are kept: list, compare, pin, thin, withdraw, take along.

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
def list_(out: Path, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - printing is all that it does
    """List the kept reports, oldest first."""
    from sresnap.app import archive as archiving

    index = archiving.opened(out)
    notes = {pin.id: pin.note for pin in index.pins}
    ordered = sorted(index.entries, key=lambda entry: entry.id)
    if as_json:
        rows = [{**dataclasses.asdict(entry), "pinned": notes.get(entry.id)} for entry in ordered]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return ExitCode.DONE
    for entry in ordered:
        click.echo(_line(entry, notes))
    gone = ", ".join(f"{count} {what}" for count, what in index.not_kept()) or "0 thinned out"
    click.echo(f"{_count(len(ordered), 'report')} kept, {_megabytes(ordered)} in all; {gone}")
    return ExitCode.DONE


def _line(entry: Entry, notes: dict[str, str]) -> str:
    from sresnap.format import percent_signed, printable

    note = printable(notes.get(entry.id, ""))
    marks = [f"pinned: {note}" if note else "pinned"] if entry.id in notes else []
    marks += ["reconstructed"] if entry.reconstructed else []
    marks += [_count(entry.problems, "problem")] if entry.problems else []
    lacking = sum(entry.services.get(status, 0) for status in ("NO_DATA", "INSUFFICIENT"))
    marks += [f"{lacking} of {_count(sum(entry.services.values()), 'service')} without enough data"] if lacking else []
    left = percent_signed(entry.remaining_ratio)
    return f"{entry.id}  {entry.status.value:<12}  {left:>8} left  {'; '.join(marks)}".rstrip()


def _count(number: int, one: str) -> str:
    from sresnap.format import count, plain

    return plain(count(number, one))


def _megabytes(entries: list[Entry]) -> str:
    return f"{sum(entry.bytes for entry in entries) / 1e6:.1f} MB"


@archive.command(
    epilog="""\b
Examples:
  sresnap archive prune --dry-run
  sresnap archive prune --config sresnap.yaml"""
)
@options.out_option
@_config_option(
    "Take the rules of archive: and the theme from there. Without it: the rules of the last build, no theme."
)
@click.option("--dry-run", is_flag=True, help="List what would be thinned out; change nothing.")
@options.json_option
@options.common
def prune(out: Path, config_path: Path | None, dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Thin the archive by its rules, as every build does.

    A thinned report leaves its headline numbers in archive/thinned/ and a page at its address. Never thinned are pinned
    reports, the newest one, and one of which a file is not as it was archived.
    """
    from sresnap.app import archive as archiving

    config = _config(config_path)
    keep, theme = (None, None) if config is None else (config.keep, config.theme)
    filing, left = archiving.prune(out, keep, theme, dry_run=dry_run)
    gone = filing.result.gone
    if as_json:
        found = {"thinned": [entry.id for entry in gone], "left": [str(path) for path in left], "dry_run": dry_run}
        click.echo(json.dumps(found, indent=2))
        return ExitCode.DONE
    if dry_run:
        for entry in gone:
            click.echo(entry.id)
    console.tell_left(left)
    if not quiet:
        verb = "would be thinned out" if dry_run else "thinned out"
        kept = list(filing.result.index.entries)
        click.echo(f"{_count(len(gone), 'report')} {verb}; {len(kept)} kept, {_megabytes(kept)}")
    return ExitCode.DONE


@archive.command(
    epilog="""\b
Examples:
  sresnap archive pin latest --note "the outage of the database"
  sresnap archive pin 20261122T213000Z --unpin"""
)
@click.argument("report", metavar="ID")
@click.option("--note", metavar="TEXT", default="", help="Why; stands beside it in the archive.")
@click.option("--unpin", is_flag=True, help="Let it age again.")
@options.out_option
@_words_option
@options.common
def pin(report: str, note: str, unpin: bool, out: Path, config_path: Path | None, quiet: bool) -> int:
    """Keep a report whatever its age."""
    from sresnap.app import archive as archiving
    from sresnap.format import printable

    if note and unpin:
        raise UsageError("--note and --unpin do not go together")
    config = _config(config_path)
    theme = None if config is None else config.theme
    _refuse_leaks("--note", printable(note), config)
    if unpin:
        entry, is_kept = archiving.unpin(out, report, theme)
        words = "unpinned" if is_kept else "unpinned, and thinned out by the rules"
    else:
        entry = archiving.pin(out, report, printable(note), options.now(), theme)
        words = "pinned"
    if not quiet:
        click.echo(f"{entry.id} {words}")
    return ExitCode.DONE


def _config(path: Path | None) -> Config | None:
    return None if path is None else options.load_config(path, None)


def _refuse_leaks(option: str, text: str, config: Config | None) -> None:
    """Nothing is written down that publishing to the configuration's target would refuse; without one, to a public one.

    Raises:
        UsageError: the text holds something of the kind.
    """
    from sresnap.leaks.publication_rules import PublicationRules
    from sresnap.leaks.refusal import refuse_leaking_option
    from sresnap.publish.targets.registry import is_public

    rules = PublicationRules()
    if config is not None:
        stays_here = config.target is not None and not is_public(config.target)
        rules = PublicationRules.of(config, private=config.is_private or stays_here)
    refuse_leaking_option(option, text, rules)


@archive.command(
    epilog="""\b
Examples:
  sresnap restore --all && sresnap archive withdraw 20261122T213000Z --reason "it named a host" && sresnap publish
  sresnap archive withdraw 20261122T2130 --reason "it named a host" --dry-run"""
)
@click.argument("report", metavar="ID")
@click.option(
    "--reason", metavar="TEXT", required=True, help="Stands on the page at its address, for everyone to read."
)
@options.out_option
@_words_option
@click.option("--dry-run", is_flag=True, help="Say which report it would be; change nothing.")
@options.common
def withdraw(report: str, reason: str, out: Path, config_path: Path | None, dry_run: bool, quiet: bool) -> int:
    """Take a report's page and snapshot out of the archive, for good.

    Its headline numbers and hashes stay, as those of a thinned report, so that the chain holds; a page at its address
    says that it was withdrawn, and why. A pin of it goes. The newest report stays; withdraw it after the next build.
    Both files go whatever is in them. Withdrawn again, a report gets another reason.
    """
    from sresnap.app import archive as archiving
    from sresnap.format import printable

    if not printable(reason):
        raise UsageError("--reason is empty", "the page says it to whoever follows a link to the report")
    config = _config(config_path)
    theme = None if config is None else config.theme
    _refuse_leaks("--reason", printable(reason), config)
    entry, left = archiving.withdraw(out, report, printable(reason), options.now(), theme, dry_run=dry_run)
    console.tell_left(left)
    if not quiet or dry_run:
        click.echo(f"{entry.id} {'would be ' if dry_run else ''}withdrawn")
    return ExitCode.DONE


@archive.command(
    epilog="""\b
Examples:
  sresnap archive bundle latest -o report.html
  sresnap archive bundle 20261122T213000Z -o outage.html"""
)
@click.argument("report", metavar="ID")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@options.out_option
@options.common
def bundle(report: str, output: Path, force: bool, out: Path, quiet: bool) -> int:
    """Write a report as one HTML file that needs no other: to be mailed, or kept elsewhere."""
    from sresnap.app import archive as archiving
    from sresnap.documents.files import write_atomic

    if output.exists() and not force:
        raise UsageError(f"{output} is there already", "write over it with --force")
    entry, html = archiving.bundle(out, report)
    write_atomic(output, html.encode())
    if not quiet:
        click.echo(f"{output}  (the report {entry.id}, {len(html.encode()) / 1000:.0f} kB)")
    return ExitCode.DONE


@archive.command(
    epilog="""\b
Examples:
  sresnap archive diff previous latest
  sresnap archive diff 20261115T213000Z latest --json"""
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@options.out_option
@options.json_option
@options.common
def diff(before: str, after: str, out: Path, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - it prints
    """Compare two reports: budgets spent between them, statuses, configuration, PromQL.

    Where an objective or what it is judged by is not the same in both, nothing is subtracted.
    """
    from sresnap.app import archive as archiving

    found = archiving.diff(out, before, after)
    if as_json:
        from pydantic import TypeAdapter

        from sresnap.model.archive import Comparison

        data = TypeAdapter(Comparison).dump_python(found, mode="json")
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return ExitCode.DONE
    _tell(found)
    return ExitCode.DONE


def _tell(found: Comparison) -> None:
    from sresnap.format import plain, printable
    from sresnap.model.windows import iso
    from sresnap.render.panels.comparison import moved

    before = f"{iso(found.before_at)} {found.status_before.value}"
    click.secho(f"{before}  →  {iso(found.after_at)} {found.status.value}", bold=True)
    for slo in found.slos:
        status = "" if slo.status is slo.status_before else f"{slo.status_before or 'new'} → {slo.status or 'gone'}: "
        click.echo(f"  {printable(plain(f'{slo.service} {slo.slo}: {status}{moved(slo)}'))}")
    for title, settings in (("configuration", found.config), ("PromQL", found.queries)):
        if not settings:
            click.echo(f"{title}: the same")
            continue
        click.echo(f"{title}:")
        for setting in settings:
            click.echo(f"  {printable(setting.name)}")
            click.echo(f"    - {printable(setting.before or '(not there)')}")
            click.echo(f"    + {printable(setting.after or '(not there)')}")
