"""`sresnap gate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap import format as fmt
from sresnap.cli import console, options
from sresnap.cli.parameters import Choices, Duration, Ratio
from sresnap.model.windows import iso

if TYPE_CHECKING:
    from sresnap.app.gate import GateResult, SloVerdict


@click.command(
    "gate",
    epilog="""\b
Examples:
  sresnap gate                                          every SLO of public/ has budget left
  sresnap gate --slo api/availability --min-remaining 0.1
  sresnap gate --slo api --site https://status.example --max-age 30m
  sresnap gate --fail-on budget,paging                  nothing pages now, either
  sresnap gate --fail-on ticket                         only by what burns now
  sresnap gate --json | jq '.slos[] | select(.verdict == "breached" or .verdict == "no data")'

\b
A verdict is `provisional` where an SLO passes in the first days: its history is younger than its window, and is
judged by what was seen, against the budget of the whole window.

\b
Exit codes:
  0   every SLO passes
  2   there is no such SLO, or --site is neither a valid address nor a folder
  8   an SLO is breached
  9   the report is stale
  10  an SLO has no data, or there is no report
If several apply, 10 wins over 9, and 9 over 8. An unknown never passes.""",
)
@click.option(
    "--slo",
    "names",
    metavar="SERVICE[/SLO]",
    multiple=True,
    help="Judge this SLO or service; repeatable. Default: all.",
)
@click.option(
    "--min-remaining",
    metavar="RATIO",
    type=Ratio(),
    default=0.0,
    show_default=True,
    help="More than this share of the error budget must be left; 0.1 is a tenth.",
)
@click.option(
    "--fail-on",
    metavar="WHAT[,WHAT]",
    type=Choices(("budget", "paging", "ticket")),
    default="budget",
    show_default=True,
    help="What stops the release: `budget`, too little of it is left; `paging`, a page fires now; `ticket`, a ticket "
    "or a page fires now.",
)
@click.option(
    "--site",
    metavar="TARGET",
    default="public",
    show_default=True,
    help="The published site: its folder, its http(s) address, or a target as for `publish`. It is read for at most 2 "
    "minutes.",
)
@click.option(
    "--max-age", metavar="DURATION", type=Duration(), help="An older report is stale. Default: three schedules."
)
@options.json_option
@options.common
def gate_command(
    names: Sequence[str],
    min_remaining: float,
    fail_on: Sequence[str],
    site: str,
    max_age: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Pass or stop a release by its error budgets, or by what burns now.

    Reads only the published site's JSON. Prometheus is not asked.
    """
    from sresnap.app.gate import FailOn, GateRequest, gate

    asked = frozenset(map(FailOn, fail_on))
    result = gate(GateRequest(site, clock.now(), names, min_remaining, max_age, asked))
    if as_json:
        fields = {**asdict(result), "at": iso(result.at)}
        slos = fields.pop("slos")
        console.print_json({**fields, "exit_code": result.exit_code, "slos": slos})
    elif not quiet:
        _print_result(result, min_remaining if FailOn.BUDGET in asked else None)
    return result.exit_code


def _print_result(result: GateResult, min_remaining: float | None) -> None:
    """A line for each SLO, and the age of the report."""
    from sresnap.app.gate import Verdict

    width = max((len(slo.slo) for slo in result.slos), default=0)
    marks = {
        Verdict.PASSED: ("✓", "green"),
        Verdict.PROVISIONAL: ("✓", "green"),
        Verdict.BREACHED: ("✕", "red"),
        Verdict.NO_DATA: ("?", "yellow"),
    }
    for slo in result.slos:
        mark, colour = marks[slo.verdict]
        verdict = click.style(f"{mark} {slo.verdict:<11}", fg=colour)
        click.echo(f"  {slo.slo:<{width}}  {verdict}  {_facts(slo, min_remaining)}")
    age = f"stale: {result.stale}" if result.stale else f"{fmt.duration(max(result.age_seconds, 0))} old"
    click.echo(f"report {result.id}: {age}")


def _facts(slo: SloVerdict, min_remaining: float | None) -> str:
    """The budget left and required, the state now, and why it does not pass; no number twice."""
    from sresnap.app.gate import Verdict, left_text, required_text

    left = left_text(slo.remaining_ratio, min_remaining)
    if slo.verdict in {Verdict.PASSED, Verdict.PROVISIONAL}:
        required = "" if min_remaining is None else f"; {required_text(min_remaining)}"
        return f"{left}{required}; now {slo.now}"
    is_said = slo.remaining_ratio is None or fmt.plain(left) in slo.reason
    return f"{'' if is_said else f'{left}; '}now {slo.now}: {slo.reason}"
