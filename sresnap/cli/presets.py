"""`sresnap presets`: the shipped presets, and presets of your own."""

from __future__ import annotations

import click

from sresnap.cli import console, options
from sresnap.current_folder import current_folder
from sresnap.errors import ExitCode
from sresnap.printable import printable


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
  sresnap presets list --json | jq -r '.[].name'""",
)
@options.json_option
@options.common
def list_(as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """List the shipped presets, and what each measures."""
    from sresnap.config.preset_files import shipped_presets

    found = shipped_presets()
    if as_json:
        console.print_json([{"name": preset.name, "about": preset.about, "queries": preset.keys} for preset in found])
        return ExitCode.DONE
    width = max(len(preset.name) for preset in found)
    for preset in found:
        click.echo(f"{preset.name:<{width}}  {preset.about}")
    click.echo("\nIn sresnap.yaml: `provider: NAME`. More: sresnap presets show NAME")
    return ExitCode.DONE


@presets.command(
    epilog="""\b
Examples:
  sresnap presets show istio
  sresnap presets show ./mine.yaml"""
)
@click.argument("name", metavar="NAME|FILE")
@options.json_option
@options.common
def show(name: str, as_json: bool, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """Show a preset: what it measures and what to know of it, how to use it, its parameters and its queries."""
    from sresnap.config.preset_files import preset_file

    preset = preset_file(name, current_folder())
    parameters = {
        key: {"kind": shape.kind, "default": shape.default, "about": shape.about, "choices": shape.choices}
        for key, shape in preset.parameters.items()
    }
    queries = preset.queries()
    if as_json:
        described = {"name": preset.name, "about": preset.about, "source": preset.source, "notes": preset.notes}
        console.print_json({**described, "snippet": preset.snippet, "parameters": parameters, "queries": queries})
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
    for key, parameter in parameters.items():
        default = parameter["default"]
        shown = ", ".join(default) if isinstance(default, tuple) else default
        given = "must be set" if shown is None else f'default "{shown}"'
        text = f"{key} ({parameter['kind']}, {given}): {parameter['about']}"
        click.echo(f"  {printable(text)}")
    click.echo("\nqueries, with the defaults:")
    for key, query in queries.items():
        click.echo(f"  {printable(f'{key}: {query}')}")
    return ExitCode.DONE


@presets.command(
    name="test",
    epilog="""\b
Examples:
  sresnap presets test http
  sresnap presets test ./mine.yaml""",
)
@click.argument("name", metavar="NAME|FILE")
@options.common
def test(name: str, quiet: bool) -> int:
    """Evaluate a preset's queries on the series in its `tests`.

    Needs promtool, which comes with Prometheus. Ends with 2 if a query answers something else than its test expects.
    """
    from sresnap import format as fmt
    from sresnap.app.try_preset import try_preset
    from sresnap.config.preset_files import preset_file

    tried = try_preset(preset_file(name, current_folder()))
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
