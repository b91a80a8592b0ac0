"""`sresnap rules`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.cli.parameters import Duration
from sresnap.errors import ExitCode
from sresnap.model.windows import MINUTE


@click.command(
    epilog="""\b
Examples:
  sresnap rules                              print the rules
  sresnap rules -o sresnap-rules.yml         then: promtool check rules sresnap-rules.yml
  sresnap rules --config sre.yaml --interval 30s
  sresnap rules --source eu -o eu-rules.yml   the services of one source"""
)
@options.config_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the rules to a file."
)
@click.option(
    "--interval",
    metavar="DURATION",
    default="1m",
    show_default=True,
    type=Duration(1, 5 * MINUTE),
    help="How often Prometheus evaluates the rules, 1s to 5m; not shorter than the scrape interval. The preset "
    "`recorded` needs 1m.",
)
@click.option("--source", metavar="NAME", help="For the services of one source only, where the file has several.")
@click.option("--force", is_flag=True, help="Overwrite a file that `sresnap rules` did not write.")
@options.dry_run_option("Show what would be written; write nothing.")
@options.common
@options.work
def rules(
    config_path: Path | None,
    output: Path | None,
    interval: int,
    source: str | None,
    force: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Generate recording rules and burn-rate alerts for all SLOs.

    They work in Prometheus, Thanos, Mimir and other compatible rulers. The alerts fire when the report says so. The
    preset `recorded` builds the report from what the rules record.
    """
    from sresnap.app.generate_rules import RulesRequest, generate_rules

    generated = generate_rules(
        RulesRequest(options.load_config(config_path), interval, output, force=force, dry_run=dry_run, source=source)
    )
    for note in () if quiet else generated.notes:
        click.echo(f"note: {note}", err=True)
    if output is None:
        click.echo(generated.text, nl=False)
    elif not quiet:
        verb = "would be written" if dry_run else "written"
        click.echo(f"{output}: {generated.recording_rules} recording rules and {generated.alerts} alerts {verb}")
    return ExitCode.DONE
