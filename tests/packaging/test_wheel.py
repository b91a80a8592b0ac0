"""What is in the wheel, and that it works away from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built by way of the sdist, as on PyPI, with the installed backend: an environment of its own is a download."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    (found,) = out.glob("*.whl")
    return found


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


def test_an_installed_wheel_makes_a_report_away_from_the_checkout(wheel, tmp_path):
    target = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    done = subprocess.run(
        [sys.executable, "-c", "from sresnap.cli import main; main()", "demo", "--services", "1", "--out", "site"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").exists()
    probe = subprocess.run(
        [sys.executable, "-c", "import sresnap; print(sresnap.__file__)"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(target)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(target) in probe.stdout


def test_help_does_not_wait_for_matplotlib_or_httpx():
    code = (
        "import sys, sresnap.cli; print([m for m in ('matplotlib', 'httpx', 'pydantic', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
