"""`sresnap presets`: the shipped presets, and presets of your own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sresnap.cli import console, options
from sresnap.current_folder import current_folder
from sresnap.errors import ExitCode
from sresnap.printable import printable

if TYPE_CHECKING:
    from sresnap.config.shapes.parameters import ParameterShape


F = TypeVar("F", bound=Callable[..., Any])


def _preset_path(function: F) -> F:
    """--preset-path and --config: where presets of the user's own are."""
    return options.preset_path_option(options.config_option(function))


@click.group(
    epilog="""\b
Examples:
  sresnap presets list
  sresnap presets show ingress-nginx
  sresnap presets test ./mine.yaml"""
)
def presets() -> None:
    """List, show and test the presets that `provider` names."""


@presets.command(
    name="list",
    epilog="""\b
Examples:
  sresnap presets list
  sresnap presets list --preset-path ops/presets
  sresnap presets list --json | jq -r '.[].name'""",
)
@_preset_path
@options.json_option
@options.common
def list_(preset_path: tuple[str, ...], config_path: Path | None, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """List the presets, your own first, and what each measures."""
    from sresnap.config.preset_files import every_preset

    found = every_preset(options.preset_folders(preset_path, config_path))
    if as_json:
        rows = [
            {"name": preset.name, "about": preset.about, "queries": preset.keys, "file": preset.own_file}
            for preset in found
        ]
        console.print_json(rows)
        return ExitCode.DONE
    width = max(len(preset.name) for preset in found)
    for preset in found:
        file = f" ({preset.own_file})" if preset.own_file else ""
        about = printable(f"{preset.about or 'no description'}{file}")
        click.echo(f"{preset.name:<{width}}  {about}")
    click.echo("\nIn sresnap.yaml: `provider: NAME`. More: sresnap presets show NAME")
    return ExitCode.DONE


@presets.command(
    epilog="""\b
Examples:
  sresnap presets show istio
  sresnap presets show ./mine.yaml"""
)
@click.argument("name", metavar="NAME|FILE")
@_preset_path
@options.json_option
@options.common
def show(name: str, preset_path: tuple[str, ...], config_path: Path | None, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """Show a preset: what it measures and what to know of it, how to use it, its parameters and its queries."""
    from sresnap.config.preset_files import preset_file

    preset = preset_file(name, current_folder(), options.preset_folders(preset_path, config_path))
    parameters = {
        key: {"kind": shape.kind, "default": shape.default, "about": shape.about, "choices": shape.choices}
        for key, shape in preset.parameters.items()
    }
    queries = preset.queries()
    if as_json:
        described = {"name": preset.name, "about": preset.about, "source": preset.source, "notes": preset.notes}
        traps = [trap.model_dump() for trap in preset.traps]
        said = {"snippet": preset.snippet, "parameters": parameters, "queries": queries, "traps": traps}
        console.print_json({**described, **said})
        return ExitCode.DONE
    click.echo(printable(f"{preset.name}: {preset.about or 'no description'}"))
    if preset.source:
        click.echo(printable(f"source: {preset.source}"))
    if preset.notes:
        click.echo("\n" + "\n".join(map(printable, preset.notes)))
    click.echo("\nin sresnap.yaml:")
    for line in preset.snippet.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        click.echo(f"  {indent}{printable(line)}")
    click.echo("\nparameters:" if parameters else "\nparameters: none")
    for key, shape in preset.parameters.items():
        click.echo(f"  {printable(f'{key} ({_values(shape)}): {shape.about}')}")
    click.echo("\nqueries, with the defaults:")
    for key, query in queries.items():
        click.echo(f"  {printable(f'{key}: {query}')}")
    if preset.traps:
        click.echo("\ntraps, which `sresnap check --online` looks for:")
        for trap in preset.traps:
            click.echo(f"  {printable(trap.text)}")
    return ExitCode.DONE


def _values(shape: ParameterShape) -> str:
    """What a parameter may be, and what it is if nobody sets it: `value, source or destination, default "source"`."""
    kind = f"{shape.kind}, {' or '.join(shape.choices)}" if shape.choices else shape.kind
    if shape.default is None:
        return f"{kind}, must be set"
    default = shape.default if isinstance(shape.default, str) else ", ".join(shape.default)
    return f'{kind}, default "{default}"'


@presets.command(
    name="test",
    epilog="""\b
Examples:
  sresnap presets test http
  sresnap presets test ./mine.yaml""",
)
@click.argument("name", metavar="NAME|FILE")
@_preset_path
@options.common
def test(name: str, preset_path: tuple[str, ...], config_path: Path | None, quiet: bool) -> int:
    """Evaluate a preset's queries on the series in its `tests`.

    Needs promtool, which comes with Prometheus. Ends with 2 if a query answers something else than its test expects.
    """
    from sresnap import format as fmt
    from sresnap.app.try_preset import try_preset
    from sresnap.config.preset_files import preset_file

    tried = try_preset(preset_file(name, current_folder(), options.preset_folders(preset_path, config_path)))
    for failed in tried.failed:
        check = failed.check
        expected = "no answer" if check.value is None else f"{check.value:.12g}"
        click.echo(printable(f"✗ {check.key}: expected {expected}, found {failed.found}"), err=True)
        click.echo(f"  {printable(check.about)}\n  {printable(check.promql)}", err=True)
    if not quiet:
        passed = tried.checks - len(tried.failed)
        click.echo(printable(f"{name}: {passed} of {fmt.count(tried.checks, 'check')} passed"))
        if tried.untested:
            click.echo(f"  not tested: {printable(', '.join(tried.untested))}")
    return ExitCode.USAGE if tried.failed else ExitCode.DONE
