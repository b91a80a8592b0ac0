"""The words in which a publication and a restoring are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sresnap.app.publish import PublishResult
    from sresnap.app.restore import RestoreResult


def tell_published(done: PublishResult, *, dry_run: bool = False) -> None:
    """What was sent, or would be."""
    for note in done.notes:
        click.secho(f"note: {note}", fg="yellow", err=True)
    if dry_run:
        for name in done.sent:
            click.echo(f"send    {name}")
        for name in done.deleted:
            click.echo(f"delete  {name}")
    if not done.sent and not done.deleted:
        click.echo(f"{done.target} holds the report {done.report} already; nothing to send")
        return
    would = "would be " if dry_run else ""
    gone = f", {len(done.deleted)} {would}deleted" if done.deleted else ""
    sent = f"{len(done.sent)} files, {_size(done.bytes_sent)} {would}sent"
    took = "" if dry_run else f" in {done.seconds:.1f} s"
    click.echo(f"{done.target}: report {done.report}, {sent}{gone}{took}")


def tell_restored(done: RestoreResult, out: Path, *, dry_run: bool = False) -> None:
    """What was fetched, or would be."""
    if dry_run:
        for name in done.fetched:
            click.echo(f"fetch  {name}")
    if done.report is None:
        click.echo(f"{done.source} is new: nothing was ever published there")
        return
    would = "would be " if dry_run else ""
    took = "" if dry_run else f" in {done.seconds:.1f} s"
    count = f"{len(done.fetched)} files, {_size(done.bytes_fetched)} {would}fetched{took}"
    click.echo(f"{out}: goes on from the report {done.report} of {done.source}; {count}")
    if done.rebuilt_files:
        taken = f"{done.rebuilt_files} files were taken as they are there, and the next publication makes it anew"
        click.secho(f"note: {done.source} has lost its manifest.json; {taken}", fg="yellow", err=True)
    if done.set_aside:
        moved = "would be moved to" if dry_run else "are kept in"
        files = f"{len(done.set_aside)} files of this folder {moved} {out / '.sresnap-unpublished'}"
        click.secho(f"note: another publisher was first; {files}", fg="yellow", err=True)
    if done.carried_over:
        again = f"what this folder had withdrawn or pinned is so again: {', '.join(done.carried_over)}"
        click.secho(f"note: {again}; publish it", fg="yellow", err=True)


def _size(count: int) -> str:
    return (
        f"{count} bytes" if count < 10**4 else f"{count / 10**3:.0f} kB" if count < 10**6 else f"{count / 10**6:.1f} MB"
    )
