"""Published folders as real web servers send them: nginx as www-data, Caddy, at a root and below a path."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import httpx
import pytest

from sresnap.documents import archive_index
from sresnap.errors import PublishFailed
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website
from tests.integration import sites
from tests.integration.web_servers import caddy, nginx


@pytest.fixture(scope="module")
def srv():
    """A folder that all users may enter. Pytest's folders admit only their owner."""
    made = Path(tempfile.mkdtemp(prefix="sresnap-srv-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def servers(srv):
    """By name, the address below which a server shows the folders of `srv`."""
    for name in ("nginx", "caddy"):
        (srv / name).mkdir()
    repo = f"location /repo/ {{ alias {srv}/; try_files $uri $uri/index.html =404; }}"
    below = f"handle_path /repo/* {{\n root * {srv}\n file_server\n}}"
    with (
        nginx(srv / "nginx", f"root {srv}; {repo}") as one,
        caddy(srv / "caddy", f"root * {srv}\n{below}\nfile_server") as two,
    ):
        yield {"nginx": one, "nginx below /repo/": f"{one}/repo", "caddy below /repo/": f"{two}/repo"}


@contextlib.contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o077, 0o027], ids=["077", "027"])
def test_f5_a_site_that_was_published_under_a_strict_umask_is_read_by_a_web_server(servers, srv, tmp_path, mask):
    with umask(mask):
        sites.build(tmp_path / "public", 0)
        target = Folder(srv / f"sites-{mask:o}" / "status")
        assert sites.publish(target, tmp_path / "public").notes == ()
    for name, server in servers.items():
        found = sites.verify(Website(f"{server}/sites-{mask:o}/status"), everything=True)
        assert (name, found.wrong, found.files) == (name, (), 11)
    folders = [target.root.parent, target.root, *(path for path in target.root.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o755}


def test_f5_a_site_that_is_built_in_a_web_root_under_a_strict_umask_is_read_by_a_web_server(servers, srv):
    with umask(0o027):
        sites.build(srv / "built" / "site", 0)
    for server in servers.values():
        for name in ("latest.json", "services/s1/index.html", sites.DAY_FILE):
            assert httpx.get(f"{server}/built/site/{name}", verify=False).status_code == 200


def test_f5_a_root_that_a_web_server_cannot_enter_is_named_at_the_first_publication(servers, srv, out):
    (srv / "closed").mkdir()
    (srv / "closed").chmod(0o750)
    target = Folder(srv / "closed" / "status")
    (note,) = sites.publish(target, out).notes
    assert f"only its owner may enter {srv}/closed (mode 750)" in note
    assert f"chmod o+x {srv}/closed" in note
    assert sites.verify(Website(f"{servers['nginx']}/closed/status")).wrong != ()
    sites.build(out, 1)
    assert sites.publish(target, out).notes == ()
    (srv / "closed").chmod(0o751)
    assert sites.verify(Website(f"{servers['nginx']}/closed/status")).wrong == ()
    assert sites.publish(Folder(srv / "closed" / "other"), out).notes == ()


def test_f9_a_folder_that_is_uploaded_as_a_whole_is_restored_built_and_uploaded_again(servers, srv, tmp_path):
    """Three runs on fresh machines, and the host keeps only what the last one uploaded."""
    address, made = f"{servers['caddy below /repo/']}/pages", []
    for run in range(3):
        public, upload = tmp_path / f"run{run}" / "public", tmp_path / f"run{run}" / "_site"
        if run:
            assert sites.restore(Website(address), public, everything=True).report == made[-1]
        made.append(sites.build(public, run))
        sites.publish(Folder(upload), public)
        shutil.rmtree(srv / "pages", ignore_errors=True)
        shutil.copytree(upload, srv / "pages")
        assert sites.verify(Website(address), everything=True, report=made[-1]).wrong == ()
    assert sites.chain(Website(address)) == made[::-1]


@pytest.mark.parametrize("first", [False, True])
def test_f9_a_folder_that_was_built_in_and_uploaded_as_it_is_is_refused_at_once_with_the_recipe(
    servers, srv, tmp_path, first
):
    address, public = f"{servers['caddy below /repo/']}/raw", tmp_path / "public"
    sites.build(public, 0)
    sites.publish(Folder(tmp_path / "www"), public)
    sites.build(public, 1)
    shutil.rmtree(srv / "raw", ignore_errors=True)
    shutil.copytree(public, srv / "raw")
    with pytest.raises(PublishFailed) as refused:
        sites.restore(Website(address), tmp_path / "fresh", first=first)
    assert "has lost its manifest.json" in refused.value.message
    assert "sresnap publish file:_site" in refused.value.hint
    assert sites.verify(Website(address)).hint.endswith(refused.value.hint)
    restored = sites.restore(Folder(srv / "raw"), tmp_path / "fresh", first=True)
    assert restored.report == sites.build(public, 1)
    assert archive_index.load(tmp_path / "fresh").reports == 2
