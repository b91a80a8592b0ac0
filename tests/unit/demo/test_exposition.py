"""The model as text: the exporter's page, and the backfill."""

import io
import re
import threading
import urllib.error
import urllib.request

import numpy as np
import pytest

from sresnap.demo import backfill, beginning, exporter
from sresnap.demo.exposition import families
from sresnap.demo.model import Scrapes, services
from sresnap.demo.story import story
from sresnap.model.windows import MINUTE, parse_time

NOW = parse_time("2026-11-22T21:30:00Z")
SAMPLE = re.compile(r'([a-z_A-Z]+)(?:\{((?:[a-z_]+="[^"]*",?)*)\})? (\S+)(?: (\d+))?')


def _parsed(text):
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value, time = SAMPLE.fullmatch(line).groups()
            yield name, labels or "", float(value), time


def test_the_exporter_shows_the_counters_of_the_moment():
    shown = {(name, labels): value for name, labels, value, _ in _parsed(exporter.exposition(NOW))}
    now = np.array([NOW])
    for service in services():
        for code in ("200", "404", "500", "503"):
            assert (
                shown["http_requests_total", f'service="{service.name}",code="{code}"'] == service.count(code, now)[0]
            )
        buckets = service.buckets(now)[:, 0]
        own = f'service="{service.name}"'
        assert shown["http_request_duration_seconds_bucket", own + ',le="0.3"'] == buckets[5]
        assert shown["http_request_duration_seconds_bucket", own + ',le="+Inf"'] == buckets[-1]
        assert shown["http_request_duration_seconds_count", own] == buckets[-1]
        assert 0.01 < shown["http_request_duration_seconds_sum", own] / buckets[-1] < 1
        assert shown["up", f'job="{service.name}"'] == 1
    assert 0 < shown["demo_vps_cpu_percent", ""] < 100


def test_each_family_is_explained_once_and_its_series_follow():
    lines = exporter.exposition(NOW).splitlines()
    heads = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads))
    current = ""
    for line in lines:
        if line.startswith("#"):
            current = line.split()[2]
        else:
            assert line.startswith(current)


def test_the_exporter_serves_its_pages():
    with exporter.Exporter(("127.0.0.1", 0), now=lambda: NOW) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            with urllib.request.urlopen(f"{url}/metrics", timeout=5) as response:
                assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
                assert response.read().decode() == exporter.exposition(NOW)
            with urllib.request.urlopen(f"{url}/-/healthy", timeout=5) as response:
                assert response.status == 200
            with pytest.raises(urllib.error.HTTPError) as missing:
                urllib.request.urlopen(f"{url}/other", timeout=5)
            assert missing.value.code == 404
            missing.value.close()
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("flavour", ["http", "traefik"])
def test_the_backfill_writes_every_scrape_of_every_series(flavour):
    text = io.StringIO()
    scrapes = Scrapes(60, 17)
    samples = backfill.write_openmetrics(text, NOW - 10 * MINUTE, NOW, scrapes, flavour=flavour)
    parsed = list(_parsed(text.getvalue()))
    names = [name for family in families(services(), flavour) for rows in family.rows for name in rows.names]
    assert samples == len(parsed) == 10 * len(names)
    times = [str(t) for t in scrapes.between(NOW - 10 * MINUTE, NOW)]
    assert [time for *_, time in parsed] == times * len(names), "each series in one piece, in the order of time"
    assert text.getvalue().endswith("\n# EOF\n")


def test_the_flavours_count_alike():
    texts = {}
    for flavour in ("http", "traefik"):
        texts[flavour] = io.StringIO()
        backfill.write_openmetrics(texts[flavour], NOW - MINUTE, NOW, flavour=flavour)
    http = [v for name, _, v, _ in _parsed(texts["http"].getvalue()) if name.startswith("http_request")]
    traefik = [
        v for name, _, v, _ in _parsed(texts["traefik"].getvalue()) if name.startswith("traefik_service_request")
    ]
    assert http == traefik


def test_the_backfill_command_writes_a_file(tmp_path, capsys):
    out = tmp_path / "demo.om"
    arguments = ["--out", str(out), "--days", "0.01", "--end", "2026-11-22T21:30:00Z", "--interval", "60"]
    assert backfill.main(arguments) == 0
    expected = io.StringIO()
    backfill.write_openmetrics(expected, NOW - 864, NOW, Scrapes(60, 7))
    assert out.read_text() == expected.getvalue()
    assert f"{out}: " in capsys.readouterr().out


def test_the_story_of_the_backfill_is_continued_by_the_exporter_and_a_later_backfill(tmp_path):
    began, out = tmp_path / "began", tmp_path / "demo.om"
    for end in ("2026-11-22T21:30:00Z", "2026-11-23T00:30:00Z"):
        backfill.main(["--began", str(began), "--out", str(out), "--days", "0.001", "--end", end])
        assert began.read_text() == "2026-11-22T21:30:00Z\n"
        last = {(name, labels): value for name, labels, value, _ in _parsed(out.read_text())}
        fleet = beginning.fleet_of(3, began)
        scraped = Scrapes(30, 7).last(parse_time(end))
        shown = {(name, labels): value for name, labels, value, _ in _parsed(exporter.exposition(scraped, fleet))}
        assert last == shown
        assert fleet == story(3, NOW)


@pytest.mark.parametrize("content", [None, "", "yesterday", "\xff"])
def test_the_exporter_says_which_file_has_no_beginning(tmp_path, capsys, content):
    began = tmp_path / "began"
    if content is not None:
        began.write_text(content, "latin-1")
    with pytest.raises(SystemExit) as ended:
        exporter.main(["--began", str(began), "--port", "0"])
    assert ended.value.code == 2
    assert f"cannot read when the story began from {began}: " in capsys.readouterr().err


def test_the_backfill_refuses_an_invalid_time(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        backfill.main(["--out", str(tmp_path / "x"), "--end", "yesterday"])
    assert ended.value.code == 2
    assert "yesterday" in capsys.readouterr().err
