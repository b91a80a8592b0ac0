"""`sresnap init`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap.cli import options
from sresnap.errors import ExitCode, UsageError


@click.command(
    epilog="""\b
Examples:
  sresnap init
  sresnap init --config ops/sresnap.yaml
  sresnap init --dry-run               print the file only
  sresnap init --detect --prometheus-url http://prometheus:9090
  sresnap init --detect --add          add what is new to the file

\b
Exit codes:
  2  the file exists already, or the command line or the file has a mistake
  3  nothing was found, or services have to be added by hand
  4  Prometheus is unreachable"""
)
@click.option(
    "--config",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=Path("sresnap.yaml"),
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file, or write beside an sre.yaml.")
@click.option("--detect", is_flag=True, help="Ask Prometheus which services there are, and write them.")
@click.option("--add", is_flag=True, help="With --detect: add services to the file; change nothing else in it.")
@click.option("--source", metavar="NAME", help="With --add: the source to ask, where the file names several.")
@options.preset_path_option
@options.url_option
@options.at_option
@options.dry_run_option("Print the file; write nothing.")
@options.json_option
@options.common
@options.work
def init(
    path: Path,
    force: bool,
    detect: bool,
    add: bool,
    source: str | None,
    preset_path: tuple[str, ...],
    prometheus_url: str | None,
    at: int | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Write a commented sresnap.yaml to start from.

    With --detect, Prometheus is asked which presets fit it and which services it knows. Their objectives are proposals
    from the last seven days, and each of their queries is sent once. At most 500,000 samples are read where counters
    restarted. The 200 services with the most traffic are written. The file is not touched without --add or --force.
    """
    if source is not None and not add:
        raise UsageError("--source needs --add", "without a file there is only --prometheus-url to ask")
    if preset_path and add:
        raise UsageError("--preset-path is for a new file", "write `preset_path` into the file, and leave it out")
    if detect:
        from sresnap.cli.detect_output import DetectOptions, run

        return run(DetectOptions(path, force, add, source, prometheus_url, preset_path, at, dry_run, as_json, quiet))
    for given, name in (
        (add, "--add"),
        (preset_path, "--preset-path"),
        (prometheus_url, "--prometheus-url"),
        (at, "--at"),
        (as_json, "--json"),
    ):
        if given:
            raise UsageError(f"{name} needs --detect", "add --detect, or leave it out")
    from sresnap.app.init import example_config, write_example_config

    if dry_run:
        click.echo(example_config(), nl=False)
        return ExitCode.DONE
    write_example_config(path, force=force)
    if not quiet:
        config = "" if path == Path("sresnap.yaml") else f" --config {path}"
        click.echo(f"wrote {path}. Next, set prometheus.url and your services in it. Then:")
        click.echo(f"  sresnap check --online{config}     does every query find data?")
        click.echo(f"  sresnap build{config}              write the report to public/")
        click.echo("  sresnap serve              look at it")
    return ExitCode.DONE
