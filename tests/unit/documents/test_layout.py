"""The table of a site's paths: each file has one row, and each row turns values into a path and back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sresnap.documents import layout
from sresnap.documents.files import write_changed
from sresnap.documents.headers import headers_of, media_type
from sresnap.documents.layout import OTHERS, TABLE, Cache, Owner, Stage, row_of, stage_of
from sresnap.model.slug import slo_slug, slug

PATHS = {
    layout.SNAPSHOT: ("20261122T213000Z", "snapshots/20261122T213000Z.json"),
    layout.FROZEN_PAGE: ("20261122T213000Z", "archive/20261122T213000Z/index.html"),
    layout.THINNED_LIST: ("2026-11-22", "archive/thinned/2026/11/2026-11-22.json"),
    layout.MONTH_PAGE: ("2026-11", "archive/2026-11/index.html"),
    layout.HISTORY_DAY: ("2026-11-22", "history/2026/11/2026-11-22.json"),
    layout.REVIEW: ("2026-W44", "reviews/2026-W44/review.json"),
    layout.REVIEW_PAGE: ("2026-Q4", "reviews/2026-Q4/index.html"),
    layout.REVIEW_TABLE: ("2026", "reviews/2026/review.csv"),
    layout.SERVICE_PAGE: ("api", "services/api/index.html"),
    layout.TEAM_PAGE: ("shop", "teams/shop/index.html"),
    layout.TEAM_FEED: ("shop", "teams/shop/feed.xml"),
    layout.SCHEMA: ("snapshot/1", "schema/snapshot/1.json"),
}


@given(st.text(max_size=80), st.text(max_size=80))
@example("api", "latency_p99")
@example("api.v1", "v1.2")
@example("Ünïcode (x)", "x" * 200)
def test_each_file_that_is_named_after_a_service_or_an_slo_belongs_to_the_build(service, slo):
    folder, name = slug(service), slo_slug(slo)
    paths = {
        layout.SERVICE_PAGE: layout.SERVICE_PAGE.path(folder),
        layout.SERVICE_OBJECTIVES: layout.SERVICE_OBJECTIVES.path(folder, "csv"),
        layout.STATEMENT: layout.STATEMENT.path(folder, name, "csv"),
        layout.BADGE: layout.BADGE.path(f"{folder}/{name}", "svg"),
    }
    assert {row: row_of(path) for row, path in paths.items()} == {row: row for row in paths}


@pytest.mark.parametrize(("row", "value", "path"), [(row, *both) for row, both in PATHS.items()])
def test_a_row_turns_a_value_into_a_path_and_back(row, value, path):
    assert row.path(value) == path
    assert row.value(path) == value
    assert row_of(path) is row


@pytest.mark.parametrize(
    "path",
    [
        "snapshots/latest.json",
        "snapshots/../20261122T213000Z.json",
        "history/2026/12/2026-11-22.json",  # a day in another month's folder
        "archive/thinned/2026/11/2026-11-22.json.bak",
        "archive/notes/index.html",
        "folder/CNAME",
        "google.html",
    ],
)
def test_a_path_that_sresnap_does_not_use_is_a_users(path):
    assert row_of(path).owner is Owner.USER


@pytest.mark.parametrize(
    "path",
    [
        "CNAME", ".nojekyll", "_headers", "_redirects", "robots.txt", "ads.txt", "app-ads.txt",
        "google0123abcd.html", "BingSiteAuth.xml", "yandex_0123abcd.html", "pinterest-0123abcd.html",
    ],
)  # fmt: skip
def test_a_file_for_the_host_is_known_by_its_name(path):
    assert row_of(path).owner is Owner.HOST


@given(st.text(min_size=1, max_size=40))
def test_every_path_has_a_row_and_a_user_file_is_never_cached(path):
    row = row_of(path)
    assert row in TABLE or row in OTHERS
    if row.owner is Owner.USER:
        assert row.cache is Cache.ASK_FIRST


def test_f6_only_what_nothing_can_take_back_is_promised_for_ever():
    promised = {row.owner for row in (*TABLE, *OTHERS) if row.cache is Cache.FOREVER}
    assert promised == {Owner.HISTORY}


def test_the_files_of_one_form_are_found_in_a_folder(tmp_path):
    for name in ("20261122T213000Z.json", "notes.json", "20261122T212500Z.json"):
        write_changed(tmp_path, {f"snapshots/{name}": b"{}"})
    assert [layout.SNAPSHOT.value(name) for name in layout.SNAPSHOT.names_in(tmp_path)] == [
        "20261122T212500Z",
        "20261122T213000Z",
    ]


def test_only_the_pointer_is_written_last_and_what_is_kept_is_never_a_page_of_the_build():
    assert [row for row in TABLE if row.stage is Stage.POINTER] == [layout.POINTER_FILE]
    assert not [row.pattern for row in TABLE if row.is_kept and row.owner is Owner.BUILD]


def test_a_link_is_relative_to_its_page():
    page = layout.FROZEN_PAGE.path("20261122T213000Z")
    assert layout.relative("index.html", page) == "../../index.html"
    assert layout.relative("archive/2026-11/index.html", page) == "../2026-11/index.html"
    assert layout.relative("services/api/index.html", "index.html") == "services/api/index.html"


@pytest.mark.parametrize(
    ("page", "root"), [("index.html", "./"), ("archive/index.html", "../"), ("services/api/index.html", "../../")]
)
def test_a_page_leads_to_the_sites_folder(page, root):
    assert layout.root_of(page) == root


@pytest.mark.parametrize(
    ("path", "report"),
    [
        ("snapshots/20261122T213000Z.json", "20261122T213000Z"),
        ("archive/20261122T213000Z/index.html", "20261122T213000Z"),
        ("archive/20261122T213000Z/charts/api.svg", "20261122T213000Z"),
        ("archive/index.html", None),
        ("archive/2026-11/index.html", None),
        ("snapshots/latest.json", None),
        ("report 20261122T213000Z", None),
        ("", None),
    ],
)
def test_a_file_of_the_archive_names_its_report(path, report):
    assert layout.archived_report(path) == report


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("icon.GIF", "image/gif"),
        ("icon.svg", "image/svg+xml"),
        ("logo.avif", "image/avif"),
        ("logo.bmp", "image/bmp"),
        ("font.woff", "font/woff"),
        ("font.ttf", "font/ttf"),
        ("data", "application/octet-stream"),
    ],
)
def test_a_media_type_has_no_charset(name, kind):
    assert media_type(name) == kind


@pytest.mark.parametrize(
    ("name", "stage", "content_type", "cache"),
    [
        ("assets/app.a3ee9abf70.css", Stage.ASSET, "text/css; charset=utf-8", Cache.FOREVER.value),
        ("assets/app.js", Stage.ASSET, "text/javascript; charset=utf-8", "no-cache"),
        ("snapshots/20261122T213000Z.json", Stage.DATA, "application/json; charset=utf-8", "no-cache"),
        ("history/2026/11/2026-11-22.json", Stage.DATA, "application/json; charset=utf-8", "no-cache"),
        ("archive/20261122T213000Z/index.html", Stage.DATA, "text/html; charset=utf-8", "no-cache"),
        ("archive/20261122T213000Z/chart.svg", Stage.DATA, "image/svg+xml; charset=utf-8", "no-cache"),
        ("archive/index.json", Stage.INDEX, "application/json; charset=utf-8", "no-cache"),
        ("archive/thinned/2026/11/2026-11-22.json", Stage.DATA, "application/json; charset=utf-8", "no-cache"),
        ("archive/2026-11/index.html", Stage.PAGE, "text/html; charset=utf-8", "no-cache"),
        ("index.html", Stage.PAGE, "text/html; charset=utf-8", "no-cache"),
        ("services/api/errors.csv", Stage.PAGE, "text/csv; charset=utf-8", "no-cache"),
        ("feed.xml", Stage.FEED, "application/atom+xml; charset=utf-8", "no-cache"),
        ("teams/shop/feed.xml", Stage.FEED, "application/atom+xml; charset=utf-8", "no-cache"),
        ("badges/api.svg", Stage.FEED, "image/svg+xml; charset=utf-8", "no-cache"),
        ("assets/favicon.a3ee9abf70.png", Stage.ASSET, "image/png", Cache.FOREVER.value),
        ("latest.json", Stage.POINTER, "application/json; charset=utf-8", "no-cache"),
    ],
)
def test_each_file_has_its_stage_its_content_type_and_its_cache_time(name, stage, content_type, cache):
    assert stage_of(name) is stage
    assert (headers_of(name).content_type, headers_of(name).cache_control) == (content_type, cache)
