"""An archive that was lost, emptied, rolled back or edited is not continued: it would be published."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.app import archive, archived_reports
from sresnap.app.build import build as build_report
from sresnap.archive import continuity
from sresnap.config import loads
from sresnap.documents import archive_index, manifest
from sresnap.documents.layout import INDEX, SNAPSHOT
from sresnap.errors import DamagedFile, ExitCode, UsageError
from sresnap.model.archive import Keep
from sresnap.model.windows import snapshot_id
from tests.archives import AT, put, report

CONFIG = loads(
    "prometheus: {url: http://127.0.0.1:9}\nservices: [{name: api, slo_target: 99}]", "x", {}, cwd=Path.cwd()
)
FIRST, LATEST = snapshot_id(AT), snapshot_id(AT + 300)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("made") / "public"
    put(root, report(AT))
    (root / "rolled-back").write_bytes((root / INDEX).read_bytes())
    put(root, report(AT + 300))
    files = {
        path.relative_to(root).as_posix(): manifest.PublishedFile("0" * 64, 1)
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    (root / "manifest.json").write_bytes(manifest.encode(manifest.Manifest(LATEST, AT, files, {})))
    return root


@pytest.fixture
def site(made, tmp_path):
    return shutil.copytree(made, tmp_path / "public")


def build(root):
    return build_report(CONFIG, root, AT + 600, AT + 600)


def prune(root):
    return archive.prune(root, Keep(), dry_run=True)


def pin(root):
    return archive.pin(root, "latest", "", AT)


def emptied(root):
    index = archive_index.load(root)
    bare = replace(index, entries=(), reports=0, head=None, thinned={})
    (root / INDEX).write_bytes(archive_index.encode(bare))


def rolled_back(root):
    (root / INDEX).write_bytes((root / "rolled-back").read_bytes())


def removed(root):
    shutil.rmtree(root / "archive")


def edited(root):
    index = archive_index.load(root)
    first, *rest = index.entries
    (root / INDEX).write_bytes(
        archive_index.encode(replace(index, entries=(replace(first, remaining_ratio=1.0), *rest)))
    )


@pytest.mark.parametrize("evidence", ["manifest.json", "latest.json"])
@pytest.mark.parametrize("lose", [removed, emptied, rolled_back])
def test_a_build_starts_no_new_archive_in_a_folder_that_had_one(site, lose, evidence):
    lose(site)
    (site / {"manifest.json": "latest.json", "latest.json": "manifest.json"}[evidence]).unlink()
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=f"the archive was lost: .*{LATEST}") as error:
        build(site)
    assert "sresnap restore" in error.value.hint
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("act", [build, prune, pin])
@pytest.mark.parametrize("spoil", [edited, emptied])
def test_a_broken_chain_is_never_continued(site, act, spoil):
    spoil(site)
    with pytest.raises(UsageError, match=r"is broken: report .* does not follow|was lost") as error:
        act(site)
    assert error.value.exit_code == ExitCode.USAGE


def test_listing_a_lost_archive_reports_the_loss(site):
    removed(site)
    with pytest.raises(UsageError, match=f"the archive was lost: .*{LATEST}"):
        archived_reports.open_archive(site)


def test_a_whole_archive_is_continued(site):
    assert continuity.index(site) == archive_index.load(site)
    prune(site)


def test_a_folder_without_an_archive_starts_one(site, tmp_path):
    assert continuity.index(tmp_path / "nothing") is None
    old = json.loads((site / "latest.json").read_bytes())
    removed(site)
    (site / "manifest.json").unlink()
    pages = {name: rev for name, rev in old["pages"].items() if not name.startswith("archive/")}
    (site / "latest.json").write_text(json.dumps({**old, "pages": pages}))
    assert continuity.index(site) is None


def test_a_damaged_pointer_beside_a_whole_archive_does_not_stop_a_build(site):
    (site / "latest.json").write_bytes(b"{")
    assert continuity.index(site) == archive_index.load(site)


def test_a_pointer_with_a_damaged_key_still_shows_that_the_archive_is_out_of_date(site):
    (site / "manifest.json").unlink()
    rolled_back(site)
    old = json.loads((site / "latest.json").read_bytes())
    (site / "latest.json").write_text(json.dumps({**old, "pages": 3}))
    with pytest.raises(UsageError, match=f"the archive was lost: .*{LATEST}"):
        continuity.index(site)


def test_a_command_that_needs_the_pointer_says_that_it_is_damaged(site):
    (site / "latest.json").write_bytes(b"{")
    with pytest.raises(DamagedFile, match=r"latest\.json is not JSON") as error:
        pin(site)
    assert error.value.hint == "run `sresnap build` again"


def test_edited_snapshots_are_neither_compared_nor_bundled(site, tmp_path):
    path = site / SNAPSHOT.path(FIRST)
    path.write_bytes(path.read_bytes().replace(b'"remaining_ratio":', b'"remaining_ratio": ', 1))
    for act in (
        lambda: archived_reports.diff(site, FIRST, LATEST),
        lambda: archived_reports.diff(site, LATEST, FIRST),
        lambda: archived_reports.bundle(site, FIRST),
    ):
        with pytest.raises(UsageError, match=f"{FIRST}.json differs from what was archived"):
            act()
    assert archived_reports.bundle(site, LATEST)[0].id == LATEST
    filing, _ = prune(site)
    assert filing.archive.comparisons == ()
