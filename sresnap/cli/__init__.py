"""The command line. Signals are handled before the rest is imported, which takes most of a short command's time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sresnap.cli import open_files, signals

if TYPE_CHECKING:
    from sresnap.cli.commands import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the program and end it with the exit code of its result, its error, or the signal that ended it."""
    refusal = open_files.refusal()
    if refusal is not None:
        sys.stderr.write(refusal)
        sys.exit(1)
    with signals.handled() as handlers:
        from sresnap.cli.commands import run

        try:
            with handlers.raising():
                code = run(handlers)
        except signals.Interrupted as error:  # a later signal, which cut off the clean-up
            code = error.exit_code
    sys.exit(code)


def __getattr__(name: str) -> Any:
    if name != "cli":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sresnap.cli.commands import cli

    return cli
