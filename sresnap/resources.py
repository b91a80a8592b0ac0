"""Where bundled files are: templates, presets and static assets. No other module knows.

A wheel has them in `sresnap/_bundled/`. A checkout has them beside the package, so that edits take effect at once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

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


def bundled_yaml(folder: str, name: str) -> Any:
    """The data of a bundled YAML file."""
    import yaml

    # libyaml reads ten times as fast: 15 ms less for each start of a command that scans for secrets.
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return yaml.load((bundled(folder) / name).read_bytes(), loader)  # noqa: S506 - both are safe
