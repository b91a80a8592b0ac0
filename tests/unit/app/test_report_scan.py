"""A leak in any input of the pages is refused at build and at publish; clean pages are not scanned twice."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from sresnap.app.report_scan import ReportScan
from sresnap.app.site_writer import write_site
from sresnap.archive.filing import file_report
from sresnap.documents import archive_index, folder_state
from sresnap.documents.layout import INDEX, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.archive import ArchiveState, Pin, Withdrawn, empty_index
from sresnap.model.snapshot import Policy, Problem
from sresnap.publish import site_folder
from sresnap.render.favicon import read_favicon
from sresnap.render.site import SiteRenderer
from sresnap.render.theme import ThemeError
from sresnap.resources import bundled
from tests import factories

PUBLIC = PublicationRules()
ID = factories.healthy().id
SECRET = PublicationRules(secrets={"prometheus.bearer_token_env": SecretStr('gehe"imnis')})


def report(**changes):
    return replace(factories.snapshot([factories.healthy_service()]), **changes)


def titled(title):
    return report(site=replace(report().site, title=title))


def service(**changes):
    return report(services=(replace(factories.healthy_service(), **changes),))


def queried(**changes):
    return report(queries=(factories.query("total", **changes),))


REPORTS = {
    "title": titled("SLOs of title.internal"),
    "service": service(name="service.internal"),
    "objective": service(slos=(replace(factories.healthy_service().slos[0], name="objective.internal"),)),
    "policy": service(policy=Policy("ask policy.internal", "https://link.internal/policy", "config")),
    "source": report(source=replace(report().source, url="http://source.internal", version="2.42 of version.internal")),
    "message": report(problems=(Problem("query_failed", "message.internal refused"),)),
    "promql": queried(promql=r'up{instance=~"promql\\.internal"}'),
    "error": queried(error="error.internal refused"),
    "warning": queried(warnings=("warning.internal is slow",)),
    "icon": report(site=replace(report().site, favicon="https://icon.internal/icon.png")),
}
NOTES = replace(
    empty_index(),
    pins=(Pin(ID, "outage of note.internal", report().at),),
    withdrawn=(Withdrawn("20261121T213000Z", "it named reason.internal", report().at),),
)


def refuse(snapshot, index=None, rules=PUBLIC, theme=None, favicon=None):
    """The scan of a build."""
    icon = read_favicon(None if favicon is None else str(favicon))
    ReportScan(rules, theme).refuse(snapshot, b"", ArchiveState(index or empty_index()), icon.files)


def build(out, snapshot, rules=PUBLIC, theme=None, favicon=None):
    """The steps of a build after its computation."""
    scan = ReportScan(rules, theme)
    icon = read_favicon(None if favicon is None else str(favicon))
    snapshot = replace(snapshot, site=replace(snapshot.site, favicon=icon.address or snapshot.site.favicon))
    with SiteRenderer(snapshot, theme) as renderer:
        frozen = renderer.frozen_page()
        filing = file_report(out, archive_index.load(out) or empty_index(), snapshot, frozen)
        scan.refuse(snapshot, frozen, filing.archive, icon.files)
        site = renderer.live_pages(filing.archive)
    write_site(out, snapshot, filing.snapshot, frozen, site, {**icon.files, **filing.files})
    filing.finish(out, site.summaries)
    scan.record(out, snapshot, filing.archive, {**site.files, INDEX: filing.files[INDEX]})


def publish(out, rules=PUBLIC):
    """The scan of a publication that sends everything."""
    site = site_folder.read(out)
    site_folder.refuse_leaks(site, list(site.files), rules)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    build(out, report())
    return out


@pytest.fixture
def out(built, tmp_path):
    """A folder with a clean report."""
    return shutil.copytree(built, tmp_path / "out")


@pytest.fixture
def scanned(monkeypatch):
    """The names of the files that publishing scans byte by byte."""
    names = []
    scan = site_folder.leaks_in_file
    monkeypatch.setattr(site_folder, "leaks_in_file", lambda name, *rest: (names.append(name), scan(name, *rest))[1])
    return names


@pytest.fixture
def leaks(monkeypatch):
    """The leaks that publishing finds, however many; it does not refuse them."""
    found = []
    monkeypatch.setattr(site_folder, "refuse_if_any", lambda leaks, *_, **__: found.extend(leaks))
    return found


@pytest.mark.parametrize("place", REPORTS)
def test_a_leak_in_a_report_is_refused_at_build(place):
    with pytest.raises(UsageError, match=rf"(?s)nothing was written.*report {ID}\..*{place}\.internal"):
        refuse(REPORTS[place])


def test_credentials_are_refused_at_build_and_not_shown():
    with pytest.raises(UsageError, match="holds credentials in an address") as refused:
        refuse(report(problems=(Problem("query_failed", "https://me:hunter2@prom.example refused"),)))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("name", ["theme.css", "macros.html", "panels/bar.html"])
def test_a_leak_in_a_theme_is_refused_at_build(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("\nurl(https://theme.internal/)")
    with pytest.raises(UsageError, match=rf"{name}:2 holds a private host name: theme\.internal"):
        refuse(report(), theme=tmp_path)


def test_a_theme_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "theme.css").write_text("body{}")

    def read_bytes(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(ThemeError, match=r"theme\.css: .*Permission denied"):
        refuse(report(), theme=tmp_path)


def test_a_leak_in_a_favicon_is_refused_at_build(tmp_path):
    (tmp_path / "icon.svg").write_text("<svg><!-- favicon.internal --></svg>")
    with pytest.raises(UsageError, match=r"assets/favicon\.\w+\.svg:1 holds a private host name"):
        refuse(report(), favicon=tmp_path / "icon.svg")


def test_a_leak_in_a_note_or_a_reason_stops_the_publication_and_not_the_build(tmp_path, leaks):
    (tmp_path / "archive").mkdir()
    (tmp_path / INDEX).write_bytes(archive_index.encode(NOTES))
    build(tmp_path, report())
    publish(tmp_path)
    assert {leak.shown for leak in leaks} == {"note.internal", "reason.internal"}
    files = {leak.file for leak in leaks}
    assert INDEX in files
    shown = {name for name in site_folder.names(tmp_path) if b"reason.internal" in (tmp_path / name).read_bytes()}
    assert shown <= files


def test_every_leak_is_found_at_publish_when_no_build_has_scanned(tmp_path, leaks):
    out, theme = tmp_path / "out", tmp_path / "theme"
    (theme / "panels").mkdir(parents=True)
    (theme / "theme.css").write_text("body{background:url(https://css.internal/)}")
    (theme / "panels/bar.html").write_text((bundled("templates") / "panels/bar.html").read_text() + "template.internal")
    (tmp_path / "icon.svg").write_text("<svg><!-- favicon.internal --></svg>")
    (out / "archive").mkdir(parents=True)
    (out / INDEX).write_bytes(archive_index.encode(NOTES))
    own = factories.healthy_service()
    own = replace(own, slos=(replace(own.slos[0], name="objective.internal"),), name="service.internal")
    everything = replace(
        REPORTS["source"],
        site=REPORTS["title"].site,
        services=(replace(own, policy=REPORTS["policy"].services[0].policy),),
        problems=REPORTS["message"].problems,
        queries=tuple(REPORTS[place].queries[0] for place in ("promql", "error", "warning")),
    )
    build(out, everything, rules=None, theme=theme, favicon=tmp_path / "icon.svg")
    publish(out)
    names = "title service objective policy link source version message promql error warning note reason css template"
    assert {leak.shown for leak in leaks} >= {f"{name}.internal" for name in [*names.split(), "favicon"]}


def test_files_that_were_made_from_clean_inputs_are_not_scanned_again(out, scanned):
    publish(out)
    assert [name for name in scanned if not name.startswith("schema/")] == ["latest.json"]


def test_an_edited_page_is_scanned(out, scanned):
    page = out / "services/api/index.html"
    page.write_text(page.read_text().replace("</body>", "node.internal</body>"))
    with pytest.raises(UsageError, match=r"services/api/index\.html:\d+ holds a private host name: node\.internal"):
        publish(out)
    assert "index.html" not in scanned


def test_a_file_of_the_user_is_scanned_with_its_name(out):
    (out / "node.internal").mkdir()
    (out / "node.internal/note.txt").write_text("other.internal")
    with pytest.raises(
        UsageError, match=r"(?s)name of node\.internal/note\.txt holds .*txt:1 holds .*: other\.internal"
    ):
        publish(out)


def test_files_are_scanned_again_under_other_rules(out, scanned):
    publish(out, PublicationRules(allow=frozenset({"node.internal"})))
    assert {"index.html", "services/api/index.html", SNAPSHOT.path(ID)} <= set(scanned)


def test_a_secret_of_the_configuration_is_found_at_build():
    with pytest.raises(UsageError, match=r"site\.title holds the secret of prometheus\.bearer_token_env"):
        refuse(titled('the gehe"imnis of Acme'), rules=SECRET)


def test_a_secret_of_the_configuration_is_found_in_every_built_file(tmp_path, leaks):
    build(tmp_path, titled('the gehe"imnis of Acme'))
    publish(tmp_path, SECRET)
    files = {leak.file for leak in leaks}
    assert files >= {"index.html", "services/api/index.html", SNAPSHOT.path(ID)}
    assert {str(leak).partition(" holds ")[2] for leak in leaks} == {"the secret of prometheus.bearer_token_env"}


def test_pages_of_a_themes_templates_are_scanned_as_files(tmp_path, scanned):
    theme, out = tmp_path / "theme", tmp_path / "out"
    (theme / "panels").mkdir(parents=True)
    (theme / "panels" / "bar.html").write_text("http://{{ shell.site_title }}:9090/")
    with pytest.raises(UsageError, match=rf"archive/{ID}/index\.html:\d+ holds a private host name: prometheus:9090"):
        build(out, titled("prometheus"), theme=theme)
    build(out, titled("prometheus"), rules=PublicationRules(allow=frozenset({"prometheus:9090"})), theme=theme)
    with pytest.raises(UsageError, match=r"index\.html:\d+ holds a private host name: prometheus:9090"):
        publish(out)
    assert "services/api/index.html" in scanned


def test_the_record_forgets_files_that_are_gone(tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    sha = "0" * 64
    folder_state.record_scanned(tmp_path, "1" * 64, {"kept.txt": sha, "gone.txt": sha})
    folder_state.record_scanned(tmp_path, "1" * 64, {"new.txt": sha})
    assert set(folder_state.scanned_files(tmp_path, "1" * 64)) == {"kept.txt", "new.txt"}
    folder_state.record_scanned(tmp_path, "2" * 64, {"new.txt": sha})
    assert folder_state.scanned_files(tmp_path, "1" * 64) == {}
    assert set(folder_state.scanned_files(tmp_path, "2" * 64)) == {"new.txt"}
