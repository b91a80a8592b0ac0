"""`sresnap verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.cli.parameters import Duration
from sresnap.errors import NotServed

if TYPE_CHECKING:
    from sresnap.app.verify import VerifyResult

_SHOWN = 10


@click.command(
    "verify",
    epilog="""\b
Examples:
  sresnap verify                                   publish.base_url of sresnap.yaml
  sresnap verify https://status.example --wait 10m --id 20261122T213000Z
  sresnap verify s3://bucket/status --all          every file of the archive
  sresnap verify /srv/www/status                   a folder

\b
Exit codes:
  7  readers do not get what was published""",
)
@click.argument("source", metavar="[TARGET]", required=False)
@options.config_option
@click.option("--id", "report", metavar="ID", help="The report that must be served, such as 20261122T213000Z.")
@click.option(
    "--wait",
    metavar="DURATION",
    type=Duration(),
    default="0s",
    show_default=True,
    help="Keep trying for this long: a published site takes a while to appear.",
)
@click.option("--all", "everything", is_flag=True, help="Also check the whole archive and history.")
@options.timeout_option
@options.json_option
@options.common
def verify_command(
    source: str | None,
    config_path: Path | None,
    report: str | None,
    wait: int,
    everything: bool,
    timeout: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Check that readers get what was published.

    Compares pointer, manifest, hashes and the chain of reports with what TARGET serves. TARGET is the site's http(s)
    address, a folder, or a target as for `publish`. Without it: publish.base_url, then publish.target.
    """
    from sresnap.app.target_choice import site_to_verify
    from sresnap.app.verify import VerifyRequest, verify
    from sresnap.publish.targets.registry import open_source

    address = site_to_verify(source, options.config_if_any(config_path) if source is None else None)
    found = verify(open_source(address), VerifyRequest(report, everything, wait, timeout))
    if as_json:
        console.print_json(asdict(found))
    elif not found.wrong and not quiet:
        click.echo(f"{found.source} serves the report {found.report}; {found.files} files are as published")
    if found.wrong and not as_json:
        raise NotServed(_faults(found), found.hint)
    return found.exit_code


def _faults(found: VerifyResult) -> str:
    more = len(found.wrong) - _SHOWN
    lines = [*found.wrong[:_SHOWN], *([f"… and {more} more"] if more > 0 else [])]
    return "\n  ".join([f"{found.source} does not serve what was published:", *lines])
