"""`sresnap publish`, `sresnap restore` and `sresnap verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.cli.gate import Span
from sresnap.errors import ExitCode, NotServed, UsageError

if TYPE_CHECKING:
    from sresnap.publish import Published, Restored, Verified
    from sresnap.store.leaks import Rules

_SHOWN = 10


@click.command(
    epilog="""\b
Examples:
  sresnap publish                                  to publish.target of sresnap.yaml
  sresnap publish file:/srv/www/status --out public
  sresnap publish gh-pages:origin                  the branch gh-pages of this checkout's remote
  sresnap publish s3://bucket/status               needs pip install 'sresnap[cloud]'
  sresnap publish --dry-run                        what would be sent and deleted

\b
Exit codes: 5 the place refuses, is not reached or holds somebody else's files; 6 another publisher was first."""
)
@click.argument("target", required=False)
@options.out_option
@options.config_option
@click.option(
    "--grace",
    metavar="DURATION",
    type=Span(),
    default="1d",
    show_default=True,
    help="How long a file stays there that is no part of the site any more.",
)
@click.option(
    "--force-foreign",
    is_flag=True,
    help="Publish though the place holds files that sresnap did not put there. They stay, but for those whose names "
    "the site has.",
)
@click.option("--dry-run", is_flag=True, help="List what would be sent and deleted; change nothing.")
@options.json_option
@options.common
def publish(
    target: str | None,
    out: Path,
    config_path: Path | None,
    grace: int,
    force_foreign: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Send the site to where it is published: only what changed, the pointer latest.json last.

    TARGET is file:DIR or a folder, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or
    az://CONTAINER/PREFIX.
    """
    from sresnap import publish as publishing
    from sresnap.store.leaks import Rules

    place = publishing.open_target(target or _configured(config_path, None))
    rules = _rules(config_path) if place.public else Rules()
    wanted = publishing.Options(grace_seconds=grace, force_foreign=force_foreign, dry_run=dry_run, rules=rules)
    with console.progress(quiet=quiet or as_json) as progress:
        done = publishing.publish(place, out, options.now(), wanted, progress)
    if as_json:
        click.echo(json.dumps({**asdict(done), "dry_run": dry_run}, ensure_ascii=False, indent=2))
    elif not quiet or dry_run:
        tell_published(done, dry_run=dry_run)
    return ExitCode.DONE


@click.command(
    epilog="""\b
Examples:
  sresnap restore                                  from publish.target of sresnap.yaml
  sresnap restore https://status.example --out public
  sresnap restore s3://bucket/status --all         pages, archive and all
  sresnap restore gh-pages:origin --first          nothing was ever published there

\b
Exit codes: 5 the place is empty, damaged or not reached; nothing was written."""
)
@click.argument("source", required=False)
@options.out_option
@options.config_option
@click.option(
    "--first",
    is_flag=True,
    help="The place may be empty, as nothing was ever published there, or may have lost latest.json or manifest.json: "
    "go on from what is there.",
)
@click.option("--all", "everything", is_flag=True, help="Pages, archive and the whole history, too.")
@click.option("--dry-run", is_flag=True, help="List what would be fetched; write nothing.")
@options.json_option
@options.common
def restore(
    source: str | None,
    out: Path,
    config_path: Path | None,
    first: bool,
    everything: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Bring what the next build needs from where the site is published.

    That is the history of the windows, the newest reports and the archive's index; what the folder holds already is not
    fetched, and all that is fetched is held against the manifest's hashes. A place that reads as empty stops with 5.
    """
    from sresnap import publish as publishing

    place = publishing.open_source(source or _configured(config_path, None))
    with console.progress(quiet=quiet or as_json) as progress:
        wanted = publishing.Wanted(everything=everything)
        done = publishing.restore(place, out, wanted, progress, first=first, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps({**asdict(done), "dry_run": dry_run}, ensure_ascii=False, indent=2))
    elif not quiet or dry_run:
        tell_restored(done, out, dry_run=dry_run)
    return ExitCode.DONE


@click.command(
    epilog="""\b
Examples:
  sresnap verify                                   publish.base_url of sresnap.yaml
  sresnap verify https://status.example --wait 10m --id 20261122T213000Z
  sresnap verify s3://bucket/status --all          every file of the archive
  sresnap verify public                            a folder

\b
Exit codes: 7 what is served is not what was published."""
)
@click.argument("source", metavar="[URL]", required=False)
@options.config_option
@click.option("--id", "report", metavar="ID", help="The report that must be served, such as 20261122T213000Z.")
@click.option(
    "--wait",
    metavar="DURATION",
    type=Span(),
    default="0s",
    show_default=True,
    help="Look again for so long: what was published takes a while until it is served.",
)
@click.option("--all", "everything", is_flag=True, help="The whole archive and history, too.")
@options.json_option
@options.common
def verify(
    source: str | None,
    config_path: Path | None,
    report: str | None,
    wait: int,
    everything: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Hold what readers are served against what was published: pointer, manifest, hashes, and the chain of reports."""
    from sresnap import publish as publishing

    place = publishing.open_source(source or _configured(config_path, "base_url"))
    found = publishing.verify(place, report=report, everything=everything, wait_seconds=wait)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    elif not found.wrong and not quiet:
        click.echo(f"{found.source} serves the report {found.report}: {found.files} files are as published")
    if found.wrong and not as_json:
        raise NotServed(_wrong(found), "publish again; a cache on the way may need some minutes: --wait 10m")
    return ExitCode.NOT_SERVED if found.wrong else ExitCode.DONE


def _rules(config_path: Path | None) -> Rules:
    """What may be public by the configuration. Where a place is named, there may be none; one that is there counts."""
    from sresnap.store.leaks import Rules

    if config_path is None and not options.has_config():
        return Rules()
    return Rules.of(options.load_config(config_path, None))


def _configured(config_path: Path | None, preferred: str | None) -> str:
    """The place that the configuration names."""
    config = options.load_config(config_path, None)
    found = (config.base_url if preferred == "base_url" else None) or config.target
    if found is None:
        raise UsageError(
            f"{config.path} names no place to publish to",
            "add publish: {target: …}, or name it: file:DIR, gh-pages:REMOTE, s3://BUCKET/PREFIX",
        )
    return found


def _wrong(found: Verified) -> str:
    more = len(found.wrong) - _SHOWN
    lines = [*found.wrong[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]
    return "\n  ".join([f"{found.source} does not serve what was published:", *lines])


def tell_published(done: Published, *, dry_run: bool = False) -> None:
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


def tell_restored(done: Restored, out: Path, *, dry_run: bool = False) -> None:
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
    if done.hashed:
        taken = f"{done.hashed} files were taken as they are there, and the next publication makes it anew"
        click.secho(f"note: {done.source} has lost its manifest.json; {taken}", fg="yellow", err=True)
    if done.set_aside:
        click.secho(f"note: another publisher was first; {len(done.set_aside)} files of this folder are kept in "
                    f"{out / '.sresnap-unpublished'}", fg="yellow", err=True)  # fmt: skip


def try_place(target: str, *, quiet: bool) -> None:
    """Whether a place can be written to, and what it is like. It takes the right to write, and gives it back.

    Raises:
        PublishFailed: it cannot.
        PublishConflict: a publisher is at work there.
    """
    from sresnap import publish as publishing

    place = publishing.open_target(target)
    with place.hold():
        pass
    if quiet:
        return
    for note in place.notes:
        click.secho(f"note: {note}", fg="yellow", err=True)
    state = "is reached; pushing was not tried" if place.atomic else "can be published to"
    click.echo(f"{place.shown} {state}", err=True)


def _size(count: int) -> str:
    return (
        f"{count} bytes" if count < 10**4 else f"{count / 10**3:.0f} kB" if count < 10**6 else f"{count / 10**6:.1f} MB"
    )
