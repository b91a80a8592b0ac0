"""Options that are spelled the same everywhere."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sresnap.errors import UsageError
from sresnap.model.windows import MINUTE, floor, parse_time

if TYPE_CHECKING:
    from sresnap.config.settings import Config

_END = 7_258_118_400
"""2200-01-01: as of times in a configuration."""

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[int]):
    """RFC 3339 in UTC, cut to the whole minute that queries are aligned to."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            time_asked = parse_time(value)
        except ValueError:
            self.fail(f"{value!r} is no time in RFC 3339, e.g. 2026-11-22T21:00:00Z", param, ctx)
        if time_asked > now():
            self.fail(f"{value} has not come yet", param, ctx)
        if time_asked < 400 * 86400:
            self.fail(f"{value} is before all data", param, ctx)
        return floor(time_asked, MINUTE)


class Folder(click.Path):
    """A folder. An empty name, as of an unset variable in a script, is not taken for the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name of the folder is empty", param, ctx)
        return super().convert(value, param, ctx)


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
    "--at", metavar="TIME", type=Moment(), help="The report's moment, RFC 3339 in UTC. Without it: now."
)
url_option = click.option(
    "--prometheus-url", metavar="URL", help="Ask this Prometheus, whatever PROMETHEUS_URL or the configuration say."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs instead of text.")


def common(function: F) -> F:
    """--quiet and --debug. --debug is read by the edge that prints errors; commands do not see it."""

    @click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
    @click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapped  # type: ignore[return-value]


def load_config(path: Path | None, prometheus_url: str | None) -> Config:
    """The configuration as the options and the environment have it."""
    from sresnap.config import load

    return load(path, os.environ, prometheus_url=prometheus_url, cwd=Path.cwd())


def has_config() -> bool:
    """Whether there is a configuration to be found, where none is named."""
    from sresnap.config import find

    try:
        find(None, os.environ, Path.cwd())
    except UsageError:
        return False
    return True


def now() -> int:
    """The one reading of the clock, at the edge.

    Raises:
        UsageError: it is so wrong that its years have five digits.
    """
    found = int(time.time())
    if not 0 <= found < _END:
        message = f"the clock of this machine cannot be right: it is {found} seconds since 1970"
        raise UsageError(message, "set it, and run it again")
    return found


def moment(at: int | None, now: int) -> int:
    """The report's moment: as asked for, or the last whole minute."""
    return floor(now, MINUTE) if at is None else at
