"""`sresnap rules`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.errors import ExitCode, UsageError
from sresnap.model.windows import MINUTE, parse_duration


def _seconds(_context: click.Context, _option: click.Parameter, text: str) -> int:
    try:
        seconds = parse_duration(text)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 5 * MINUTE or seconds != int(seconds):
        raise click.BadParameter(f"{text!r} is no duration from 1s to 5m, e.g. 1m")
    return int(seconds)


@click.command(
    epilog="""\b
Examples:
  sresnap rules                              on the terminal
  sresnap rules -o sresnap-rules.yml         then: promtool check rules sresnap-rules.yml
  sresnap rules --config sre.yaml --interval 30s"""
)
@options.config_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it there.")
@click.option(
    "--interval",
    metavar="DURATION",
    default="1m",
    show_default=True,
    callback=_seconds,
    help="How often Prometheus evaluates the rules; no shorter than the scrape interval. The preset recorded wants 1m.",
)
@click.option("--force", is_flag=True, help="Write over a file that sresnap rules has not written.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@options.common
def rules(config_path: Path | None, output: Path | None, interval: int, force: bool, dry_run: bool, quiet: bool) -> int:
    """Write recording rules and burn-rate alerts for all SLOs.

    For Prometheus, Thanos, Mimir or any ruler of their kind. The alerts fire when the report says so; the preset
    `recorded` makes the report from what the rules record.
    """
    from sresnap.config import burn_pairs
    from sresnap.rules import rules_yaml
    from sresnap.rules.document import MARK

    config = options.load_config(config_path, None)
    if config.provider == "recorded":
        raise UsageError(
            "this configuration reads what rules have recorded; rules are made from one that reads the metrics",
            "run it with the configuration whose provider is http, traefik or your own",
        )
    text = rules_yaml(config, burn_pairs(), interval)
    if output is None:
        click.echo(text, nl=False)
        return ExitCode.DONE
    if output.exists() and not force and not output.read_text("utf-8", errors="replace").startswith(MARK):
        raise UsageError(f"{output} was not written by sresnap rules", "choose another name, or write over it: --force")
    if not dry_run:
        from sresnap.documents.files import write_atomic

        write_atomic(output, text.encode())
    if not quiet:
        verb = "would be written" if dry_run else "written"
        records, alerts = text.count("- record: "), text.count("- alert: ")
        click.echo(f"{output}: {records} recording rules and {alerts} alerts {verb}")
    return ExitCode.DONE
