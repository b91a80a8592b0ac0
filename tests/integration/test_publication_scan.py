"""Publishing finds leaks that no build has seen, and does not scan files again that were made from clean inputs."""

import shutil
from dataclasses import replace

import pytest

from sresnap.app.report_scan import ReportScan
from sresnap.app.site_writer import write_site
from sresnap.archive.filing import file_report
from sresnap.documents import archive_index
from sresnap.documents.layout import INDEX, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.archive import Pin, Withdrawn, empty_index
from sresnap.publish import site_folder
from sresnap.render.favicon import read_favicon
from sresnap.render.site import SiteRenderer
from sresnap.resources import bundled
from tests import factories
from tests.unit.app.test_report_scan import ID, PUBLIC, REPORTS, SECRET, report, titled

NOTES = replace(
    empty_index(),
    pins=(Pin(ID, "outage of note.internal", report().at),),
    withdrawn=(Withdrawn("20261121T213000Z", "it named reason.internal", report().at),),
)


def build(out, snapshot, rules=PUBLIC, theme=None, favicon=None):
    """The steps of a build after its computation."""
    scan = ReportScan(rules, theme)
    icon = read_favicon(None if favicon is None else str(favicon))
    snapshot = replace(snapshot, site=replace(snapshot.site, favicon=icon.address or snapshot.site.favicon))
    with SiteRenderer(snapshot, theme) as renderer:
        frozen = renderer.frozen_page()
        filing = file_report(out, archive_index.load(out) or empty_index(), snapshot, frozen)
        scan.refuse_leaks(snapshot, filing.snapshot, frozen, filing.archive, icon.files)
        site = renderer.live_pages(filing.archive)
    archived = filing.encode()
    write_site(out, snapshot, filing.snapshot, frozen, site, {**icon.files, **archived})
    filing.finish(out, site.summaries)
    scan.record(out, snapshot, filing.archive, {**site.files, INDEX: archived[INDEX]})


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
