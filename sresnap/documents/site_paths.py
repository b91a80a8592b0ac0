"""Names of a site's files, as manifests and pointers of published sites may have them.

They come from outside: each must be a file below the site's folder that any target can hold.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from sresnap.printable import CONTROLS

_NEVER = rf"/\\\t\n{CONTROLS}"
_PART = rf"[^.{_NEVER}][^{_NEVER}]*"
_LONGEST = 1024
"""Bytes. Object stores take no longer name."""
_LONGEST_PART = 255
"""Bytes. The file systems of Linux, macOS and Windows take no longer name."""
_SHOWN = 60


def _refuse_long(path: str) -> str:
    if len(path.encode()) > _LONGEST:
        raise ValueError(f"{path[:_SHOWN]}… has more than {_LONGEST} bytes")
    if any(len(part.encode()) > _LONGEST_PART for part in path.split("/")):
        raise ValueError(f"{path[:_SHOWN]}… has a part of more than {_LONGEST_PART} bytes")
    return path


SitePath = Annotated[
    str, Field(pattern=f"^{_PART}(/{_PART})*$", min_length=1, max_length=_LONGEST), AfterValidator(_refuse_long)
]
"""A path below the site's folder: relative, without `..`, hidden parts, backslashes and control characters, of at most
1,024 bytes."""
_ADAPTER = TypeAdapter[str](SitePath)


def is_site_path(name: str) -> bool:
    """Whether a manifest may list a file of this name."""
    try:
        _ADAPTER.validate_python(name)
    except ValidationError:
        return False
    return True


def both_file_and_folder(names: Collection[str]) -> str | None:
    """A name that others have as their folder; None when there is none."""
    files = set(names)
    for name in files:
        end = name.rfind("/")
        while end > 0:
            if name[:end] in files:
                return name[:end]
            end = name.rfind("/", 0, end)
    return None
