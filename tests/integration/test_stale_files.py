"""A build removes only files that an earlier build wrote and that its report no longer has."""

import json
import shutil
from pathlib import Path

import pytest

from sresnap.documents import files as site_files
from sresnap.documents import folder_state, snapshots
from sresnap.documents.folder_state import FolderState
from sresnap.documents.layout import STATE
from sresnap.errors import DamagedFile
from sresnap.model.people import People
from tests import factories
from tests.archives import AT, put, report

MINUTES = 300
GONE = ("services/web/index.html", "services/web/objectives.csv", "badges/web.svg", "badges/web.json")


def of(*names):
    """As it is when it was read: its whole numbers are floats, too."""
    made = factories.snapshot([factories.small_service(name, slos=2) for name in names])
    return lambda: snapshots.decode(snapshots.encode(made), "snapshot")


def names(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.name[0] != "."}


def stale(root):
    return {name for name in names(root) if name.startswith(("services/web", "badges/web"))}


@pytest.fixture(scope="module")
def first_build(tmp_path_factory):
    """The folder that each test's site is a copy of."""
    root = tmp_path_factory.mktemp("first_build")
    put(root, report(AT, of("api", "web")))
    assert set(GONE) < stale(root)
    return root


@pytest.fixture
def site(first_build, tmp_path):
    return Path(shutil.copytree(first_build, tmp_path, dirs_exist_ok=True))


def test_a_service_that_is_no_longer_configured_leaves_no_page_and_no_badge(site):
    put(site, report(AT + MINUTES, of("api")))
    assert stale(site) == set()
    assert not (site / "services/web").exists()
    assert not (site / "badges/web").exists()
    assert {"services/api/index.html", "badges/api.svg", "badges/api/availability.svg"} < names(site)
    assert "services/web" not in (site / STATE).read_text()


def test_a_team_whose_last_service_is_gone_leaves_no_page_and_no_feed(tmp_path):
    def of_teams(**by_name):
        services = [factories.small_service(name) for name in by_name]
        owned = [factories.replace(one, people=People(team=by_name[one.name])) for one in services]
        return lambda: factories.snapshot(owned)

    put(tmp_path, report(AT, of_teams(api="Shop", web="Data")))
    assert {"teams/shop/index.html", "teams/data/index.html", "teams/data/feed.xml"} < names(tmp_path)
    put(tmp_path, report(AT + MINUTES, of_teams(api="Shop", web="Shop")))
    teams = {name for name in names(tmp_path) if name.startswith("teams/")}
    assert teams == {"teams/shop/index.html", "teams/shop/feed.xml"}
    assert "Data" in (tmp_path / "archive/20261122T213000Z/index.html").read_text()


def test_the_badge_of_a_removed_objective_is_removed(site):
    service = factories.small_service("web", slos=2)
    renamed = factories.replace(service, slos=tuple(factories.replace(slo, name="speed") for slo in service.slos[:1]))
    put(site, report(AT + MINUTES, lambda: factories.snapshot([factories.small_service("api", slos=2), renamed])))
    assert {name for name in names(site) if name.startswith("badges/web/")} == {
        "badges/web/speed.svg",
        "badges/web/speed.json",
    }


def test_the_statement_of_a_removed_objective_with_an_odd_name_is_removed(tmp_path):
    service = factories.small_service("web", slos=1)
    odd = factories.replace(service, slos=(factories.replace(service.slos[0], name="latency_p99.9"),))
    put(tmp_path, report(AT, lambda: factories.snapshot([odd])))
    statements = {"services/web/statement-latency_p99.9.csv", "services/web/statement-latency_p99.9.json"}
    assert statements < names(tmp_path)
    put(tmp_path, report(AT + MINUTES, lambda: factories.snapshot([service])))
    assert not statements & names(tmp_path)


def test_edited_files_and_files_of_users_stay(site, tmp_path_factory):
    aside = tmp_path_factory.mktemp("aside")
    (site / "badges/web.svg").write_text("<svg>mine</svg>")
    (site / "services/web/notes.txt").write_text("mine")
    (site / "CNAME").write_text("status.example")
    (site / "badges/web").rename(aside / "web")
    (site / "badges/web").symlink_to(aside / "web")
    kept = names(aside)
    put(site, report(AT + MINUTES, of("api")))
    assert {"badges/web.svg", "services/web/notes.txt", "CNAME"} <= names(site)
    assert names(aside) == kept
    assert not {*GONE[:2], "badges/web.json"} & names(site)


def test_without_a_state_nothing_is_removed(site):
    (site / STATE).unlink()
    (site / "latest.json").write_text("{")
    assert folder_state.load(site) == FolderState()
    put(site, report(AT + MINUTES, of("api")))
    assert set(GONE) < stale(site)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', '{"schema": "sresnap/folder/1", "files": 3}'])
def test_a_damaged_state_is_reported_and_kept(site, content):
    (site / STATE).write_text(content)
    with pytest.raises(DamagedFile, match=STATE) as error:
        put(site, report(AT + MINUTES, of("api")))
    assert "delete it" in error.value.hint
    assert (site / STATE).read_text() == content
    assert set(GONE) < stale(site)


def test_the_next_build_tidies_up_after_a_killed_one(site, monkeypatch):
    real, calls = site_files.write_atomic, []

    def fail_at(limit):
        def write(path, content):
            calls.append(path)
            if len(calls) > limit:
                raise KeyboardInterrupt
            real(path, content)

        return write

    for limit in (1, 5, 10):
        calls.clear()
        monkeypatch.setattr(site_files, "write_atomic", fail_at(limit))
        with pytest.raises(KeyboardInterrupt):
            put(site, report(AT + MINUTES, of("api", "new")))
        page = site / "services/web/index.html"
        pointer = json.loads((site / "latest.json").read_bytes())
        assert page.exists() == ("services/web/index.html" in pointer["pages"])
    monkeypatch.setattr(site_files, "write_atomic", real)
    put(site, report(AT + 2 * MINUTES, of("api")))
    assert {name for name in names(site) if name.startswith(("services/", "badges/")) and "/api" not in name} == {
        "badges/fleet.svg",
        "badges/fleet.json",
    }
