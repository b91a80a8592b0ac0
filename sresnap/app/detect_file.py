"""Writes what was detected: a new file, or further services of one that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.app.detect import Detected
from sresnap.app.output_file import write_text
from sresnap.config import Config, choices, loads
from sresnap.config.settings import PrometheusSettings
from sresnap.config.source import read
from sresnap.current_folder import current_folder
from sresnap.discovery.config_text import service_lines
from sresnap.discovery.insert import NoPlaceError, with_services
from sresnap.errors import ConfigError, ExitCode, SresnapError, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.query import DEFAULT_SOURCE
from sresnap.named_files import TEXT_BYTES, read_named
from sresnap.printable import quotable


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome of adding services to a file."""

    text: str
    """The whole file; where that is not possible, the lines to add by hand."""
    reason: str | None = None
    """Why the file was left as it is; None where the services were added."""

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when the lines have to be added by hand."""
        return ExitCode.DONE if self.reason is None else ExitCode.INCOMPLETE


def source_to_ask(known: Config, name: str | None) -> PrometheusSettings:
    """The Prometheus whose services are added to a file.

    Raises:
        UsageError: the file has no source of this name, or has several and none is named.
    """
    sources = {one.name: one for one in (known.prometheus, *known.sources.values())}
    asked = [*known.asked]
    if name is None and len(asked) > 1:
        raise UsageError(f"the services have several sources: {', '.join(asked)}", "name the one to ask: --source NAME")
    chosen = name or next(iter(asked), DEFAULT_SOURCE)
    if chosen not in sources:
        raise UsageError(f"the file has no source {quotable(chosen)!r}", choices(chosen, sources, "it has none"))
    return sources[chosen]


def add_detected(
    path: Path, known: Config, found: Detected, environment: Mapping[str, str], *, source: str, dry_run: bool
) -> Added:
    """Add services to a file without a change of any other byte of it.

    Args:
        path: the file.
        known: the configuration that it has.
        found: services that it does not have.
        environment: what the file was read with: secrets and overrides.
        source: the name of the Prometheus that has them.
        dry_run: write nothing.

    Raises:
        SresnapError: the file cannot be read or written.
    """
    lines = service_lines(found.entries, "", source=source if known.sources else None)
    try:
        content = read_named(path, TEXT_BYTES)
    except OSError as error:
        raise SresnapError(f"{path}: {why(error)}", what_to_do(error, read=True)) from error
    before = content.decode("utf-8-sig")
    mark = "\ufeff" if content.startswith("\ufeff".encode()) else ""
    try:
        after = with_services(before, lines)
        _check(before, after, known, path, environment)
    except NoPlaceError as error:
        return Added("\n".join(lines).rstrip() + "\n", str(error))
    if not dry_run:
        write_text(path, mark + after)
    return Added(after)


def _check(before: str, after: str, known: Config, path: Path, environment: Mapping[str, str]) -> None:
    """Refuse lines that change what the file says.

    Raises:
        NoPlaceError: they do.
    """
    old, new = dict(read(str(path), before).data), dict(read(str(path), after).data)
    services, more = old.pop("services", []), new.pop("services", [])
    if old != new or more[: len(services)] != services or len(more) <= len(services):
        raise NoPlaceError("further services would change what it says")
    folder = current_folder() if known.path is None else known.path.parent
    try:
        url = None if known.sources else known.prometheus.url
        loads(after, str(path), environment, prometheus_url=url, cwd=folder)
    except ConfigError as error:
        raise NoPlaceError(f"with them it has mistakes: {error.message}") from None
