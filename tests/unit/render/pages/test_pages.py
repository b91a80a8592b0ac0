"""Every state renders, safely and the same each time."""

import csv
import functools
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest

from sresnap.model.snapshot import Problem
from sresnap.model.status import Status
from sresnap.render.site import render
from tests import factories


class Document(HTMLParser):
    """What the tests ask about a page."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.attributes, self.words = [], [], [], [], []
        self.external = []
        self.feed(source.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            self.attributes.append(name)
            if name == "id":
                self.ids.append(value)
            if name in {"href", "src"}:
                (self.external if "external" in (dict(attrs).get("rel") or "") else self.links).append(value)

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\u00a0", " ").replace("\u202f", " ").split())


@functools.cache
def read(content):
    return Document(content)


def pages(site):
    return {path: read(content) for path, content in site.files.items() if path.endswith(".html")}


def panel(site, page, name):
    found = re.search(rf'<section [^>]*data-panel="{name}".*?</section>', site.files[page].decode(), re.DOTALL)
    return Document(found[0].encode())


every_state = pytest.mark.parametrize("state", factories.STATES)


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
        assert all(link.startswith(("https://", "http://")) for link in document.external)
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
def test_a_page_tells_its_own_hash_and_the_fleet_is_written_last(sites, state):
    site = sites[state]
    assert list(site.files)[-1] == "index.html"
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


def test_the_same_snapshot_gives_the_same_bytes(sites):
    again = render(factories.mixed())
    assert again.files == sites["mixed"].files
    assert again.pages == sites["mixed"].pages


def test_bytes_do_not_depend_on_the_process(sites):
    code = (
        "import hashlib; from tests import factories; from sresnap.render.site import render;"
        "print(hashlib.sha256(b''.join(render(factories.mixed()).files.values())).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_importing_render_does_not_import_matplotlib():
    code = "import sys, sresnap.render; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_new_report_changes_only_the_panels_that_it_changes():
    first = factories.healthy()
    later = replace(first, generated_at="2026-11-22T21:35:04Z", id="20261122T213500Z")
    one, two = render(first), render(later)
    assert one.pages["index.html"] != two.pages["index.html"]
    revs = [
        dict(re.findall(r'data-panel="(\w+)" data-rev="(\w+)"', site.files["index.html"].decode()))
        for site in (one, two)
    ]
    assert {name for name in revs[0] if revs[0][name] != revs[1][name]} == {"bar", "freshness"}


def test_hostile_names_are_text(sites):
    site = sites["weird_names"]
    for document in pages(site).values():
        assert all(attrs["src"].endswith(".svg") for tag, attrs in document.tags if tag == "img")
        scripts = [attrs["src"].split("/")[-1].split(".")[0] for tag, attrs in document.tags if tag == "script"]
        assert scripts in (["boot"], ["boot", "app"])
    assert all(name in pages(site)["index.html"].text for name in factories.WEIRD)


def test_an_overspent_budget_is_shown_as_negative(sites):
    assert "−52 %" in panel(sites["overspent"], "index.html", "slos").text
    assert "Budget spent" in panel(sites["overspent"], "index.html", "verdict").text
    assert "Freeze risky deploys" in panel(sites["overspent"], "services/worker/index.html", "verdict").text


def test_no_data_is_never_good(sites):
    for path in ("index.html", "services/batch/index.html"):
        for name in ("verdict", "slos", "budgets", "signals", "capacity", "key_numbers"):
            document = panel(sites["no_data"], path, name)
            classes = [
                attrs.get("class", "")
                for tag, attrs in document.tags
                if tag != "span" or "key" not in attrs.get("class", "")
            ]
            assert not [c for c in classes if re.search(r"\b(ok|fill-ok)\b", c)], (path, name)
            assert "0 %" not in document.text.replace("data for 0 % of", "").replace("100 %", ""), (path, name)
    assert "? Policy Unknown: mend the measuring first" in panel(sites["no_data"], "index.html", "budgets").text


def test_a_missing_number_says_why(sites):
    signals = panel(sites["no_data"], "services/batch/index.html", "signals")
    assert signals.text.count("No series came: does the label service have another name here?") >= 4
    assert "The preset http has no query for it." in panel(sites["no_data"], "index.html", "capacity").text


def test_an_incomplete_report_is_not_green_even_where_all_that_came_is_well(sites):
    for path in ("index.html", "services/api/index.html"):
        verdict = panel(sites["some_failed"], path, "verdict")
        assert "? Incomplete" in verdict.text
        assert "As far as is known" in verdict.text
        assert "verdict nodata" in [attrs.get("class") for _, attrs in verdict.tags]


def test_a_problem_does_not_hide_a_worse_verdict():
    snapshot = replace(factories.overspent(), problems=(Problem("timeout", "30 s passed", "worker", "saturation"),))
    verdict = panel(render(snapshot), "index.html", "verdict")
    assert "Budget spent" in verdict.text
    assert "This report is incomplete" in verdict.text


def test_what_failed_is_listed_with_its_services(sites):
    quality = panel(sites["some_failed"], "index.html", "quality")
    assert "query failed" in quality.text
    assert "2 services · saturation" in quality.text
    assert "metric might not be a counter" in quality.text


def test_the_first_report_says_how_little_it_knows(sites):
    page = panel(sites["first_report"], "index.html", "slos").text
    assert "Too little data" in page
    assert "data for 3.4 % of 28d" in page


def test_no_traffic_is_said(sites):
    assert "no traffic" in panel(sites["no_traffic"], "index.html", "slos").text


def test_objectives_stand_worst_first(sites):
    order = [link for link in panel(sites["mixed"], "index.html", "slos").links if "services" in link]
    assert [link.split("/")[2] for link in order] == ["worker", "web", "api", "api"]


def test_an_sli_just_under_its_objective_does_not_look_met(sites):
    hours = factories.hours_of(0.001)
    good = tuple(t - round(t * 0.00104, 2) for t in hours.total)
    slo = factories.slo(objective=0.999, hours=replace(hours, good=good), status=Status.EXHAUSTED)
    assert "99.896 %" in panel(render(factories.snapshot([factories.service(slos=(slo,))])), "index.html", "slos").text


def test_the_composite_names_the_worst_and_how_many_it_covers():
    snapshot = factories.snapshot(
        [factories.overspent_service(), factories.healthy_service(), factories.no_data_service()]
    )
    text = panel(render(snapshot), "index.html", "key_numbers").text
    assert "worst: worker" in text
    assert "partial: 2 of 3 services" in text


def test_synthetic_numbers_are_announced(sites):
    snapshot = factories.healthy()
    demo = replace(snapshot, source=replace(snapshot.source, kind="demo"))
    assert "Synthetic data" in panel(render(demo), "index.html", "freshness").text
    assert "Synthetic data" not in panel(sites["healthy"], "index.html", "freshness").text


def test_a_services_page_shows_its_queries_and_no_others(sites):
    text = panel(sites["some_failed"], "services/frontend/index.html", "provenance").text
    assert "increase(http_requests_total" in text
    assert "4 queries" in text
    assert "5 queries" in panel(sites["some_failed"], "services/api/index.html", "provenance").text


def test_progress_is_told_page_by_page():
    told = []
    render(factories.healthy(), on_page=told.append)
    assert told == [
        "services/api/index.html",
        "services/frontend/index.html",
        "services/worker/index.html",
        "concepts/index.html",
        "customize/index.html",
        "archive/compare/index.html",
        "archive/index.html",
        "index.html",
    ]


def test_the_table_of_a_large_fleet_is_folded_and_names_what_it_folds(sites):
    site = sites["many"]
    table = panel(site, "index.html", "slos")
    # 8 at risk and 8 spent come first, and 24 of the 52 of healthy services, with the least budget left, fill 40 rows.
    assert "28 more objectives, all healthy" in table.text
    assert [attrs.get("class") for tag, attrs in table.tags if tag == "table"] == ["slos", "slos"]
    attention = panel(site, "index.html", "attention")
    assert "and 4 more services, in the table below" in attention.text


def test_the_numbers_of_all_objectives_stand_beside_the_page(sites):
    site = sites["mixed"]
    rows = list(csv.DictReader(io.StringIO(site.files["objectives.csv"].decode())))
    data = json.loads(site.files["objectives.json"])
    whole = next(row for row in data if row["service"] == "worker" and row["budget_remaining"] is not None)
    assert whole["window"] == "28d"
    assert whole["budget_remaining"] < 0
    assert [row["service"] for row in rows] == [row["service"] for row in data]
    alone = json.loads(site.files["services/worker/objectives.json"])
    assert alone == [row for row in data if row["service"] == "worker"]


def test_what_is_missing_in_a_file_is_empty_and_not_zero(sites):
    (first, *_) = csv.DictReader(io.StringIO(sites["no_data"].files["objectives.csv"].decode()))
    assert (first["good"], first["sli"], first["burn_rate"]) == ("", "", "")


def test_a_service_without_all_of_its_data_is_green_nowhere(sites):
    site = sites["some_failed"]
    assert "? Incomplete 2" in panel(site, "index.html", "verdict").text
    around = site.files["index.html"].decode()
    nav = Document(re.search(r'<div data-panel="nav".*?</div>', around, re.DOTALL)[0].encode())
    assert nav.text.count(": Incomplete") == 2
    assert ": Healthy" not in nav.text


def test_a_services_page_tells_its_own_state_from_the_fleets(sites):
    bar = re.search(r'data-panel="bar".*?</div>', sites["mixed"].files["services/api/index.html"].decode(), re.DOTALL)
    text = Document(bar[0].encode()).text
    assert "api ✓ Healthy" in text
    assert "Fleet ✕ Budget spent" in text


def test_the_page_for_what_is_not_there_finds_its_way_from_any_depth():
    report = factories.healthy()
    known = replace(report, site=replace(report.site, base_url="https://status.example/slo/"))
    links = Document(render(known).files["404.html"]).links
    assert links
    assert all(link.startswith("https://status.example/slo/") for link in links)
    assert all(link.startswith("./") for link in Document(render(report).files["404.html"]).links)
