"""`sresnap publish`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.parameters import Duration
from sresnap.cli.publish_output import print_published
from sresnap.errors import ExitCode


@click.command(
    "publish",
    epilog="""\b
Examples:
  sresnap publish                                  to publish.target of sresnap.yaml
  sresnap publish file:/srv/www/status --out public
  sresnap publish gh-pages:origin                  the branch gh-pages of this checkout's remote
  sresnap publish s3://bucket/status               needs pip install 'sresnap[cloud]'
  sresnap publish --dry-run                        list what would be sent and deleted

\b
Exit codes:
  1  a file cannot be written (the disk is full or read-only)
  5  the target refuses, cannot be reached, or holds files that sresnap did not put there
  6  another publisher was first""",
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
    "the site uses; so do the commits of a branch.",
)
@click.option(
    "--into-main-branch",
    is_flag=True,
    help="Publish into a branch that is the default one of its repository, or that this checkout is on. Its commits "
    "stay; the report is one more, and each later report replaces it by a forced push. If the branch has files, add "
    "--force-foreign.",
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
@options.work
def publish_command(
    target: str | None,
    out: Path,
    config_path: Path | None,
    grace: int,
    force_foreign: bool,
    into_main_branch: bool,
    private: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Send the site to its target.

    Only files that changed are sent, the pointer latest.json last.

    TARGET is a folder or file:DIR, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or
    az://CONTAINER/PREFIX. Without it: publish.target.
    """
    from sresnap.app.publish import PublishRequest, publish
    from sresnap.app.target_choice import target_to_publish
    from sresnap.publish.targets.registry import open_target

    config = options.config_if_any(config_path)
    choice = target_to_publish(target, config, private=private)
    settings = PublishRequest(
        grace,
        force_foreign=force_foreign,
        into_main_branch=into_main_branch,
        dry_run=dry_run,
        rules=choice.rules,
    )
    with console.progress(quiet=quiet) as progress:
        done = publish(open_target(choice.address), out, clock.now(), settings, progress)
    if as_json:
        console.print_json({**asdict(done), "dry_run": dry_run})
    elif not quiet or dry_run:
        print_published(done, dry_run=dry_run)
    return ExitCode.DONE
