"""`sresnap advise`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.parameters import Objective, TimeSpan
from sresnap.errors import ExitCode


@click.command(
    "advise",
    epilog="""\b
Examples:
  sresnap advise api                                    all SLOs of a service: targets over windows
  sresnap advise api/availability --target 99.7         what 99.7 % would have come to
  sresnap advise api/availability --window 28d --json
  sresnap advise api/availability --without 1           without the costliest episode of the list
  sresnap advise api/availability --without 2026-11-20T13:00:00Z
  sresnap advise api/availability --correct 2026-11-20T13:00:00Z..2026-11-20T15:00:00Z

\b
Exit codes:
  2   no such service, SLO, window or episode, or too little history""",
)
@click.argument("name", metavar="SERVICE[/SLO]")
@click.option(
    "--target", metavar="PERCENT", type=Objective(), help="Compare this target, such as 99.7, with the present."
)
@click.option("--window", metavar="WINDOW", help="Only this window: 7d, 28d, 30d, 90d, month, or the SLO's own.")
@click.option("--without", metavar="EPISODE", help="What if this episode had not been: its number or a time within it.")
@click.option("--correct", metavar="START..END", type=TimeSpan(), help="What if a correction left out this time.")
@options.out_option
@options.config_option
@options.json_option
@options.common
def advise_command(
    name: str,
    target: float | None,
    window: str | None,
    without: str | None,
    correct: tuple[int, int] | None,
    out: Path,
    config_path: Path | None,
    as_json: bool,
    quiet: bool,  # noqa: ARG001 - the command only prints
) -> int:
    """Show which objective would have been right.

    From the whole hourly history in the site's folder: in how many past windows each target would have been met, the
    pages and tickets that would have fired, the days with the budget spent, and the target that was met in 9 of 10
    windows. Nothing is asked of Prometheus, and nothing is written. A what-if is never stored and never on a page.
    """
    from sresnap.app.advise import AdviseRequest, advise_on
    from sresnap.cli.advise_output import advice_fields, print_advice

    config = options.load_config(config_path)
    request = AdviseRequest(config, out, name, clock.now(), target, window, without, correct)
    advised = advise_on(request)
    if as_json:
        console.print_json(advice_fields(advised))
    else:
        print_advice(advised)
    return ExitCode.DONE
