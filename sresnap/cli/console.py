"""Progress on a terminal, and the words in which a finished build is told."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from sresnap.model.windows import iso, snapshot_id
from sresnap.progress import Progress, Quiet

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from sresnap.app.schedule import Missed
    from sresnap.app.write_site import Built
    from sresnap.model.snapshot import Snapshot

_COLOURS = {"HEALTHY": "green", "AT_RISK": "yellow", "CRITICAL": "red", "EXHAUSTED": "red"}
_SHOWN_PROBLEMS = 10


class _Notes(Quiet):
    """No bars, as where stderr is a log; but what takes a while is said."""

    def note(self, text: str) -> None:
        click.secho(f"note: {text}", fg="yellow", err=True)


class _Bar:
    """A bar a stage, on stderr."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(name, total=total)

    def advance(self) -> None:
        if self._task is not None:
            self._bars.advance(self._task)

    def note(self, text: str) -> None:
        self._bars.console.print(f"note: {text}", style="yellow", markup=False, highlight=False)


@contextlib.contextmanager
def progress(*, quiet: bool, bars: bool = True) -> Iterator[Progress]:
    """Bars on stderr when it is a terminal; notes alone otherwise."""
    if quiet or not (bars and sys.stderr.isatty()):
        yield Quiet() if quiet else _Notes()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield _Bar(shown)


def backfilled(missed: Missed) -> str:
    """Which reports were reconstructed, and which were not."""
    made = len(missed.times)
    if not made:
        return "no report was missed"
    reports = "1 missed report" if made == 1 else f"{made} missed reports"
    text = f"{reports} reconstructed, {iso(missed.times[0])} to {iso(missed.times[-1])}"
    if not missed.left_out:
        return text
    return f"{text}; {missed.left_out} older ones were not, as {made} are made at once: ask for one with --at TIME"


def tell(built: Built) -> None:
    """What came of a build: the verdict on each service, what is missing, and where the report lies."""
    from sresnap.format import percent_signed

    snapshot = built.snapshot
    width = max(len(service.name) for service in snapshot.services)
    for service in snapshot.services:
        verdict = click.style(f"{service.status.value:<12}", fg=_COLOURS.get(service.status.value))
        slo = min(service.slos, key=lambda slo: slo.status.rank)
        left = percent_signed(slo.budget.remaining_ratio)
        click.echo(f"  {service.name:<{width}}  {verdict}  {left:>8} of the {slo.name} budget left. {slo.reason}")
    _tell_problems(snapshot)
    if built.newer is not None and built.newer > snapshot_id(snapshot.generated_at):
        click.secho(
            f"note: the newest report is {built.newer}, and by this machine's clock it is "
            f"{iso(snapshot.generated_at)}: the clock was set back, or was ahead before",
            fg="yellow",
            err=True,
        )
    tell_outlived(built)
    if not built.is_archived:
        click.echo(f"{_not_archived(built)}; the history was added to")
        return
    if built.newer is not None:
        name = f"snapshots/{snapshot.id}.json"
        click.echo(f"{built.out / name}  ({iso(snapshot.at)}); the pages go on showing the newer report {built.newer}")
        return
    click.echo(f"{built.out / 'index.html'}  ({iso(snapshot.at)}, {built.files_written} files written)")


def _not_archived(built: Built) -> str:
    at = iso(built.snapshot.at)
    if built.gone is None:
        return f"the archive has a report of {at} already, and it stays as it is"
    return f"the report of {at} was {built.gone}, and is not made again"


def tell_thinning(built: Built) -> None:
    """That a build thinned out most of the archive, as it does when its rules became much stricter."""
    before = built.thinned + built.kept
    if built.thinned * 2 > before:
        click.secho(
            f"{built.thinned} of {before} reports were thinned out at once, by archive.keep and archive.max_bytes; "
            "their headline numbers are kept",
            fg="yellow",
            err=True,
        )


def tell_left(paths: Iterable[Path]) -> None:
    """Files of the archive that somebody has changed: a person has to look at them, so that it is told always."""
    paths = list(dict.fromkeys(paths))  # builds that follow one another leave the same ones
    for path in paths:
        click.echo(f"left as it is, because it is not what was archived: {path}", err=True)
    if paths:
        click.echo(
            "  → such a report is neither thinned nor published: delete the file and bring the published one back "
            "(sresnap restore --all), or take the report out (sresnap archive withdraw ID --reason TEXT)",
            err=True,
        )


def tell_outlived(built: Built) -> None:
    """What is still in the folder though the report does not have it."""
    for path in built.outlived:
        click.echo(f"no part of the report any more, but left, as somebody has changed it: {path}", err=True)


def _tell_problems(snapshot: Snapshot) -> None:
    problems = snapshot.problems
    if not problems:
        return
    things = "1 thing is" if len(problems) == 1 else f"{len(problems)} things are"
    click.secho(f"{things} missing or doubtful in this report:", fg="yellow", err=True)
    for problem in problems[:_SHOWN_PROBLEMS]:
        where = " ".join(part for part in (problem.service, problem.signal) if part)
        click.echo(f"  {where + ': ' if where else ''}{problem.message}", err=True)
    if len(problems) > _SHOWN_PROBLEMS:
        click.echo(f"  … and {len(problems) - _SHOWN_PROBLEMS} more, on the page and in the snapshot", err=True)
