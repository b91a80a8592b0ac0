"""`sresnap schema`."""

from __future__ import annotations

import json

import click

from sresnap.cli import options
from sresnap.errors import ExitCode


@click.command(
    epilog="""\b
Examples:
  sresnap schema snapshot > snapshot.schema.json
  sresnap schema archive > archive.schema.json
  sresnap schema config > sresnap.schema.json      then in sresnap.yaml:
  # yaml-language-server: $schema=sresnap.schema.json"""
)
@click.argument("kind", type=click.Choice(["config", "snapshot", "archive", "latest"]))
@options.common
def schema(kind: str, quiet: bool) -> int:  # noqa: ARG001 - printing is all that it does
    """Print the JSON Schema of the configuration, of a snapshot, of archive/index.json or of latest.json."""
    if kind == "config":
        from sresnap.config import config_schema

        found = config_schema()
    else:
        from sresnap.store import archive, snapshots

        schemas = {"snapshot": snapshots.schema, "archive": archive.schema, "latest": snapshots.latest_schema}
        found = schemas[kind]()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    return ExitCode.DONE
