"""sresnap: a reliability report that needs no server.

The public API is imported when it is first used, so that `import sresnap` and `sresnap --help` stay fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sresnap.api import Snapshot, build_report, load_config, publish_site, read_snapshot, render_snapshot

__version__ = "0.1.0"
__all__ = [
    "Snapshot",
    "__version__",
    "build_report",
    "load_config",
    "publish_site",
    "read_snapshot",
    "render_snapshot",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("sresnap.api"), name)
