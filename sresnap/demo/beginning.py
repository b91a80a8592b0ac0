"""When the story of a stack began, in a file: its exporter and its backfill must agree, also after a restart."""

from __future__ import annotations

from pathlib import Path

from sresnap.demo.model import DemoService, services
from sresnap.demo.story import story
from sresnap.model.windows import iso, parse_time
from sresnap.named_files import read_named

_MOST = 1000
"""Bytes. A time needs 20."""


def keep_beginning(file: Path, now: int) -> None:
    """Begin the story now, unless it has begun."""
    if not file.exists():
        whole = file.with_name(f"{file.name}.new")
        whole.write_text(f"{iso(now)}\n", "ascii")
        whole.replace(file)


def fleet_of(count: int, file: Path | None) -> tuple[DemoService, ...]:
    """The services: in the story that began at a time, or as their profiles repeat.

    Args:
        count: how many.
        file: has the moment at which the story began; None: there is none.

    Raises:
        ValueError: the file cannot be read, or has no time. The text says so.
    """
    if file is None:
        return services(count)
    try:
        return story(count, parse_time(read_named(file, _MOST).decode("ascii").strip()))
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read when the story began from {file}: {error}") from None
