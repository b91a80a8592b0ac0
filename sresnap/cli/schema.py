"""`sresnap schema`."""

from __future__ import annotations

import click

from sresnap.cli import console, options
from sresnap.errors import ExitCode

SCHEMA_CHOICES = (
    "config", "preset", "snapshot", "archive", "thinned", "history", "review", "restatement", "reviews", "latest",
    "manifest", "statement", "objectives", "badge",
)  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  sresnap schema snapshot > snapshot.schema.json
  sresnap schema archive                          what archive/index.json looks like
  sresnap schema config > sresnap.schema.json      then in sresnap.yaml:
  # yaml-language-server: $schema=sresnap.schema.json
  sresnap schema preset > preset.schema.json       the same for presets of your own"""
)
@click.argument("kind", metavar="KIND", type=click.Choice(SCHEMA_CHOICES))
@options.common
def schema(kind: str, quiet: bool) -> int:  # noqa: ARG001 - the command only prints
    """Print the JSON Schema of a kind of file.

    KIND is config for sresnap.yaml, preset for a preset of your own, or a kind of JSON file in the site: snapshot,
    archive, thinned, history, review, restatement, reviews, latest, manifest, statement, objectives or badge.
    docs/data.md lists the files of each kind. The site has the schemas of its own files in schema/.
    """
    if kind == "config":
        from sresnap.config import config_schema

        found = config_schema()
    elif kind == "preset":
        from sresnap.config.preset_files import preset_schema

        found = preset_schema()
    else:
        from sresnap.documents import schemas

        found = schemas.schema(kind)
    console.print_json(found)
    return ExitCode.DONE
