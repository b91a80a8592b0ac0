"""What every command prints with: progress and notes on stderr, JSON on stdout."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import click

from sresnap.progress import Progress, Quiet

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID


class ConsoleProgress(Progress, Protocol):
    """Progress that makes room for other output."""

    def hide(self) -> None:
        """Take the bar away until the next stage begins."""


class _Silent(Quiet):
    """For --quiet."""

    def hide(self) -> None: ...


class _Notes(_Silent):
    """For a log: notes only."""

    def note(self, text: str) -> None:
        note(text)


class _Bars:
    """For a terminal: one bar for each stage, on stderr."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        self.hide()
        self._bars.start()
        self._task = self._bars.add_task(name, total=total)

    def advance(self) -> None:
        if self._task is not None:
            self._bars.advance(self._task)

    def note(self, text: str) -> None:
        self._bars.console.print(f"note: {text}", style="yellow", markup=False, highlight=False)

    def hide(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
        self._bars.stop()


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[ConsoleProgress]:
    """Bars if stderr is a terminal, otherwise notes only."""
    if quiet or not sys.stderr.isatty():
        yield _Silent() if quiet else _Notes()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = _Bars(RichProgress(*columns, console=Console(stderr=True), transient=True))
    try:
        yield bars
    finally:
        bars.hide()


def note(text: str) -> None:
    """Print a note on stderr."""
    click.secho(f"note: {text}", fg="yellow", err=True)


def print_json(data: Any) -> None:
    """Print data as JSON on stdout."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
