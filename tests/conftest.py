"""Which tests share a worker: those that share what is costly to make, so that it is made once a run."""

from pathlib import Path

import hypothesis
import pytest

# These machines are noisy: how long an example takes says nothing.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

HERE = Path(__file__).parent


def pytest_itemcollected(item):
    """As each is collected: later, pytest-xdist has looked at the groups already."""
    folder, *_ = item.path.relative_to(HERE).parts
    if folder in ("integration", "browser"):
        item.add_marker(getattr(pytest.mark, folder))
    item.add_marker(pytest.mark.xdist_group(_group(folder, item)))


def _group(folder, item):
    """A month in a real Prometheus and a browser are shared by many files, anything else within one."""
    if {"month", "traefik_month"} & set(item.fixturenames):
        return "month"
    return "browser" if folder == "browser" else item.path.stem
