"""What publish, restore and verify print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console
from sresnap.documents.layout import UNPUBLISHED_FOLDER
from sresnap.format import file_size

if TYPE_CHECKING:
    from sresnap.app.check_target import TargetState
    from sresnap.app.publish import PublishResult
    from sresnap.app.restore import RestoreResult


def print_published(done: PublishResult, *, dry_run: bool = False) -> None:
    """Print what was sent and deleted, or would be."""
    for note in done.notes:
        console.note(note)
    if dry_run:
        for name in done.sent_files:
            click.echo(f"send    {name}")
        for name in done.deleted_files:
            click.echo(f"delete  {name}")
    if not done.sent_files and not done.deleted_files:
        click.echo(f"{done.target} already has the report {done.report}; nothing to send")
        return
    would = "would be " if dry_run else ""
    deleted = f", {len(done.deleted_files)} {would}deleted" if done.deleted_files else ""
    size = f"{len(done.sent_files)} files, {file_size(done.bytes_sent)} {would}sent"
    took = "" if dry_run else f" in {done.seconds:.1f} s"
    click.echo(f"{done.target}: report {done.report}, {size}{deleted}{took}")


def print_restored(done: RestoreResult, out: Path, *, dry_run: bool = False) -> None:
    """Print what was fetched, or would be."""
    if dry_run:
        for name in done.fetched_files:
            click.echo(f"fetch  {name}")
    if done.report is None:
        click.echo(f"{done.source} is empty: nothing was published there yet")
        return
    would = "would be " if dry_run else ""
    took = "" if dry_run else f" in {done.seconds:.1f} s"
    count = f"{len(done.fetched_files)} files, {file_size(done.bytes_fetched)} {would}fetched{took}"
    click.echo(f"{out}: continues from the report {done.report} of {done.source}; {count}")
    if done.rebuilt_files:
        console.note(
            f"{done.source} has lost its manifest.json; {done.rebuilt_files} files were taken as they are, and the "
            "next publication writes it again"
        )
    if done.moved_files:
        moved = "would be moved to" if dry_run else "are kept in"
        files = f"{len(done.moved_files)} files of this folder {moved} {out / UNPUBLISHED_FOLDER}"
        reason = "another publisher was first" if done.is_behind else "this folder's archive is lost or damaged"
        console.note(f"{reason}; {files}")
    if done.carried_over:
        reports = ", ".join(done.carried_over)
        console.note(
            f"reports that this folder had withdrawn or pinned were withdrawn or pinned again: {reports}; publish that"
        )


def print_target(state: TargetState) -> None:
    """Print that a target can be published to."""
    for note in state.notes:
        console.note(note)
    verdict = "can be published to" if state.was_written else "is reached; pushing was not tried"
    click.echo(f"{state.address} {verdict}", err=True)
