"""What a build prints: a line for each service, the most urgent first, the missing data, and where the report is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sresnap.cli import console
from sresnap.documents.layout import FLEET_PAGE, SNAPSHOT
from sresnap.model.windows import iso

if TYPE_CHECKING:
    from sresnap.app.backfill import MissedReports
    from sresnap.app.job import Reports
    from sresnap.app.site_writer import BuildResult
    from sresnap.model.snapshot import ServiceReport, Snapshot

_COLOURS = {"ok": "green", "risk": "yellow", "bad": "red"}
"""In the terminal, by a badge's tone; one that is not judged has none."""
_SHOWN_PROBLEMS = 10


def print_reports(reports: Reports, *, backfill: bool, quiet: bool, as_json: bool) -> None:
    """Print what a job built.

    Changed files of the archive are reported even with --quiet: a person must look. With --json the warnings go to
    stderr, and the report to stdout as JSON only.
    """
    print_edited_files(path for built in reports.all for path in built.edited_files)
    if quiet:
        return
    for built in reports.all:
        print_thinning(built)
    if as_json:
        return
    if backfill:
        click.echo(_backfilled(reports.missed))
    print_built(reports.built)


def print_built(built: BuildResult) -> None:
    """Print the verdict on each service, what is missing, and where the report is."""
    print_verdicts(built.snapshot)
    _print_problems(built.snapshot)
    if built.is_clock_wrong:
        console.note(
            f"the newest report is {built.newer}, but this machine's clock shows {iso(built.snapshot.generated_at)}; "
            "the clock was set back now, or was ahead before"
        )
    print_edited_stale_files(built)
    print_closed(built)
    print_files(built)


def print_closed(built: BuildResult) -> None:
    """Print the periods that a build closed or restated, and why one that is due waits."""
    from sresnap.cli.review_output import met_of, restatement_of

    for review in built.books.closed:
        click.echo(f"Closed {_period(review.period)}: {met_of(review)}.")
    for restated in built.books.restated:
        click.echo(f"Restated {_period(restated.period)}: {restatement_of(restated)}.")
    for waiting in built.books.waiting:
        console.note(waiting)


def _period(period: str) -> str:
    """`October 2026 (2026-10)`, `week 44 of 2026 (2026-W44)`, `2026`."""
    from sresnap.format import period_name

    name = period_name(period, is_heading=False)
    return name if name == period else f"{name} ({period})"


def print_files(built: BuildResult) -> None:
    """Print where the report is."""
    snapshot = built.snapshot
    if not built.is_archived:
        click.echo(f"{_not_archived(built)}; only the history was updated")
    elif built.newer is not None:
        name = SNAPSHOT.path(snapshot.id)
        click.echo(f"{built.out / name}  ({iso(snapshot.at)}); the pages still show the newer report {built.newer}")
    else:
        click.echo(f"{built.out / FLEET_PAGE.path()}  ({iso(snapshot.at)}, {built.files_written} files written)")


def print_thinning(built: BuildResult) -> None:
    """Warn if a build thinned out most of the archive."""
    if built.is_mostly_thinned:
        console.note(
            f"archive.keep and archive.max_bytes thinned out {built.thinned} of {built.thinned + built.kept} reports; "
            "their headline numbers are kept"
        )


def print_edited_files(paths: Iterable[Path]) -> None:
    """Warn about files of the archive that differ from what was archived."""
    paths = list(dict.fromkeys(paths))  # consecutive builds leave the same ones
    for path in paths:
        click.echo(f"left unchanged: {path} differs from what was archived", err=True)
    if paths:
        click.echo(
            "  → such a report is neither thinned nor published. Delete the file and bring the published one back\n"
            "    (sresnap restore --all), or take the report out (sresnap archive withdraw ID --reason TEXT)",
            err=True,
        )


def print_edited_stale_files(built: BuildResult) -> None:
    """Warn about files of earlier reports that stay because they were changed."""
    for path in built.edited_stale_files:
        click.echo(f"left in place: {path} is no longer part of the report, but was changed by hand", err=True)


def build_fields(built: BuildResult) -> dict[str, Any]:
    """A build's result for --json."""
    snapshot = built.snapshot
    return {
        "id": snapshot.id,
        "status": snapshot.status.value,
        "now": snapshot.now.state.value,
        "out": str(built.out),
        "archived": built.is_archived,
        "files_written": built.files_written,
        "closed": [review.period for review in built.books.closed],
        "restated": [restatement.period for restatement in built.books.restated],
        "services": {service.name: service.status.value for service in snapshot.services},
        "services_now": {service.name: service.now.state.value for service in snapshot.services},
        "problems": [
            {"service": p.service, "signal": p.signal, "kind": p.kind, "message": p.message} for p in snapshot.problems
        ],
    }


def _backfilled(missed: MissedReports) -> str:
    made = len(missed.times)
    if not made:
        return "no report was missed"
    reports = "1 missed report" if made == 1 else f"{made} missed reports"
    text = f"backfilled {reports}, {iso(missed.times[0])} to {iso(missed.times[-1])}"
    if not missed.left_out:
        return text
    return f"{text}; skipped {missed.left_out} older ones (at most {made} a run): build one with --at TIME"


def _not_archived(built: BuildResult) -> str:
    at = iso(built.snapshot.at)
    if built.removed_as is None:
        return f"the archive already has a report of {at} and keeps it"
    return f"the report of {at} was {built.removed_as} and is not built again"


def print_verdicts(snapshot: Snapshot) -> None:
    """Print a line for each service: what fires now, the verdict on the window, and why."""
    from sresnap.app.first_days import provisional_notes
    from sresnap.render.status_badges import BADGES, NOW_BADGES, badge, problems_of

    services = sorted(snapshot.services, key=lambda one: one.urgency)
    windows = {
        one.name: badge(one.status, incomplete=bool(problems_of(snapshot.problems, one.name))) for one in services
    }
    lines = [(one.name, NOW_BADGES[one.now.state], windows[one.name], _why(one)) for one in services]
    widths = (
        max(len(name) for name in ("service", *(name for name, *_ in lines))),
        max(len(found.word) for found in NOW_BADGES.values()),
        max(len(found.word) for found in BADGES.values()),
    )
    click.echo(f"  {'service':<{widths[0]}}  {'now':<{widths[1]}}  window")
    for name, now, window, why in lines:
        state = click.style(f"{now.word:<{widths[1]}}", fg=_COLOURS.get(now.tone))
        verdict = click.style(f"{window.word:<{widths[2]}}", fg=_COLOURS.get(window.tone))
        click.echo(f"  {name:<{widths[0]}}  {state}  {verdict}  {why}")
    slos = [slo for service in snapshot.services for slo in service.slos]
    for note in provisional_notes(slo.provisional for slo in slos):
        click.echo(f"  note: {note}")


def _why(service: ServiceReport) -> str:
    """The reason of its worst objective, after the budget left where the reason does not say it."""
    from sresnap.format import percent_signed, plain
    from sresnap.render.verdict_text import slo_reason

    slo = service.worst_slo
    reason, ratio = slo_reason(slo), slo.budget.remaining_ratio
    is_said = ratio is None or plain(percent_signed(abs(ratio))) in reason
    left = "" if is_said else f"{plain(percent_signed(ratio))} of the budget is left. "
    return f"{slo.name}: {left}{reason}"


def _print_problems(snapshot: Snapshot) -> None:
    problems = snapshot.problems
    if not problems:
        return
    gaps = "1 gap" if len(problems) == 1 else f"{len(problems)} gaps"
    click.secho(f"{gaps} in this report's data:", fg="yellow", err=True)
    for problem in problems[:_SHOWN_PROBLEMS]:
        where = " ".join(part for part in (problem.service, problem.signal) if part)
        click.echo(f"  {where + ': ' if where else ''}{problem.message}", err=True)
    if len(problems) > _SHOWN_PROBLEMS:
        click.echo(f"  … and {len(problems) - _SHOWN_PROBLEMS} more, on the page and in the snapshot", err=True)
