"""The command line: all commands, and the one place that prints errors."""

from __future__ import annotations

import os
import sys
import traceback

import click

from sresnap import __version__
from sresnap.cli.archive import archive
from sresnap.cli.build import build
from sresnap.cli.check import check
from sresnap.cli.demo import demo
from sresnap.cli.explain import explain
from sresnap.cli.gate import gate_command
from sresnap.cli.import_files import import_
from sresnap.cli.init import init
from sresnap.cli.publish import publish_command
from sresnap.cli.render import render
from sresnap.cli.restore import restore_command
from sresnap.cli.rules import rules
from sresnap.cli.schema import schema
from sresnap.cli.serve import serve
from sresnap.cli.verify import verify_command
from sresnap.errors import ExitCode, SresnapError

EXIT_CODES = """\b
Exit codes:
  0    done
  1    unexpected error
  2    wrong usage or config
  3    built, but some data is missing
  4    Prometheus is unreachable, nothing written
  5    publishing or restoring failed
  6    another build or publisher was first
  7    published, but readers get something else (`verify`)
  8    an SLO is breached (`gate`)
  9    the report is stale (`gate`)
  10   no data, or no report (`gate`)
  130  interrupted"""

HELP = """A reliability report that needs no server.

SLOs, error budgets, burn rates, golden signals and capacity from Prometheus, as a static site.

\b
Try it without a Prometheus:       sresnap demo --serve
Start with your own Prometheus:    sresnap init
                                   sresnap check --online
                                   sresnap build
                                   sresnap serve"""


@click.group(
    help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXIT_CODES
)
@click.version_option(__version__, prog_name="sresnap")
def cli() -> None:
    pass


for command in (
    init,
    check,
    build,
    render,
    serve,
    demo,
    publish_command,
    restore_command,
    verify_command,
    archive,
    explain,
    gate_command,
    rules,
    import_,
    schema,
):
    cli.add_command(command)


def main() -> None:
    """Run the program and end it with the exit code of its result or error."""
    debug = "--debug" in sys.argv[1:]
    try:
        code = cli.main(prog_name="sresnap", standalone_mode=False)
        sys.stdout.flush()
    except SresnapError as error:
        if debug:
            traceback.print_exc()
        _complain(error.message, error.hint)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was published before is untouched", err=True)
        code = 130
    except BrokenPipeError:
        # The reader closed the pipe, as `head` does. Python would print an error while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 - a user sees one line for any error
        if debug:
            traceback.print_exc()
        _complain(f"unexpected {type(error).__name__}: {error}", "run it again with --debug, and report what it prints")
        code = ExitCode.UNEXPECTED
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _complain(message: str, hint: str | None) -> None:
    click.secho(f"sresnap: {message}", fg="red", err=True)
    if hint:
        click.echo(f"  → {hint}", err=True)
