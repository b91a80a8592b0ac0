"""Shared by all tests: where they write, how they are grouped and ordered, and sites of known states."""

import fcntl
import gc
import os
import pickle
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

from sresnap.render.site import render
from tests import factories

# CI machines are noisy, so the time of an example means nothing. `make soak` tries more examples.
hypothesis.settings.register_profile("unhurried", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "15")))
hypothesis.settings.load_profile("unhurried")

HERE = Path(__file__).parent

IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes: several times what a run leaves behind."""

LONGEST = (
    "month",
    "browser",
    "test_publish_job",
    "test_publish_cloud",
    "test_render_pages",
    "test_archive",
    "test_wheel",
)
"""Long groups begin first, so that all workers finish together."""


def pytest_configure():
    """The tests write in memory where there is room: a site is hundreds of files, and each is synced to its disk.

    A container may have no more than 64 MB there. A TMPDIR that is set already stays.
    """
    gc.set_threshold(50_000, 20, 20)  # collecting the tests makes many objects that stay
    if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(IN_MEMORY)
        tempfile.tempdir = None  # what was found before


def pytest_itemcollected(item):
    """Mark each item when it is collected: pytest-xdist reads the groups right after."""
    folder, *_ = item.path.relative_to(HERE).parts
    if folder in ("integration", "browser"):
        item.add_marker(getattr(pytest.mark, folder))
    item.add_marker(pytest.mark.xdist_group(_group(folder, item)))


def pytest_collection_modifyitems(items):
    """pytest-xdist starts groups in the order of their first tests (`--no-loadscope-reorder`)."""
    items.sort(key=_turn)


def pytest_collection_finish():
    """What the modules and the collected tests hold stays to the end: the garbage collector need not look at it."""
    gc.freeze()


def _group(folder, item):
    """Many files share a month in a real Prometheus, and a browser. Everything else is shared within one file."""
    if {"month", "traefik_month"} & set(item.fixturenames):
        return "month"
    return "browser" if folder == "browser" else item.path.stem


def _turn(item):
    group = item.get_closest_marker("xdist_group").args[0]
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


class Sites(dict):
    """Sites by state, each rendered at first use, once for all workers."""

    def __init__(self, folder):
        self._folder = folder

    def __missing__(self, state):
        file = self._folder / f"{state}.site"
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                file.write_bytes(pickle.dumps(render(factories.STATES[state]())))
        self[state] = pickle.loads(file.read_bytes())
        return self[state]


@pytest.fixture(scope="session")
def sites(tmp_path_factory):
    """The rendered sites of `factories.STATES`."""
    folder = tmp_path_factory.getbasetemp()
    return Sites(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
