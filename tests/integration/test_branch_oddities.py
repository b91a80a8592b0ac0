"""What git can hold and a site cannot: submodules, links and folders in place of files; a person's own files."""

import json
import stat
import threading

import pytest

from sresnap.app.verify import VerifyRequest, verify
from sresnap.documents.files import write_changed
from sresnap.errors import NoReport, PublishFailed
from sresnap.publish import patient
from sresnap.publish.newest import read_newest
from sresnap.publish.targets import registry
from sresnap.publish.targets.base import TooLong
from sresnap.publish.targets.branch import Branch
from tests.integration import sites
from tests.integration.git_servers import checkout_of, commit_by_hand, git, own_home
from tests.integration.test_git_interrupts import is_alive, wait_for


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "public"
    sites.build(folder, 0)
    return folder


@pytest.fixture
def bare(monkeypatch, tmp_path):
    own_home(monkeypatch, tmp_path / "home")
    git("init", "--bare", "--quiet", "--initial-branch=main", "site.git", cwd=tmp_path)
    return tmp_path / "site.git"


@pytest.fixture
def out(site, tmp_path):
    folder = tmp_path / "public"
    write_changed(
        folder, {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    )
    return folder


def branch(bare, name="gh-pages"):
    return Branch(f"{bare}#{name}", bare.parent)


def replace_by(kind, name, bare, checkout):
    """Commit something else in place of a file of gh-pages."""
    git("fetch", "--quiet", "origin", cwd=checkout)
    git("checkout", "--quiet", "-B", "gh-pages", "origin/gh-pages", cwd=checkout)
    git("rm", "-r", "--quiet", "--cached", "--ignore-unmatch", name, cwd=checkout)
    head = git("rev-parse", "HEAD", cwd=checkout).strip()
    blob = git("hash-object", "-w", "latest.json", cwd=checkout).strip()
    mode, what, path = {
        "submodule": ("160000", head, name),
        "symbolic link": ("120000", blob, name),
        "folder": ("100644", blob, f"{name}/file"),
    }[kind]
    git("update-index", "--add", "--cacheinfo", f"{mode},{what},{path}", cwd=checkout)
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "-m", "by hand", cwd=checkout)
    git("push", "--quiet", "origin", "HEAD:refs/heads/gh-pages", cwd=checkout)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("manifest.json", "submodule"),
        ("latest.json", "symbolic link"),
        ("archive/index.json", "folder"),
        ("index.html", "submodule"),
        ("history", "symbolic link"),
    ],
)
def test_a_submodule_a_link_or_a_folder_in_place_of_a_file_is_named_and_stays(bare, out, tmp_path, kind, name):
    sites.publish(branch(bare), out)
    replace_by(kind, name, bare, checkout_of(tmp_path / "co", origin=str(bare)))
    before = git("rev-parse", "gh-pages", cwd=bare)
    message = rf"{name} is a {kind}, and the site has .* there; nothing was changed"
    with pytest.raises(PublishFailed, match=message) as error:
        sites.restore(branch(bare), tmp_path / "fresh", everything=True)
    assert f"remove or rename {name} on the branch" in error.value.hint
    assert list((tmp_path / "fresh").rglob("*")) == []
    found = verify(branch(bare), VerifyRequest())
    assert (f"{name} is a {kind}" in found.wrong[0], found.exit_code) == (True, 7)
    if name == "latest.json":
        with pytest.raises(NoReport, match=message):
            read_newest(f"gh-pages:{bare}")
    sites.build(out, 1)
    for force in (False, True):
        with pytest.raises(PublishFailed):
            sites.publish(branch(bare), out, force_foreign=force)
    assert git("rev-parse", "gh-pages", cwd=bare) == before


@pytest.mark.parametrize(
    ("name", "content"), [("manifest.json", {"name": "My app", "icons": []}), ("latest.json", {"version": 3})]
)
def test_a_persons_own_file_of_a_name_that_sresnap_needs_is_not_to_be_deleted(bare, out, tmp_path, name, content):
    checkout = checkout_of(tmp_path / "co", origin=str(bare))
    commit_by_hand(checkout, "gh-pages", 1)
    (checkout / name).write_text(json.dumps(content))
    git("add", name, cwd=checkout)
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "-m", "app", cwd=checkout)
    git("push", "--quiet", "origin", "HEAD:refs/heads/gh-pages", cwd=checkout)
    before = git("rev-parse", "gh-pages", cwd=bare)
    for first in (False, True):
        with pytest.raises(PublishFailed, match=rf"{name} is not a \w+ of sresnap") as error:
            sites.restore(branch(bare), tmp_path / "fresh", first=first)
        assert "publish to a place of its own" in error.value.hint
        assert "rename that file" in error.value.hint
        assert "delete" not in error.value.hint
    with pytest.raises(PublishFailed):
        sites.publish(branch(bare), out)
    assert git("rev-parse", "gh-pages", cwd=bare) == before


@pytest.mark.parametrize("name", ["main", "master", "trunk"])
@pytest.mark.parametrize("is_detached", [True, False])
def test_a_remote_that_does_not_say_its_default_branch_has_one_of_the_usual_names(
    bare, out, tmp_path, name, is_detached
):
    last = commit_by_hand(checkout_of(tmp_path / "co", origin=str(bare)), name, 2)
    if is_detached:
        git("update-ref", "--no-deref", "HEAD", last, cwd=bare)
    else:
        git("symbolic-ref", "HEAD", "refs/heads/nothing-yet", cwd=bare)
    with pytest.raises(PublishFailed, match="by its name the default branch of its repository"):
        sites.publish(branch(bare, name), out, force_foreign=True)
    assert git("rev-parse", name, cwd=bare).strip() == last
    sites.publish(branch(bare), out)


def test_a_file_that_is_longer_than_listed_is_not_read_to_its_end(bare, out):
    sites.publish(branch(bare), out)
    target, size = branch(bare), (out / "index.html").stat().st_size
    assert len(target.read("index.html", size).content) == size
    with pytest.raises(TooLong, match=r"index\.html is larger than") as error:
        target.read("index.html", size - 1)
    assert (error.value.size, error.value.most) == (size, size - 1)


def test_a_remote_that_hangs_while_a_branch_is_opened_is_given_up_at_the_deadline_and_git_is_ended(
    bare, tmp_path, monkeypatch
):
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nprintf x >> {tmp_path}/started\nexec sleep 60\n")
    ssh.chmod(ssh.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    source, threads = registry.open_source("gh-pages:ssh://git@host.invalid/site.git"), threading.active_count()
    for _ in range(2):  # as `verify --wait` does
        with pytest.raises(PublishFailed, match=r"was not read within 0\.7 s") as error:
            patient.PatientSource(source, 0.7).read("latest.json")
        assert "--timeout" in error.value.hint
        wait_for(lambda: not is_alive((tmp_path / "pid").read_text().strip()))
    wait_for(lambda: threading.active_count() == threads)
    assert (tmp_path / "started").read_text() == "x" * 2, "an end is not a failure that may pass"


def test_verify_sees_what_is_pushed_while_it_waits(bare, out):
    sites.publish(branch(bare), out)
    report, waits = sites.build(out, 1), []

    def sleep(seconds):
        waits.append(seconds)
        sites.publish(branch(bare), out)

    found = sites.verify(branch(bare), sleep, report=report, wait_seconds=60)
    assert (found.wrong, found.report, len(waits)) == ((), report, 1)
