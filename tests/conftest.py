"""Shared by all tests: where they write, how they are grouped and ordered, and sites of known states."""

import fcntl
import gc
import os
import pickle
import shutil
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent

IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes: several times what a run leaves behind."""

LONGEST = (
    "integration/test_rules",
    "browser",
    "integration/test_counts_in_the_wild",
    "integration/test_prometheus_client",
    "integration/test_publish_faults",
    "integration/test_builds",
    "integration/test_kills",
    "integration/test_publish_cloud",
    "fuzz/test_fuzz",
    "integration/test_faults",
    "integration/test_large_fleet",
    "integration/test_publish_job",
    "integration/test_publish_branch",
    "integration/test_publish_states",
    "integration/test_clocks",
    "integration/test_publish_folder",
    "integration/test_branch_history",
    "integration/test_archived_builds",
    "integration/test_demo_command",
    "integration/test_processes",
    "integration/test_empty_answers",
    "integration/test_demo_against_prometheus",
    "integration/test_branch_oddities",
    "integration/test_publish_races",
    "integration/test_counts",
    "integration/test_kinds",
    "integration/test_publish_web",
    "integration/test_archive_commands",
    "integration/test_seed_flaws",
    "packaging/test_wheel",
    "integration/test_schemas",
    "integration/test_check_online",
    "promql/test_rules",
)
"""Long files begin first, so that all workers finish together. The first one fills the month that others share, and
those begin later."""


def pytest_configure(config):
    """The tests write in memory where there is room: a site is hundreds of files, and each is synced to its disk.

    A container may have no more than 64 MB there. A TMPDIR that is set already stays.
    """
    gc.disable()  # while the tests are collected: what that makes stays
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        _configure_hypothesis()  # the process that only hands tests to workers imports nothing of what they test
    if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(IN_MEMORY)
        tempfile.tempdir = None  # what was found before


def _configure_hypothesis():
    """CI machines are noisy, so the time of an example means nothing. `make soak` tries more examples."""
    import hypothesis
    from hypothesis.internal.conjecture import providers

    examples = int(os.environ.get("EXAMPLES", "15"))
    hypothesis.settings.register_profile("unhurried", deadline=None, max_examples=examples)
    hypothesis.settings.load_profile("unhurried")
    if "EXAMPLES" not in os.environ:
        # Hypothesis reads the numbers and texts in the source of every imported module, to try some of them (one choice
        # in 40). That takes a worker two seconds, and there is no setting against it. Where the name is gone, it reads
        # them.
        providers.is_local_module_file = lambda path: False


def pytest_collectstart(collector):
    """Mark each module, from which its tests have the marks: pytest-xdist reads the groups when all are collected."""
    if isinstance(collector, pytest.Module):
        group = _group(collector.path)
        folder = group.partition("/")[0]
        if folder in ("integration", "browser"):
            collector.add_marker(getattr(pytest.mark, folder))
        collector.add_marker(pytest.mark.xdist_group(group))


def _group(path):
    """Its path below tests/, without the suffix. The tests of tests/browser share one browser."""
    group = path.relative_to(HERE).with_suffix("").as_posix()
    return "browser" if group.startswith("browser/") else group


def pytest_collection_modifyitems(items):
    """pytest-xdist starts groups in the order of their first tests (`--no-loadscope-reorder`)."""
    turns = {group: turn for turn, group in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.get_closest_marker("xdist_group").args[0], len(turns)))


def pytest_collection_finish():
    """What the modules and the collected tests hold stays to the end: the garbage collector need not look at it."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Makes a file or a folder for all workers: the first that asks makes it at a path, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name, make):
        path, unfinished = folder / name, folder / f"{name}.unfinished"
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                make(unfinished)
                unfinished.rename(path)
        return path

    return once


@pytest.fixture(scope="session")
def demo_site(once):
    """The site that `sresnap demo` writes, to read or to copy. It is made once for all workers."""
    from tests import demo_sites

    return once("demo", lambda path: demo_sites.build_demo(path / "public", demo_sites.AT)) / "public"


class Sites(dict):
    """Sites by state, each rendered at first use, once for all workers."""

    def __init__(self, once):
        self._once = once

    def __missing__(self, state):
        from sresnap.render.site import render
        from tests import factories

        def make(path):
            path.write_bytes(pickle.dumps(render(factories.STATES[state]())))

        self[state] = pickle.loads(self._once(f"{state}.site", make).read_bytes())
        return self[state]


@pytest.fixture(scope="session")
def sites(once):
    """The rendered sites of `factories.STATES`."""
    return Sites(once)
