"""`sresnap init --detect`: runs it, and prints its table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sresnap import clock
from sresnap import format as fmt
from sresnap.cli import console, options
from sresnap.current_folder import current_folder

if TYPE_CHECKING:
    from sresnap.app.detect import Detected, DetectedService
    from sresnap.discovery.objectives import Seen

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class DetectOptions:
    """The command line."""

    path: Path
    force: bool
    add: bool
    source: str | None
    prometheus_url: str | None
    preset_path: tuple[str, ...]
    at: int | None
    dry_run: bool
    as_json: bool
    quiet: bool


def run(given: DetectOptions) -> int:
    """Detect services; write or add them; print what was found."""
    from sresnap.app.detect import DetectRequest, detect
    from sresnap.app.init import refuse_to_write, write_detected
    from sresnap.config import prometheus_of

    known = options.load_config(given.path, given.prometheus_url) if given.add else None
    if known is None and not given.dry_run:
        refuse_to_write(given.path, force=given.force)
    if known is None:
        settings = prometheus_of(os.environ, given.prometheus_url, current_folder())
    else:
        from sresnap.app.detect_file import source_to_ask

        settings = source_to_ask(known, given.source)
    is_named = known is not None or given.preset_path
    folders = options.preset_folders(given.preset_path, given.path) if is_named else ()
    with console.progress(quiet=given.quiet) as progress:
        at = options.whole_minute(given.at, clock.now())
        found = detect(DetectRequest(settings, at, known, folders, given.path.parent), progress)
        progress.hide()
    code = found.exit_code
    added = None
    if known is not None and found.active:
        from sresnap.app.detect_file import add_detected

        added = add_detected(given.path, known, found, os.environ, source=settings.name, dry_run=given.dry_run)
        code = added.exit_code
    elif found.active and not given.dry_run:
        write_detected(given.path, found.text)
    if given.as_json:
        console.print_json([service_fields(one) for one in found.services])
        return code
    to_print = found.text if added is None else added.text
    is_printed = bool(found.active) and (given.dry_run or (added is not None and added.reason is not None))
    if not given.quiet:
        _print(found, settings.url, err=is_printed)
    if added is not None and added.reason is not None:
        click.echo(f"{given.path} was not changed: {added.reason}. Put these lines under `services:`:", err=True)
    if is_printed:
        click.echo(to_print, nl=False)
    elif found.active and not given.quiet:
        _print_next(given.path, found, is_add=known is not None)
    return code


def _print_next(path: Path, found: Detected, *, is_add: bool) -> None:
    config = "" if path == Path("sresnap.yaml") else f" --config {path}"
    click.echo(fmt.plain(f"{'added' if is_add else 'wrote'} {fmt.count(found.active, 'service')}: {path}. Then:"))
    click.echo(f"  sresnap check --online{config}")
    click.echo(f"  sresnap build{config}")


def _print(found: Detected, url: str, *, err: bool) -> None:
    if found.services:
        rows = [("service", "source", "requests a day", "errors", "latency", "to know"), *map(_row, found.services)]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        for row in rows:
            cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
            click.echo(f"  {'  '.join(cells)}  {row[5]}".rstrip(), err=err)
    for note in found.notes:
        click.echo(f"  note: {note}", err=err)
    for text in found.left_out:
        click.echo(f"  left out: {text}", err=err)
    if found.active:
        click.echo(fmt.plain(f"  {fmt.count(found.requests, 'request')} to {url}"), err=err)
    elif found.is_whole and found.services:
        click.echo(f"{url} has no other service that can be added; the table says why", err=err)
    elif found.is_whole:
        click.echo(f"{url} has no service that the file does not have", err=err)
    elif found.services:
        click.echo(f"no service of {url} can be judged; the table says why", err=True)
        click.echo("  → `sresnap presets show NAME` says what a source needs", err=True)
    else:
        _print_nothing(found, url)


def _print_nothing(found: Detected, url: str) -> None:
    click.echo(f"no service was found in {url}", err=True)
    click.echo(f"  looked for the metrics of {', '.join(found.presets)}, in the last day", err=True)
    if found.alike:
        click.echo(f"  these count something: {fmt.some(found.alike, _MOST_NAMES)}", err=True)
        click.echo(
            "  → if one of them counts requests with their status: `provider: http` with `parameters`. "
            "`sresnap presets show http` lists them",
            err=True,
        )
    else:
        click.echo("  → nothing here counts requests. Is it the right Prometheus, and does it scrape them?", err=True)


def _row(one: DetectedService) -> tuple[str, ...]:
    entry, seen = one.entry, one.seen
    chosen = entry.named.chosen
    per_day = "" if seen.up is not None else fmt.plain(fmt.number(seen.day))
    latency = entry.latency
    under = "" if latency is None else f"{latency.threshold} ({latency.percent:g} %)"
    to_know = "; ".join(entry.notes)
    if not entry.is_active:
        why = f"{entry.named.counted_by} counts the same requests" if entry.lacking is None else entry.lacking
        to_know, under = f"a comment: {why}", ""
    return entry.named.name, chosen.candidate.name, per_day, errors_text(seen), under, to_know


def errors_text(seen: Seen) -> str:
    """The share of bad events or time; both of its bounds where samples leave it open."""
    if seen.up is not None:
        return fmt.plain(fmt.percent(1 - seen.up))
    low, high = (fmt.plain(fmt.percent(share)) for share in (seen.least_errors, seen.errors))
    return high if low == high else f"{low} to {high}"


def service_fields(one: DetectedService) -> dict[str, Any]:
    """A service as `--json` prints it."""
    entry, seen = one.entry, one.seen
    chosen = entry.named.chosen
    latency = entry.latency
    return {
        "name": entry.named.name,
        "provider": chosen.candidate.name,
        "parameters": dict(chosen.parameters),
        "labels": dict(chosen.labels),
        "counted_by": entry.named.counted_by,
        "lacking": entry.lacking,
        "seconds": seen.seconds,
        "total": seen.total,
        "bad": seen.bad,
        "up": seen.up,
        "objective": entry.availability.percent if entry.is_active else None,
        "latency": None if latency is None else {"objective": latency.percent, "latency_threshold": latency.threshold},
        "notes": list(entry.notes),
    }
