"""The settings of the site: archive tiers, address, theme and icon."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sresnap.config.environment import Environment
from sresnap.config.schema import FileShape
from sresnap.config.shapes.site import ArchiveShape, PeriodsShape, PublishShape
from sresnap.config.source import Source
from sresnap.errors import Mistake
from sresnap.file_errors import why
from sresnap.model.archive import Keep
from sresnap.model.periods import Closing, PeriodUnit
from sresnap.named_files import ICON_BYTES, read_named
from sresnap.printable import quotable
from sresnap.web.links import is_link


def keep(shape: ArchiveShape | None) -> Keep:
    """The tiers that the file names over the defaults. A tier that is switched off is 0."""
    if shape is None:
        return Keep()
    named = shape.keep.model_dump(exclude_unset=True) if shape.keep is not None else {}
    tiers = replace(Keep(), **{tier: int(seconds or 0) for tier, seconds in named.items()})
    return replace(tiers, max_bytes=shape.max_bytes) if "max_bytes" in shape.model_fields_set else tiers


def closing(value: Sequence[str] | PeriodsShape | None) -> Closing:
    """Which periods are closed, and when; the shortest first."""
    if value is None:
        return Closing()
    shape = value if isinstance(value, PeriodsShape) else PeriodsShape(units=list(value))  # type: ignore[arg-type]
    return Closing(tuple(unit for unit in PeriodUnit if unit.value in shape.units), int(shape.close_after))


def base_url(shape: PublishShape) -> str | None:
    """The site's address with one slash at its end."""
    return None if shape.base_url is None else f"{shape.base_url.rstrip('/')}/"


def theme_folder(value: str | None, source: Source, folder: Path) -> tuple[Path | None, list[Mistake]]:
    """The theme's folder. It must exist: a theme that is silently not used looks like a broken one."""
    if value is None:
        return None, []
    path = folder / value
    if os.path.isdir(path):  # noqa: PTH112 - a name of any length
        return path, []
    expected = "a folder with panels/*.html, page.html, macros.html or theme.css"
    return None, [source.mistake(("theme",), expected, f'no folder at "{quotable(str(path))}"')]


def favicon_path(
    environment: Environment, shape: FileShape, source: Source, folder: Path, cwd: Path
) -> tuple[str | None, list[Mistake]]:
    """A URL as it is, or a file's path: from the environment it starts at `cwd`, from the file at `folder`."""
    value, start = (environment.favicon, cwd) if environment.favicon else (shape.favicon, folder)
    if value is None or is_link(value):
        return value, []
    path = start / value
    try:
        read_named(path, ICON_BYTES)
    except OSError as error:
        expected, found = "an icon's file on this machine, or an http(s) URL", f'"{quotable(str(path))}": {why(error)}'
    else:
        return str(path), []
    if environment.favicon:
        return None, [Mistake("SRE_FAVICON", None, "", expected, found)]
    return None, [source.mistake(("favicon",), expected, found)]
