"""Errors in the files of a user's theme."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateError

from sresnap.errors import UsageError


class ThemeError(UsageError):
    """A file of the user's theme cannot be used."""


@contextmanager
def theme_errors(theme: Path | None) -> Iterator[None]:
    """Report an error inside the block as an error of the theme. Without a theme it is a bug and passes through.

    Raises:
        ThemeError: a template is wrong, or a file of the theme cannot be read.
    """
    try:
        yield
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        if theme is None:
            raise
        message = f"the theme {theme} cannot be used: {_reason(error)}"
        raise ThemeError(message, "docs/theming.md lists what each template receives") from error


def _reason(error: Exception) -> str:
    """The template's file and line, and the error."""
    file = getattr(error, "filename", None) or getattr(error, "name", None)
    line = getattr(error, "lineno", None)
    where = "".join([str(file), f":{line}" if line else "", ": "]) if file else ""
    return f"{where}{getattr(error, 'message', None) or error}"
