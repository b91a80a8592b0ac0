"""The documentation follows the code: links lead somewhere, paths exist, every package is described."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from sresnap.documents import schemas

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


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(page):
    bars = [
        len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        for line in page.read_text("utf-8").splitlines()
    ]
    broken = [number for number, (one, after) in enumerate(pairwise(bars), start=2) if one and after and one != after]
    assert broken == []


def test_the_architecture_describes_every_package_and_every_module_at_the_root():
    folders = {f"sresnap/{path.parent.name}/" for path in (ROOT / "sresnap").glob("*/__init__.py")}
    modules = {f"sresnap/{path.name}" for path in (ROOT / "sresnap").glob("*.py")} - {"sresnap/__main__.py"}
    rows = [row.split(" | ")[0] for row in ARCHITECTURE.splitlines() if re.match(r"\| \[?`sresnap/", row)]
    assert {path for row in rows for path in re.findall(r"`(sresnap/[^`]+)`", row)} == folders | modules


def test_the_architecture_lists_the_packages_in_the_order_of_imports():
    (layers,) = [
        contract["layers"]
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
        if contract["name"] == "imports point down"
    ]
    listed = re.findall(r"^\| \[`sresnap/(\w+)/`\]", ARCHITECTURE, re.MULTILINE)
    order = [name.removeprefix("sresnap.") for layer in layers for name in layer.split(" | ")]
    assert listed == [name for name in order if name in listed]


@pytest.mark.parametrize(
    ("section", "form"), [("The report", None), ("A service", "ServiceReport"), ("An SLO", "SloReport")]
)
def test_the_page_about_data_names_every_key(section, form):
    schema = schemas.schema("snapshot")
    keys = (schema if form is None else schema["$defs"][form])["properties"].keys()
    text = (ROOT / "docs" / "data.md").read_text("utf-8").split(f"### {section}\n")[1].split("\n#")[0]
    rows = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
    assert sorted(key for row in rows for key in re.findall(r"`(\w+)`", row)) == sorted(keys)


def test_the_page_about_closed_periods_names_every_key_and_every_outcome():
    text = (ROOT / "docs" / "reviews.md").read_text("utf-8")
    schema = schemas.schema("review")
    forms = [schema, *(schema["$defs"][form] for form in ("SloReview", "PeriodResult"))]
    keys = {key for form in forms for key in form["properties"]} | set(schema["$defs"]["Outcome"]["enum"])
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_the_page_about_publishing_names_every_hidden_file():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "sresnap").rglob("*.py"))
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8").split("## Hidden files\n")[1].split("\n## ")[0]
    rows = "".join(row.split("|")[1] for row in text.splitlines() if row.startswith("| `"))
    names = set(re.findall(r'"(\.(?:sresnap-[a-z-]*[a-z](?:\.json)?|nojekyll))', sources))
    assert len(names) == 7
    assert {name for name in names if name not in rows} == set()


def test_exit_code_1_has_the_same_words_wherever_it_is_described():
    words = "a file cannot be written (the disk is full or read-only)"
    counts = {"README.md": 1, "docs/publishing.md": 2, "docs/cli.md": 4}  # all commands, build, publish, restore
    assert {name: (ROOT / name).read_text("utf-8").lower().count(words) for name in counts} == counts
