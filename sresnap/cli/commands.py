"""The command line: all commands, and the one place that prints errors."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from sresnap import __version__
from sresnap.cli.options import Run
from sresnap.cli.output import lasting_output
from sresnap.cli.signals import INTERRUPTED, Handlers, exit_code_of
from sresnap.current_folder import missing_folder
from sresnap.errors import ExitCode, SresnapError
from sresnap.file_errors import what_to_do, why

EXIT_CODES = """\b
Exit codes:
  0    done
  1    a file cannot be written (the disk is full or read-only), or unexpected error
  2    wrong usage or config
  3    built, but some data is missing
  4    Prometheus is unreachable, nothing written
  5    publishing or restoring failed
  6    another build or publisher was first
  7    published, but readers get something else (`verify`)
  8    an SLO is breached (`gate`)
  9    the report is stale (`gate`)
  10   no data (`gate`), or no report (`gate`, `explain --site`)
  129  ended by SIGHUP
  130  ended by SIGINT (Ctrl-C)
  143  ended by SIGTERM"""

HELP = """A reliability report that needs no server.

SLOs, error budgets, burn rates, golden signals and capacity from Prometheus, as a static site.

\b
Try it without a Prometheus:       sresnap demo --serve
Start with your own Prometheus:    sresnap init --detect --prometheus-url URL
                                   sresnap check --online
                                   sresnap build
                                   sresnap serve"""


COMMANDS = {
    "init": "init:init",
    "check": "check:check",
    "build": "build:build",
    "render": "render:render",
    "serve": "serve:serve",
    "demo": "demo:demo",
    "publish": "publish:publish_command",
    "restore": "restore:restore_command",
    "verify": "verify:verify_command",
    "archive": "archive:archive",
    "review": "review:review_command",
    "explain": "explain:explain",
    "gate": "gate:gate_command",
    "advise": "advise:advise_command",
    "presets": "presets:presets",
    "rules": "rules:rules",
    "export": "export:export",
    "import": "import_files:import_",
    "schema": "schema:schema",
}
"""Each command's module in `sresnap.cli` and its name there, in the order of the reference."""


class _Commands(click.Group):
    """The commands, whose errors all reach `main`.

    Each is imported when it is used, because the import of all takes as long as click's.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """All names, sorted as click sorts them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """A command; None if there is no such command, whose nearest names click looks for in `commands`."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            module, _, function = COMMANDS[name].partition(":")
            self.commands[name] = getattr(importlib.import_module(f"sresnap.cli.{module}"), function)
        return self.commands.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Rename a connection's broken pipe: click would take it for the output's, and end without a word."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ConnectionError(str(error)) from error


@click.group(
    cls=_Commands,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="sresnap")
def cli() -> None:
    pass


def run(handlers: Handlers | None = None) -> int:
    """Run the program; the exit code of its result or error, or of the signal that the handlers have met."""
    about = Run()
    with _usable_by_owner(), lasting_output() as output:
        code = _run(about, handlers)
        output.flush()
        # A reader that closes the pipe, as `head` does, has what it wants.
        if output.error is not None and not isinstance(output.error, BrokenPipeError):
            _complain(f"cannot use the output: {why(output.error)}", what_to_do(output.error))
            code = code or (ExitCode.DONE if about.is_work_done else ExitCode.UNEXPECTED)
    return code


@contextlib.contextmanager
def _usable_by_owner() -> Iterator[None]:
    """Take the owner's bits out of the umask: with 0777, git and this program could not enter the folders they make."""
    mask = os.umask(0o077)
    os.umask(mask & 0o077)
    try:
        yield
    finally:
        os.umask(mask)


def _run(about: Run, handlers: Handlers | None) -> int:
    """Run the command; print its error, if it ends in one."""
    try:
        code = cli.main(prog_name="sresnap", standalone_mode=False, obj=about)
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo(INTERRUPTED, err=True)
        return exit_code_of(error)
    except Exception as error:  # noqa: BLE001 - a user sees one line for any error
        failed = _explain(error)
    except BaseException:  # of tasks that follow an interruption: a group, or a cancellation
        if handlers is None or handlers.exit_code is None:
            raise
        failed = exit_code_of(None)
    else:
        return code if isinstance(code, int) else ExitCode.DONE
    if handlers is None or handlers.exit_code is None:
        return failed
    click.echo(INTERRUPTED, err=True)
    return handlers.exit_code


def _explain(error: Exception) -> int:
    """Print an error; its exit code."""
    error = missing_folder(error) or error
    if isinstance(error, SresnapError):
        _complain(error.message, error.hint)
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show()
        return ExitCode.USAGE
    if isinstance(error, OSError) and error.filename is not None:
        _complain(f"cannot use {os.fsdecode(error.filename)}: {why(error)}", what_to_do(error))
    else:
        hint = "run it again with --debug, and report what it prints"
        _complain(f"unexpected {type(error).__name__}: {error}", hint)
    return ExitCode.UNEXPECTED


def _complain(message: str, hint: str | None) -> None:
    """Print the error that is being handled; with --debug, its traceback too."""
    if "--debug" in sys.argv[1:]:
        import traceback

        traceback.print_exc()
    click.secho(f"sresnap: {message}", fg="red", err=True)
    if hint:
        click.echo(f"  → {hint}", err=True)
