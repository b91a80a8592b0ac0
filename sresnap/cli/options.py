"""Options that are spelled the same everywhere."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sresnap.cli.parameters import Duration, Folder, Time
from sresnap.current_folder import current_folder
from sresnap.errors import UsageError
from sresnap.model.windows import DAY, MINUTE, floor

if TYPE_CHECKING:
    from sresnap.config.preset_path import PresetFolder
    from sresnap.config.settings import Config

F = TypeVar("F", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    "config_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The configuration. Without it: $SRE_CONFIG_FILE, ./sresnap.yaml, ./sre.yaml.",
)
out_option = click.option(
    "--out",
    metavar="DIR",
    type=Folder(file_okay=False, path_type=Path),
    default=Path("public"),
    show_default=True,
    help="The site's folder.",
)
at_option = click.option(
    "--at", metavar="TIME", type=Time(), help="The time to report on, such as 2026-11-22T21:00:00Z. Without it: now."
)
url_option = click.option(
    "--prometheus-url", metavar="URL", help="Use this Prometheus instead of PROMETHEUS_URL and the configuration's."
)
preset_path_option = click.option(
    "--preset-path",
    metavar="FOLDER",
    multiple=True,
    help="A folder with presets of your own, NAME.yaml. Without it: `preset_path` of the configuration.",
)
timeout_option = click.option(
    "--timeout",
    metavar="DURATION",
    type=Duration(shortest=1, longest=DAY),
    default="15m",
    show_default=True,
    help="How long reading the site may take.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def dry_run_option(text: str) -> Callable[[F], F]:
    """--dry-run, with what it shows instead of doing it."""
    return click.option("--dry-run", is_flag=True, help=text)


def common(function: F) -> F:
    """--quiet and --debug. Commands do not see --debug; the code that prints errors reads it."""

    @click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
    @click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapped  # type: ignore[return-value]


@dataclass
class Run:
    """What a run of the program has to say beside its exit code."""

    is_work_done: bool = False
    """Whether its exit code is about work that is done, regardless of whether the report of it could be printed."""


def work(function: F) -> F:
    """For commands that change something. Without it, what a command prints is all that it does."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        run = click.get_current_context().find_object(Run)
        if run is not None:
            # `rules`, `import` and `export` print what they make unless they are given a file for it.
            run.is_work_done = not kwargs.get("dry_run") and kwargs.get("output", True) is not None
        return result

    return wrapped  # type: ignore[return-value]


def load_config(path: Path | None, prometheus_url: str | None = None) -> Config:
    """The configuration, with the options and the environment applied."""
    from sresnap.config import load

    return load(path, os.environ, prometheus_url=prometheus_url, cwd=current_folder())


def preset_folders(given: tuple[str, ...], config: Path | None) -> tuple[PresetFolder, ...]:
    """The folders of presets on the command line; without any, the folders that the configuration names."""
    from sresnap.config.load import preset_folders as of_file
    from sresnap.config.preset_path import folders_given

    return folders_given(given, current_folder()) if given else of_file(config, os.environ, current_folder())


def config_if_any(path: Path | None) -> Config | None:
    """The configuration; None when none is named and none is found."""
    from sresnap.config import find

    if path is None:
        try:
            find(None, os.environ, current_folder())
        except UsageError:
            return None
    return load_config(path)


def whole_minute(at: int | None, now: int) -> int:
    """The report's time: as given, or the last whole minute."""
    return floor(now, MINUTE) if at is None else at
