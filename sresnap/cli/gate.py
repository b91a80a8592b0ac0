"""`sresnap gate`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from sresnap import format as fmt
from sresnap.cli import options
from sresnap.errors import ExitCode, UsageError
from sresnap.model.windows import MINUTE, SHORT_WINDOWS, iso, parse_duration

if TYPE_CHECKING:
    from sresnap.model.slo import SloReport
    from sresnap.model.snapshot import Snapshot

_STALE_AFTER = 3
"""Schedules: as on the pages, which say late after one and a half."""
_SKEW = 5 * MINUTE
"""By which two clocks may differ. A report from farther in the future is by a wrong clock, so its age is not known."""
_UNJUDGED = {"NO_DATA", "INSUFFICIENT"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one SLO."""

    slo: str
    """`api/availability`."""
    verdict: str
    """`passed`, `breached` or `no data`."""
    remaining_ratio: float | None
    status: str
    reason: str


class Span(click.ParamType[int]):
    """A duration such as 30m."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return int(parse_duration(value))
        except ValueError:
            self.fail(f"{value!r} is no duration, e.g. 30m", param, ctx)


class Ratio(click.FloatRange):
    """A number; nan compares with nothing."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value} is no share of a budget, e.g. 0.1", param, ctx)
        return found


@click.command(
    epilog="""\b
Examples:
  sresnap gate                                          every SLO of public/ has budget left
  sresnap gate --slo api/availability --min-remaining 0.1
  sresnap gate --slo api --site https://status.example --max-age 30m
  sresnap gate --json | jq '.slos[] | select(.verdict != "passed")'

\b
Exit codes: 0 every SLO passes, 8 one is breached, 9 the report is stale, 10 an SLO has no data or there is no report.
Of several the worst is taken in this order: 10, 9, 8. What is not known never passes."""
)
@click.option("--slo", "wanted", metavar="SERVICE[/SLO]", multiple=True, help="Repeat for more. Without it: all.")
@click.option(
    "--min-remaining",
    metavar="RATIO",
    type=Ratio(max=1),
    default=0.0,
    show_default=True,
    help="Least share of the error budget that must be left, over it; 0.1 is a tenth.",
)
@click.option("--site", metavar="URL|DIR", default="public", show_default=True, help="The published site.")
@click.option("--max-age", metavar="DURATION", type=Span(), help="An older report is stale. Default: three schedules.")
@options.json_option
@options.common
def gate(
    wanted: Sequence[str], min_remaining: float, site: str, max_age: int | None, as_json: bool, quiet: bool
) -> int:
    """Pass or stop a release by the error budgets of a published report.

    Answers from the site's JSON alone; Prometheus is not asked.
    """
    from sresnap.publish.newest import read_newest

    snapshot = read_newest(site)
    answers = [_judged(name, slo, min_remaining) for name, slo in _chosen(snapshot, wanted)]
    age = options.now() - snapshot.at
    limit = max_age if max_age is not None else _STALE_AFTER * snapshot.site.schedule_seconds
    stale = _staleness(age, limit)
    code = _code(answers, is_stale=stale is not None)
    if as_json:
        report = {"id": snapshot.id, "at": iso(snapshot.at), "age_seconds": age, "max_age_seconds": limit}
        report |= {"stale": stale, "exit_code": code}
        click.echo(json.dumps({**report, "slos": [asdict(answer) for answer in answers]}, ensure_ascii=False, indent=2))
    elif not quiet:
        _tell(answers, min_remaining)
        click.echo(f"report {snapshot.id}: {f'stale, as {stale}' if stale else f'{fmt.duration(max(age, 0))} old'}")
    return code


def _chosen(snapshot: Snapshot, wanted: Sequence[str]) -> list[tuple[str, SloReport]]:
    """The SLOs that are asked about, in the order of the report; a name that is none is an error."""
    known = {f"{service.name}/{slo.name}": slo for service in snapshot.services for slo in service.slos}
    chosen: dict[str, SloReport] = {}
    for name in wanted:
        found = {key: slo for key, slo in known.items() if key == name}
        found = found or {key: slo for key, slo in known.items() if key.startswith(f"{name}/")}
        if not found:
            raise UsageError(f"the report has no SLO {name}", _hint(name, known))
        chosen |= found
    return [(name, slo) for name, slo in known.items() if not wanted or name in chosen]


def _hint(name: str, known: Iterable[str]) -> str:
    from sresnap.config import nearest

    names = sorted(known)
    return nearest(name, [*names, *{known.partition("/")[0] for known in names}]) or f"there are {', '.join(names)}"


def _judged(name: str, slo: SloReport, least: float) -> Answer:
    """Remaining must be over the least share; a budget that is spent to the last event has nothing left.

    What would pass needs the burn rates of now, too: 60 % left of a window whose data ended 3 hours ago says nothing
    about the 3 hours.
    """
    remaining = slo.budget.remaining_ratio
    if remaining is None or not math.isfinite(remaining) or slo.status.value in _UNJUDGED:
        return Answer(name, "no data", remaining, slo.status.value, slo.reason)
    if remaining <= least:
        return Answer(name, "breached", remaining, slo.status.value, slo.reason)
    unknown = [w.name for w in SHORT_WINDOWS if w.name not in slo.windows or slo.windows[w.name].burn_rate is None]
    if unknown:
        reason = f"The last {unknown[0]} have no data, so it is not known how it is now."
        if len(unknown) > 1:
            reason = f"The burn rates over {', '.join(unknown)} are unknown, so it is not known how it is now."
        return Answer(name, "no data", remaining, slo.status.value, reason)
    return Answer(name, "passed", remaining, slo.status.value, slo.reason)


def _code(answers: Sequence[Answer], *, is_stale: bool) -> ExitCode:
    verdicts = {answer.verdict for answer in answers}
    if "no data" in verdicts or not answers:
        return ExitCode.NO_REPORT
    if is_stale:
        return ExitCode.STALE
    return ExitCode.BREACHED if "breached" in verdicts else ExitCode.DONE


def _tell(answers: Sequence[Answer], least: float) -> None:
    wide = max((len(answer.slo) for answer in answers), default=0)
    marks = {"passed": ("✓", "green"), "breached": ("✕", "red"), "no data": ("?", "yellow")}
    for answer in answers:
        mark, colour = marks[answer.verdict]
        verdict = click.style(f"{mark} {answer.verdict:<8}", fg=colour)
        left = f"{fmt.percent(answer.remaining_ratio, limit=least)} left, over {fmt.objective(least)} wanted"
        why = "" if answer.verdict == "passed" else f"  {answer.reason}"
        click.echo(f"  {answer.slo:<{wide}}  {verdict}  {left}{why}")


def _staleness(age: int, limit: int) -> str | None:
    """Why the report is stale; None when it is fresh."""
    if age < -_SKEW:
        return f"it is dated {fmt.duration(-age)} in the future: a clock is wrong, there or here"
    return f"it is {fmt.duration(age)} old and {fmt.duration(limit)} is allowed" if age > limit else None
