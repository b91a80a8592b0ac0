"""Writes docs/cli.md from the commands themselves: `python docs/make_cli.py > docs/cli.md`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

import click

from sresnap.cli import EXIT_CODES, cli

HEAD = """# Command line

`make docs` writes this page from the commands' own help. Options are spelled the same everywhere.
"""


def reference() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, command in _all(cli):
        parts += [f"## sresnap {name}\n", inspect.cleandoc(command.help or "") + "\n"]
        found = [_row(option) for option in command.params if isinstance(option, click.Option)]
        parts += ["| option | |\n| --- | --- |", *found] if found else []
        parts.append(("\n" if found else "") + _block(command.epilog or ""))
    parts.append("## Exit codes\n\n" + _block(EXIT_CODES))
    return "\n".join(parts).rstrip() + "\n"


def _all(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its name; a group's commands follow their group."""
    for name, command in group.commands.items():
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _all(command, f"{before}{name} ")


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    value = f" {option.metavar or ''}".rstrip()
    default = f" Default: `{option.default}`." if option.show_default else ""
    return f"| {names}{value} | {option.help}{default} |"


def _block(text: str) -> str:
    lines = inspect.cleandoc(text.replace("\b\n", "")).splitlines()
    return "\n".join(["```", *lines[1:], "```\n"])


if __name__ == "__main__":
    sys.stdout.write(reference())
