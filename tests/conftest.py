"""Which tests share a worker: those that share what is costly to make, so that it is made once a run."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items):
    for item in items:
        folder, *_ = item.path.relative_to(HERE).parts
        if folder in ("integration", "browser"):
            item.add_marker(getattr(pytest.mark, folder))
        item.add_marker(pytest.mark.xdist_group(_group(folder, item)))


def _group(folder, item):
    """A month in a real Prometheus and a browser are shared by many files, anything else within one."""
    if {"month", "traefik_month"} & set(item.fixturenames):
        return "month"
    return "browser" if folder == "browser" else item.path.stem
