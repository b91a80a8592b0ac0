"""Whole pages with all kinds of content: safe, linked, and the same each time."""

import functools
import gzip
import re
from dataclasses import replace
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest

from sresnap.documents.layout import TABLE, row_of
from sresnap.model.archive import ArchiveState
from sresnap.model.windows import parse_time
from sresnap.render.pages.archive import index_of_one
from sresnap.render.site import SiteRenderer, render
from tests import factories
from tests.archives import AT, put, report
from tests.panels import Document

read = functools.cache(Document)


def pages(site):
    return {path: read(content) for path, content in site.files.items() if path.endswith(".html")}


every_state = pytest.mark.parametrize("state", ["evaluated", "weird_names", "some_failed", "no_service"])
"""All panels, hostile names, problems, and nothing at all. What each state says is tested panel by panel."""


@every_state
def test_a_page_has_no_inline_style_no_inline_script_and_no_handler(sites, state):
    for document in pages(sites[state]).values():
        assert "style" not in {tag for tag, _ in document.tags}
        assert not [name for name in document.attributes if name == "style" or name.startswith("on")]
        scripts = [attrs for tag, attrs in document.tags if tag == "script"]
        assert all(attrs.get("src", "").endswith(".js") for attrs in scripts)
        assert len(scripts) <= 2


@every_state
def test_ids_are_unique_and_references_lead_somewhere(sites, state):
    for path, document in pages(sites[state]).items():
        assert len(document.ids) == len(set(document.ids)), path
        for _, attrs in document.tags:
            for name in ("aria-labelledby", "aria-describedby"):
                assert set((attrs.get(name) or "").split()) <= set(document.ids), path


@every_state
def test_links_are_relative_and_stay_within_the_site(sites, state):
    site = sites[state]
    for path, document in pages(site).items():
        assert all(link.startswith(("https://", "http://", "mailto:")) for link in document.external)
        for link in document.links:
            assert not re.match(r"([a-z]+:|/)", link), link
            target, _, fragment = link.partition("#")
            if fragment and not target:
                assert fragment in document.ids
            if target:
                found = normpath(join(dirname(path), unquote(target)))
                assert found in site.files or re.match(r"snapshots/|archive/\d{8}T", found), link
                if fragment:
                    assert fragment in read(site.files[found]).ids, link


@every_state
def test_a_page_holds_its_own_hash(sites, state):
    site = sites[state]
    assert next(iter(site.files)).startswith("assets/")
    live = {path for path in site.files if path.endswith(".html") and not re.match(r"404|archive/\d", path)}
    assert site.pages.keys() == live
    for path, rev in site.pages.items():
        html = next(attrs for tag, attrs in pages(site)[path].tags if tag == "html")
        assert (html["data-rev"], html["data-page"]) == (rev, path)


@every_state
def test_a_picture_has_a_name_and_a_description(sites, state):
    for document in pages(sites[state]).values():
        pictures = [attrs for tag, attrs in document.tags if tag == "svg" and attrs.get("role") == "img"]
        assert all(len(attrs["aria-labelledby"].split()) == 2 for attrs in pictures)


def test_hostile_names_are_text(sites):
    site = sites["weird_names"]
    for document in pages(site).values():
        assert all(attrs["src"].endswith(".svg") for tag, attrs in document.tags if tag == "img")
        scripts = [attrs["src"].split("/")[-1].split(".")[0] for tag, attrs in document.tags if tag == "script"]
        assert scripts in (["boot"], ["boot", "app"])
    assert all(name in pages(site)["index.html"].text for name in factories.WEIRD)


def test_the_same_snapshot_gives_the_same_bytes(sites):
    again = render(factories.some_failed())
    assert again.files == sites["some_failed"].files
    assert again.pages == sites["some_failed"].pages


def test_a_new_report_changes_only_the_panels_that_it_changes():
    first = factories.snapshot()
    later = replace(first, generated_at=parse_time("2026-11-22T21:35:04Z"), id="20261122T213500Z")
    one, two = render(first), render(later)
    assert one.pages["index.html"] != two.pages["index.html"]
    revs = [
        dict(re.findall(r'data-panel="(\w+)" data-rev="(\w+)"', site.files["index.html"].decode()))
        for site in (one, two)
    ]
    assert {name for name in revs[0] if revs[0][name] != revs[1][name]} == {"freshness"}, "its data are as old"


def test_progress_is_reported_after_each_live_page():
    report, done = factories.snapshot(), []
    with SiteRenderer(report, on_page=lambda: done.append(1)) as renderer:
        site = renderer.live_pages(ArchiveState(index_of_one(report)))
    assert list(site.pages) == [
        "services/api/index.html",
        "concepts/index.html",
        "customize/index.html",
        "archive/compare/index.html",
        "archive/index.html",
        "reviews/index.html",
        "reviews/since-last-week/index.html",
        "index.html",
    ]
    assert list(site.files)[-1] == "index.html"
    assert len(done) == len(site.pages)


def test_the_page_for_what_is_not_there_finds_its_way_from_any_depth():
    report = factories.snapshot([])
    known = replace(report, site=replace(report.site, base_url="https://status.example/slo/"))
    links = Document(render(known).files["404.html"]).links
    assert links
    assert all(link.startswith("https://status.example/slo/") for link in links)
    assert all(link.startswith("./") for link in Document(render(report).files["404.html"]).links)


def test_each_file_of_a_built_site_has_one_row_and_survives_the_round_trip(tmp_path):
    for at in (AT - 300, AT):
        put(tmp_path, report(at, factories.snapshot))
    paths = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("[!.]*") if path.is_file()]
    assert len(paths) >= 40
    for path in paths:
        rows = [row for row in TABLE if row.matches(path)]
        assert [row.pattern for row in rows] == [row_of(path).pattern], path
        assert rows[0].path(*rows[0].values(path)) == path


def test_pages_and_assets_keep_within_their_sizes(sites):
    files = sites["mixed"].files
    packed = {path: len(gzip.compress(content)) for path, content in files.items()}
    assert sum(size for path, size in packed.items() if path.endswith(".js")) <= 6 * 1024
    assert sum(size for path, size in packed.items() if path.endswith(".css")) <= 8_000
    assert packed["index.html"] + sum(size for path, size in packed.items() if path.startswith("assets/")) <= 100_000


def test_the_sites_own_icon_is_linked_from_every_depth():
    files = render(factories.snapshot(favicon="assets/favicon.0123456789.png")).files
    assert b'href="./assets/favicon.0123456789.png" type="image/png"' in files["index.html"]
    assert b'href="../../assets/favicon.0123456789.png"' in files["services/api/index.html"]
    assert not [path for path in files if "icon" in path]


STATES = {
    "paging": (factories.burning_service(), "icon-bad"),
    "overspent": (factories.overspent_service(), "icon-bad"),
    "at risk": (factories.at_risk_service(), "icon-risk"),
    "healthy": (factories.healthy_service(), "icon"),
    "without data": (factories.no_data_service(), "icon-nodata"),
}


def icon_of(html):
    return re.search(r'<link rel="icon" href="([^"]+)"', html.decode())[1]


@pytest.mark.parametrize(("service", "name"), STATES.values(), ids=STATES)
def test_the_icon_of_a_page_shows_the_state_of_its_title(service, name):
    found = render(factories.snapshot([service]))
    for path in ("index.html", f"services/{service.slug}/index.html"):
        icon = icon_of(found.files[path])
        assert re.fullmatch(rf"(\./|\.\./\.\./)assets/{name}\.[0-9a-f]{{10}}\.svg", icon), path
        assert icon.lstrip("./") in found.files
    assert "/icon." in icon_of(found.files["concepts/index.html"]), "a page without a state"
    assert f"/{name}." in icon_of(found.files[f"archive/{factories.snapshot([]).id}/index.html"])
