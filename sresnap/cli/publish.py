"""`sresnap publish`, `sresnap restore` and `sresnap verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.cli.gate import Span
from sresnap.cli.publish_output import tell_published, tell_restored
from sresnap.errors import ExitCode, NotServed, UsageError

if TYPE_CHECKING:
    from sresnap.app.verify import VerifyResult
    from sresnap.config.settings import Config
    from sresnap.leaks.publication_rules import PublicationRules

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
@click.option(
    "--private",
    is_flag=True,
    help="TARGET is in a network of your own: private addresses may go there, tokens and credentials never. As "
    "publish: {private: true}.",
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
    private: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Send the site to where it is published: only what changed, the pointer latest.json last.

    TARGET is file:DIR or a folder, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or
    az://CONTAINER/PREFIX.
    """
    from sresnap.app.publish import PublishRequest
    from sresnap.app.publish import publish as publish_site
    from sresnap.leaks.publication_rules import PublicationRules
    from sresnap.publish.targets.registry import open_target

    if target is None:
        config = options.load_config(config_path, None)
        target, rules = _named(config, config.target), PublicationRules.of(config, private=private or config.is_private)
    else:
        rules = _rules(config_path, private=private)
    place = open_target(_given(target))
    request = PublishRequest(grace, force_foreign=force_foreign, dry_run=dry_run, rules=rules)
    with console.progress(quiet=quiet, bars=not as_json) as progress:
        done = publish_site(place, out, options.now(), request, progress)
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
    from sresnap.app.restore import RestoreRequest
    from sresnap.app.restore import restore as restore_site
    from sresnap.publish.restore_set import Scope
    from sresnap.publish.targets.registry import open_source

    place = open_source(_place(source, config_path, None))
    with console.progress(quiet=quiet, bars=not as_json) as progress:
        request = RestoreRequest(Scope(everything=everything), first=first, dry_run=dry_run)
        done = restore_site(place, out, request, progress)
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
    from sresnap.app.verify import VerifyRequest
    from sresnap.app.verify import verify as verify_site
    from sresnap.publish.targets.registry import open_source

    place = open_source(_place(source, config_path, "base_url"))
    found = verify_site(place, VerifyRequest(report, everything=everything, wait_seconds=wait))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    elif not found.wrong and not quiet:
        click.echo(f"{found.source} serves the report {found.report}: {found.files} files are as published")
    if found.wrong and not as_json:
        raise NotServed(_wrong(found), _what_to_do(found))
    return ExitCode.NOT_SERVED if found.wrong else ExitCode.DONE


def _place(given: str | None, config_path: Path | None, preferred: str | None) -> str:
    """The place that was named, or that the configuration names."""
    return _configured(config_path, preferred) if given is None else _given(given)


def _given(name: str) -> str:
    """An empty name is none, as of an unset variable."""
    if not name.strip():
        raise UsageError("the name of the place is empty", "leave it out for that of the configuration")
    return name


def _what_to_do(found: VerifyResult) -> str:
    if found.report is None:
        return f"is the address right? {found.source} is none of a site that was published"
    return "a cache on the way may need some minutes: --wait 10m; what is damaged, delete there and publish again"


def _rules(config_path: Path | None, *, private: bool) -> PublicationRules:
    """What may go to a place that was named: by the configuration, where there is one."""
    from sresnap.leaks.publication_rules import PublicationRules

    if config_path is None and not options.has_config():
        return PublicationRules(private=private)
    return PublicationRules.of(options.load_config(config_path, None), private=private)


def _configured(config_path: Path | None, preferred: str | None) -> str:
    """The place that the configuration names."""
    config = options.load_config(config_path, None)
    return _named(config, (config.base_url if preferred == "base_url" else None) or config.target)


def _named(config: Config, found: str | None) -> str:
    if found is None:
        raise UsageError(
            f"{config.path} names no place to publish to",
            "add publish: {target: …}, or name it: file:DIR, gh-pages:REMOTE, s3://BUCKET/PREFIX",
        )
    return found


def _wrong(found: VerifyResult) -> str:
    more = len(found.wrong) - _SHOWN
    lines = [*found.wrong[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]
    return "\n  ".join([f"{found.source} does not serve what was published:", *lines])


def try_place(target: str, *, quiet: bool) -> None:
    """Whether a place can be written to, and what it is like. It takes the right to write, and gives it back.

    Raises:
        PublishFailed: it cannot.
        PublishConflict: a publisher is at work there.
    """
    from sresnap.publish.targets.registry import open_target

    place = open_target(target)
    with console.progress(quiet=quiet, bars=False) as progress, place.hold(progress.note):
        pass
    if quiet:
        return
    for note in place.notes:
        click.secho(f"note: {note}", fg="yellow", err=True)
    state = "is reached; pushing was not tried" if place.atomic else "can be published to"
    click.echo(f"{place.shown} {state}", err=True)
