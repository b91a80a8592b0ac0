"""The only finder of bundled files: templates, presets and static assets.

In a wheel they lie in `sresnap/_bundled/`; in a checkout beside the package, so that they are edited live.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(kind: str) -> Path:
    """Folder of the bundled files of a kind: `templates`, `presets` or `site`.

    Raises:
        FileNotFoundError: the installation is broken.
    """
    for root in (_PACKAGE / "_bundled", _PACKAGE.parent):
        folder = root / kind
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the bundled folder {kind!r} is missing from this installation of sresnap")
