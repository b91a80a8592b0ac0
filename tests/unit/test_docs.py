"""The documentation follows the code: links lead somewhere, paths exist, every package is described."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "demo" / "README.md"])
_PATH = re.compile(r"`((?:sresnap|tests|templates|presets|site|docs)/(?:[\w./*-]+\.\w+|[\w/-]*/))`")


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_to_a_file_leads_to_one(page):
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_path_of_the_repository_that_a_page_names_exists(page):
    named = {path for path in _PATH.findall(page.read_text("utf-8")) if "NAME" not in path}
    assert {path for path in named if not list(ROOT.glob(path))} == set()


def test_the_architecture_describes_every_package_and_every_module_at_the_root():
    folders = {f"sresnap/{path.parent.name}/" for path in (ROOT / "sresnap").glob("*/__init__.py")}
    modules = {f"sresnap/{path.name}" for path in (ROOT / "sresnap").glob("*.py")} - {"sresnap/__main__.py"}
    described = {row.split("`")[1] for row in ARCHITECTURE.splitlines() if re.match(r"\| \[?`sresnap/", row)}
    assert described == folders | modules
