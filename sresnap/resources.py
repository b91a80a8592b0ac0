"""Where bundled files are: templates, presets and static assets. No other module knows.

A wheel has them in `sresnap/_bundled/`. A checkout has them beside the package, so that edits take effect at once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sresnap.errors import SresnapError

_PACKAGE = Path(__file__).resolve().parent


@cache
def bundled(name: str) -> Path:
    """The folder of `templates`, `presets` or `site`.

    Raises:
        SresnapError: the installation is incomplete.
    """
    for root in (_PACKAGE / "_bundled", _PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise SresnapError(f"this installation has no folder {name!r} ({_PACKAGE})", "install sresnap again")
