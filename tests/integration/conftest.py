"""Real programs that several tests share. Each is started once per run."""

from __future__ import annotations

import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import stamina

from sresnap.cli import main
from sresnap.model.windows import DAY, HOUR
from tests.integration import sites
from tests.integration.month import AT, RECENT, Month, blocks
from tests.integration.object_stores import store
from tests.integration.prometheus_server import prometheus, prometheus_of
from tests.integration.small_series import openmetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def prometheus_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that holds the few series of `small_series`."""
    with prometheus_of(openmetrics(), tmp_path_factory.mktemp("small")) as url:
        yield url


@pytest.fixture(scope="session")
def month(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """30 days under the preset http. Two of its blocks meet 15 days ago."""
    cut = AT - 15 * DAY - HOUR  # a block is deleted when it ended longer than the retention before the newest
    spans = ((AT - 30 * DAY, cut), (cut + 1, RECENT), (RECENT + 1, AT))
    yield from _month(once, tmp_path_factory, "http", *spans)


@pytest.fixture(scope="session")
def traefik_month(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Its last five days under the preset traefik, for windows of three days."""
    yield from _month(once, tmp_path_factory, "traefik", (AT - 5 * DAY, RECENT), (RECENT + 1, AT))


def _month(
    once: Once, tmp_path_factory: pytest.TempPathFactory, flavour: str, *spans: tuple[int, int]
) -> Iterator[Month]:
    """The blocks are made once a run. Each worker that needs them has its own server with links to them."""
    made = once(flavour, functools.partial(blocks, flavour=flavour, spans=spans))
    tsdb = shutil.copytree(made / "data", tmp_path_factory.mktemp(flavour) / "data", copy_function=os.link)
    with prometheus(tsdb) as url:
        yield Month(url, tsdb)


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an object store for production, which honours conditional writes. Tests use prefixes of their
    own."""
    with store("seaweedfs", tmp_path_factory.mktemp("seaweedfs") / "store") as url:
        yield url


@pytest.fixture
def hurried() -> Iterator[None]:
    """Retries keep their number and leave out the waits, for tests of what is said after the last one."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that all users may enter, such as nginx. Pytest's folders admit only their owner."""
    made = Path(tempfile.mkdtemp(prefix="sresnap-open-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def out(tmp_path):
    """A small site with one report, in a folder that was never published."""
    sites.build(tmp_path / "public", 0)
    return tmp_path / "public"


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run the program in this process, in tmp_path, with the edge that prints errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["sresnap", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=output.out, stderr=output.err)

    monkeypatch.chdir(tmp_path)
    return run
