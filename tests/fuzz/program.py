"""The program run in this process, because a start of Python takes more time than most commands."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sresnap.cli.commands import run
from sresnap.printable import has_unprintable


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    arguments: tuple[str, ...]
    code: int
    printed: str
    again: Callable[[], Ended]
    """Run it with --debug."""

    def fault(self) -> str | None:
        """What no command may do."""
        if self.code == 1 and "--debug" not in self.arguments:
            return self.again().fault()
        what = f"sresnap {' '.join(self.arguments)[:200]}: {self.code}: {self.printed[-1500:]}"
        if self.code == 1 or "Traceback" in self.printed:
            return what
        return f"prints what is not printable: {what}" if any(map(has_unprintable, self.printed.split("\n"))) else None


def program(*arguments: object, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run a command. What it prints is encoded as a terminal's streams do it."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", write_through=True)
    texts = tuple(map(str, arguments))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SRE_", "PROMETHEUS_"))}
    with (
        contextlib.chdir(cwd),
        patch.dict(os.environ, {**clean, **(env or {})}, clear=True),
        patch.object(sys, "argv", ["sresnap", *texts]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run()
    printed = b"".join(stream.buffer.getvalue() for stream in (out, err))
    again = functools.partial(program, *texts, "--debug", cwd=cwd, env=env)
    return Ended(texts, code, printed.decode("utf-8", "backslashreplace"), again)


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file in a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
