"""`sresnap render`: a site steps back to an older report only with --force."""

import json
import shutil

import pytest
from click.testing import CliRunner

from sresnap.app.site_writer import refuse_mixing
from sresnap.archive import continuity
from sresnap.cli import cli
from sresnap.documents import archive_index, manifest
from sresnap.documents.layout import MANIFEST, SEEN_MANIFEST, SNAPSHOT, STATE
from sresnap.errors import UsageError
from sresnap.model.windows import snapshot_id
from tests.archives import AT, put, report

OLD, NEW = snapshot_id(AT), snapshot_id(AT + 300)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A site with two reports."""
    root = tmp_path_factory.mktemp("made") / "public"
    put(root, report(AT))
    put(root, report(AT + 300))
    return root


@pytest.fixture
def site(made, tmp_path):
    """A copy of it to spoil."""
    return shutil.copytree(made, tmp_path / "public")


def render(path, *arguments):
    found = CliRunner().invoke(cli, ["render", str(path), *map(str, arguments)], standalone_mode=False)
    if found.exception is not None:
        raise found.exception
    return found


def shown(root):
    return json.loads((root / "latest.json").read_bytes())["id"]


def test_an_older_report_does_not_replace_a_newer_one(site, tmp_path):
    old = site / SNAPSHOT.path(OLD)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    for more in ([], ["--dry-run"]):
        with pytest.raises(UsageError, match=f"shows the newer report {NEW}") as error:
            render(old, "--out", site, *more)
        assert "--force" in error.value.hint
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    render(old, "--out", tmp_path / "monday")
    assert shown(tmp_path / "monday") == OLD
    render(site / SNAPSHOT.path(NEW), "--out", site)
    assert shown(site) == NEW
    render(old, "--out", site, "--force")
    assert shown(site) == OLD


def test_a_report_is_drawn_again_over_its_own_pages(site, tmp_path):
    folder = tmp_path / "monday"
    for _ in range(2):
        render(site / SNAPSHOT.path(OLD), "--out", folder)
    assert shown(folder) == OLD


def test_a_report_newer_than_the_archive_is_refused(site, tmp_path):
    other = tmp_path / "other"
    put(other, report(AT + 600))
    with pytest.raises(UsageError, match=f"ends with {NEW} and has no report"):
        render(other / SNAPSHOT.path(snapshot_id(AT + 600)), "--out", site, "--force")
    assert shown(site) == NEW


def test_the_snapshot_is_copied_byte_for_byte_and_never_encoded_again(site, tmp_path):
    stored = site / SNAPSHOT.path(NEW)
    spaced = json.dumps(json.loads(stored.read_bytes()), indent=1).encode()  # as another encoder might write it
    stored.write_bytes(spaced)
    render(stored, "--out", tmp_path / "monday")
    assert (tmp_path / "monday" / SNAPSHOT.path(NEW)).read_bytes() == spaced
    render(stored, "--out", site)
    assert stored.read_bytes() == spaced


def test_an_equal_snapshot_in_another_form_leaves_the_archived_bytes(site, tmp_path):
    archived = site / SNAPSHOT.path(NEW)
    before = archived.read_bytes()
    copy = tmp_path / "copy.json"
    copy.write_text(json.dumps(json.loads(before), indent=2))
    render(copy, "--out", site)
    assert archived.read_bytes() == before


def test_a_pointer_with_a_damaged_key_still_protects_its_report(site):
    pointer = json.loads((site / "latest.json").read_bytes())
    (site / "latest.json").write_text(json.dumps({**pointer, "status": "NEVER_HEARD_OF"}))
    with pytest.raises(UsageError, match=f"shows the newer report {NEW}"):
        render(site / SNAPSHOT.path(OLD), "--out", site)


@pytest.mark.parametrize("missing", ["kind", "pages"])
def test_a_pointer_without_a_key_still_keeps_a_demo_from_replacing_a_report(site, missing):
    pointer = json.loads((site / "latest.json").read_bytes())
    del pointer[missing]
    (site / "latest.json").write_text(json.dumps(pointer))
    with pytest.raises(UsageError, match="holds a real report"):
        refuse_mixing(site, "demo")


def test_a_build_says_that_a_folder_was_only_drawn(site, tmp_path):
    folder = tmp_path / "monday"
    render(site / SNAPSHOT.path(OLD), "--out", folder)
    for read in (archive_index.load, continuity.index):
        with pytest.raises(
            UsageError, match=f"`sresnap render` drew {folder}: it has one report and no archive"
        ) as error:
            read(folder)
        assert error.value.hint == "choose another folder with --out DIR, or delete this one"
    with pytest.raises(UsageError, match="`sresnap render` drew"):
        render(site / SNAPSHOT.path(NEW), "--out", folder)


@pytest.mark.parametrize("left", ["history/2026/11/2026-11-22.json", "manifest.json"])
def test_an_archive_of_one_report_that_lost_its_index_is_not_drawn_over(tmp_path, left):
    root = tmp_path / "public"
    put(root, report(AT))
    (root / "archive/index.json").unlink()
    (root / left).parent.mkdir(parents=True, exist_ok=True)
    (root / left).write_text("{}")
    with pytest.raises(UsageError, match=r"holds reports, but .*index\.json is missing") as error:
        render(root / SNAPSHOT.path(OLD), "--out", root)
    assert "restore" in error.value.hint


@pytest.mark.parametrize("more", [["--dry-run"], []])
@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("latest.json", {"kind": "demo"}, "holds a demo report"),
        (STATE, {"files": 3}, "files is not an object"),
    ],
)
def test_a_dry_run_meets_the_refusals_of_a_real_one(site, name, change, words, more):
    stored = {"schema": "sresnap/folder/1"} if name == STATE else json.loads((site / name).read_bytes())
    (site / name).write_text(json.dumps({**stored, **change}))
    with pytest.raises(UsageError, match=words):
        render(site / SNAPSHOT.path(NEW), "--out", site, *more)


@pytest.mark.parametrize(
    "command", [["render", f"public/{SNAPSHOT.path(NEW)}"], ["archive", "pin", OLD, "--note", "kept"]]
)
def test_f9_a_command_that_changes_a_folder_hides_the_manifest_that_it_makes_untrue(site, command, monkeypatch):
    published = manifest.encode(manifest.Manifest(OLD, AT, {}, {}))
    (site / MANIFEST).write_bytes(published)
    monkeypatch.chdir(site.parent)
    found = CliRunner().invoke(cli, [*command, "--out", "public"], standalone_mode=False)
    assert found.exception is None
    assert not (site / MANIFEST).exists()
    assert (site / SEEN_MANIFEST).read_bytes() == published
