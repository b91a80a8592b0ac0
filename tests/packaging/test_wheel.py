"""What is in the wheel, and that it works away from the checkout."""

import contextlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_sdist, build_wheel

from sresnap.documents import snapshots
from tests import factories

ROOT = Path(__file__).parents[2]


PROGRAM = """
import sys, sresnap
from sresnap.cli.commands import run
for command in sys.argv[1:]:
    sys.argv = ["sresnap", *command.split()]
    assert run() == 0, command
print(sresnap.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built by way of the sdist, as on PyPI, by the installed backend: an environment of its own is a download."""
    out = tmp_path_factory.mktemp("dist")
    with contextlib.chdir(ROOT):
        sdist = out / build_sdist(str(out))
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    with contextlib.chdir(out / sdist.name.removesuffix(".tar.gz")):
        return out / build_wheel(str(out))


def test_the_wheel_holds_the_package_and_the_bundled_files_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {str(p.relative_to(ROOT)) for p in (ROOT / "sresnap").rglob("*") if p.suffix in (".py", ".typed")}
    bundled = {
        f"sresnap/_bundled/{p.relative_to(ROOT)}"
        for folder in ("templates", "presets", "site")
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and p.parent != ROOT / "site" / "js"  # site/dist is made from them
    }
    assert names == package | bundled


def test_an_installed_wheel_finds_its_example_presets_and_pages_away_from_the_checkout(wheel, tmp_path):
    target = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    (tmp_path / "report.json").write_bytes(snapshots.encode(factories.no_service()))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "init", "check", "render report.json --out site"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").exists()
    assert done.stdout.splitlines()[-1].startswith(str(target))


def test_a_commands_help_waits_for_no_other_command_and_for_nothing_heavy():
    code = """
import sys
from sresnap.cli.commands import cli
cli.main(["verify", "--help"], standalone_mode=False)
late = ("matplotlib", "httpx", "pydantic", "numpy", "sresnap.cli.build", "sresnap.documents")
print([name for name in late if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sresnap verify" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
