"""Which tests share a worker: those that share a real program, so that each is started once a run."""

from pathlib import Path

import pytest

SHARED = {"integration", "browser"}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        if folder in SHARED:
            item.add_marker(getattr(pytest.mark, folder))
            item.add_marker(pytest.mark.xdist_group(folder))
