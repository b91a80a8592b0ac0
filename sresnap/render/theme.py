"""The files of a user's theme, and errors in them."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateError

from sresnap.errors import SresnapError, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.named_files import TEXT_BYTES, read_named


class ThemeError(UsageError):
    """A file of the user's theme cannot be used."""


def read_part(path: Path) -> str | None:
    """The text of a file of a theme; None if nothing is there.

    Raises:
        ThemeError: what is there cannot be read, or is not text.
    """
    if not os.path.lexists(path):
        return None
    try:
        return read_named(path, TEXT_BYTES).decode()
    except UnicodeDecodeError as error:
        raise ThemeError(f"the theme's file {path} is not UTF-8 text: {error.reason}", "save it as UTF-8") from error
    except OSError as error:
        is_lost = isinstance(error, FileNotFoundError)
        reason = "it is a link that leads nowhere" if is_lost else why(error)
        raise ThemeError(f"cannot read the theme's file {path}: {reason}", what_to_do(error, read=True)) from error


@contextmanager
def theme_errors(theme: Path | None) -> Iterator[None]:
    """Report an error inside the block as an error of the theme. Without a theme it is a bug and passes through.

    A template may raise any error, as `{{ 1 / 0 }}` does. With a theme, too, an error that no template of it raised
    is a bug.

    Raises:
        ThemeError: a template is wrong, or a file of the theme cannot be read.
    """
    try:
        yield
    except SresnapError:
        raise
    except Exception as error:
        place = None if theme is None else _place(error, theme)
        if theme is None or not (place or isinstance(error, TemplateError | OSError)):
            raise
        message = f"the theme {theme} cannot be used: {f'{place}: ' if place else ''}{_reason(error)}"
        raise ThemeError(message, "docs/theming.md lists what each template receives") from error


def _place(error: Exception, theme: Path) -> str | None:
    """The file and the line of the error; None if they are not known.

    Jinja puts the templates into the traceback. The innermost one of the theme is the place.
    """
    file, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if file and line:
        return f"{file}:{line}"
    lines = [
        f"{call.f_code.co_filename}:{number}"
        for call, number in traceback.walk_tb(error.__traceback__)
        if Path(call.f_code.co_filename).is_relative_to(theme)
    ]
    return lines[-1] if lines else file or getattr(error, "name", None)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "its templates call each other without an end"
    if isinstance(error, OSError):
        return why(error)
    return getattr(error, "message", None) or str(error) or type(error).__name__
