"""Writes docs/cli.md from the help of the commands: `python docs/make_cli.py > docs/cli.md`."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator

import click

from sresnap.cli.commands import COMMANDS, EXIT_CODES, cli

HEAD = """# Command line

`make docs` writes this page from the commands' own help. Options are spelled the same everywhere.
"""


def reference() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, command in _all(cli):
        parts += [f"## sresnap {name}\n", _paragraphs(command.help or "")]
        parts += _usage(name, command)
        parts += _options(command)
        parts += [_block(part) for part in (command.epilog or "").split("\b\n") if part.strip()]
    parts.append("## " + _block(EXIT_CODES.removeprefix("\b\n")).replace("codes:", "codes", 1))
    return "\n".join(parts).rstrip() + "\n"


def _all(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its name; a group's commands follow the group."""
    for name in COMMANDS if group is cli else group.commands:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _all(command, f"{before}{name} ")


def _usage(name: str, command: click.Command) -> Iterator[str]:
    """How the arguments stand, if there are any."""
    context = click.Context(command)
    arguments = [
        part
        for option in command.params
        if isinstance(option, click.Argument)
        for part in option.get_usage_pieces(context)
    ]
    if arguments:
        yield f"Usage: `sresnap {name} [OPTIONS] {' '.join(arguments)}`\n"


def _options(command: click.Command) -> Iterator[str]:
    found = [option for option in command.params if isinstance(option, click.Option)]
    if found:
        yield "| option | |\n| --- | --- |"
        yield from map(_row, found)
        yield ""


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    value = f" {option.metavar or ''}".rstrip()
    default = f" Default: `{option.default}`." if option.show_default else ""
    cells = (f"{names}{value}", f"{option.help}{default}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _paragraphs(text: str) -> str:
    return inspect.cleandoc(text.replace("\b\n", "")) + "\n"


def _block(text: str) -> str:
    """Lines under a title with a colon as a code block; the title stands above it. Other text is a paragraph."""
    title, _, lines = text.strip("\n").partition("\n")
    if not title.endswith(":"):
        return _paragraphs(text)
    return "\n".join([title, "", "```", textwrap.dedent(lines), "```\n"])


if __name__ == "__main__":
    sys.stdout.write(reference())
