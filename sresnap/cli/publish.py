"""`sresnap publish`, `sresnap restore` and `sresnap verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.parameters import Duration
from sresnap.cli.publish_output import print_published, print_restored
from sresnap.errors import ExitCode, NotServed

if TYPE_CHECKING:
    from sresnap.app.verify import VerifyResult

_SHOWN = 10


@click.command(
    epilog="""\b
Examples:
  sresnap publish                                  to publish.target of sresnap.yaml
  sresnap publish file:/srv/www/status --out public
  sresnap publish gh-pages:origin                  the branch gh-pages of this checkout's remote
  sresnap publish s3://bucket/status               needs pip install 'sresnap[cloud]'
  sresnap publish --dry-run                        list what would be sent and deleted

\b
Exit codes:
  5  the target refuses, cannot be reached, or holds files that sresnap did not put there
  6  another publisher was first"""
)
@click.argument("target", required=False)
@options.out_option
@options.config_option
@click.option(
    "--grace",
    metavar="DURATION",
    type=Duration(),
    default="1d",
    show_default=True,
    help="How long the target keeps files that are no longer part of the site.",
)
@click.option(
    "--force-foreign",
    is_flag=True,
    help="Publish although the target holds files that sresnap did not put there. They stay, except those whose names "
    "the site uses.",
)
@click.option(
    "--private",
    is_flag=True,
    help="TARGET is in your own network: allow private addresses there, but no tokens or credentials. The same as "
    "`publish: {private: true}`.",
)
@options.dry_run_option("List what would be sent and deleted; change nothing.")
@options.json_option
@options.common
def publish(
    target: str | None,
    out: Path,
    config_path: Path | None,
    grace: int,
    force_foreign: bool,
    private: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Send the site to its target.

    Only files that changed are sent, the pointer latest.json last.

    TARGET is a folder or file:DIR, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or
    az://CONTAINER/PREFIX.
    """
    from sresnap.app.publish import PublishRequest
    from sresnap.app.publish import publish as publish_site
    from sresnap.app.target_choice import target_to_publish
    from sresnap.publish.targets.registry import open_target

    config = options.load_config(config_path) if target is None else options.config_if_any(config_path)
    choice = target_to_publish(target, config, private=private)
    settings = PublishRequest(grace, force_foreign=force_foreign, dry_run=dry_run, rules=choice.rules)
    with console.progress(quiet=quiet) as progress:
        done = publish_site(open_target(choice.address), out, clock.now(), settings, progress)
    if as_json:
        console.print_json({**asdict(done), "dry_run": dry_run})
    elif not quiet or dry_run:
        print_published(done, dry_run=dry_run)
    return ExitCode.DONE


@click.command(
    epilog="""\b
Examples:
  sresnap restore                                  from publish.target of sresnap.yaml
  sresnap restore https://status.example --out public
  sresnap restore s3://bucket/status --all         with all pages and the whole archive
  sresnap restore gh-pages:origin --first          nothing was published there yet

\b
Exit codes:
  5  the target is empty, damaged or cannot be reached; nothing was written"""
)
@click.argument("source", required=False)
@options.out_option
@options.config_option
@click.option(
    "--first",
    is_flag=True,
    help="Continue although the target is empty, or has lost its latest.json or manifest.json.",
)
@click.option("--all", "everything", is_flag=True, help="Also fetch all pages, the archive and the whole history.")
@options.dry_run_option("List what would be fetched; write nothing.")
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
    """Fetch what the next build needs from the published site.

    SOURCE is a target as for `publish`, or the site's http(s) address. Fetched are the history of the windows, the
    newest reports and the archive's index. Files that the folder already has are not fetched, and all that is fetched
    is checked against the manifest's hashes. An empty target is an error unless --first is given.
    """
    from sresnap.app.restore import RestoreRequest
    from sresnap.app.restore import restore as restore_site
    from sresnap.app.target_choice import site_to_restore
    from sresnap.publish.restore_set import Scope
    from sresnap.publish.targets.registry import open_source

    address = site_to_restore(source, options.load_config(config_path) if source is None else None)
    with console.progress(quiet=quiet) as progress:
        request = RestoreRequest(Scope(everything=everything), first=first, dry_run=dry_run)
        done = restore_site(open_source(address), out, request, progress)
    if as_json:
        console.print_json({**asdict(done), "dry_run": dry_run})
    elif not quiet or dry_run:
        print_restored(done, out, dry_run=dry_run)
    return ExitCode.DONE


@click.command(
    epilog="""\b
Examples:
  sresnap verify                                   publish.base_url of sresnap.yaml
  sresnap verify https://status.example --wait 10m --id 20261122T213000Z
  sresnap verify s3://bucket/status --all          every file of the archive
  sresnap verify public                            a folder

\b
Exit codes:
  7  readers do not get what was published"""
)
@click.argument("source", metavar="[URL]", required=False)
@options.config_option
@click.option("--id", "report", metavar="ID", help="The report that must be served, such as 20261122T213000Z.")
@click.option(
    "--wait",
    metavar="DURATION",
    type=Duration(),
    default="0s",
    show_default=True,
    help="Keep trying for this long: it takes a while until a published site is served.",
)
@click.option("--all", "everything", is_flag=True, help="Also check the whole archive and history.")
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
    """Check that readers get what was published.

    Compares pointer, manifest, hashes and the chain of reports with what URL serves. URL may also be a target or a
    folder.
    """
    from sresnap.app.target_choice import site_to_verify
    from sresnap.app.verify import VerifyRequest
    from sresnap.app.verify import verify as verify_site
    from sresnap.publish.targets.registry import open_source

    address = site_to_verify(source, options.load_config(config_path) if source is None else None)
    found = verify_site(open_source(address), VerifyRequest(report, everything=everything, wait_seconds=wait))
    if as_json:
        console.print_json(asdict(found))
    elif not found.wrong and not quiet:
        click.echo(f"{found.source} serves the report {found.report}; {found.files} files are as published")
    if found.wrong and not as_json:
        raise NotServed(_faults(found), _hint(found))
    return ExitCode.NOT_SERVED if found.wrong else ExitCode.DONE


def _faults(found: VerifyResult) -> str:
    more = len(found.wrong) - _SHOWN
    lines = [*found.wrong[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]
    return "\n  ".join([f"{found.source} does not serve what was published:", *lines])


def _hint(found: VerifyResult) -> str:
    if found.report is None:
        return f"is the address right? {found.source} does not look like a published site"
    return "a cache may need some minutes: try --wait 10m. Delete a damaged file at the target, and publish again"
