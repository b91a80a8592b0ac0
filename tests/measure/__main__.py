"""`make measure`: what a page of the demo costs and how it is judged, against the limits that the site is held to.

Prints a table and ends with 1 when a limit is passed. Takes the folder with the node modules as its argument.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from sresnap.preview import PreviewServer
from sresnap.render.site import render
from tests import factories
from tests.browser.conftest import ARGUMENTS, write_site

CHROMIUM = shutil.which("chromium")
SCORES = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}


@dataclass
class Row:
    """A measure and its limit; `least` when more is better."""

    name: str
    value: float
    limit: float
    least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤"
        verdict = "" if self.holds else "   FAILS"
        return f"{self.name:52} {self.value:>10,g}   {sign} {self.limit:,g}{verdict}"


def sizes(site: Path) -> list[Row]:
    """Bytes as a host sends them, gzipped."""

    def packed(paths) -> int:
        return sum(len(gzip.compress(path.read_bytes())) for path in paths)

    assets = sorted((site / "assets").iterdir())
    return [
        Row("fleet page with its assets, gzipped bytes", packed([site / "index.html", *assets]), 100_000),
        Row("JavaScript, gzipped bytes", packed(p for p in assets if p.suffix == ".js"), 6 * 1024),
        Row("CSS, gzipped bytes", packed(p for p in assets if p.suffix == ".css"), 8 * 1024),
        Row("latest.json, bytes", (site / "latest.json").stat().st_size, 1024),
    ]


def traffic(browser: Browser, url: str) -> list[Row]:
    """Requests of a first visit, and the bytes of a poll that finds nothing new, headers included."""
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - playwright marks what it is given
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url, wait_until="networkidle")
    first = list(asked)
    with page.expect_response("**/latest.json"):
        page.evaluate("dispatchEvent(new Event('online'))")
    asked.clear()
    with page.expect_response("**/latest.json") as again:
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    size = again.value.request.sizes()
    page.close()
    return [
        Row("fleet page, requests", len(first), 8),
        Row("fleet page, requests to others", sum(not r.url.startswith((url, "data:")) for r in first), 0),
        Row("unchanged poll, requests", len(asked), 1),
        Row(
            "unchanged poll, bytes received with headers", size["responseBodySize"] + size["responseHeadersSize"], 1024
        ),
        Row("console messages", len(complaints), 0),
    ]


def paper(browser: Browser, url: str) -> list[Row]:
    """A4 pages of the printed fleet."""
    page = browser.new_page()
    page.goto(url)
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    return [Row("fleet printed, A4 pages", len(re.findall(rb"/Type\s*/Page\b", printed)), 2)]


def lighthouse(modules: Path, url: str, name: str) -> list[Row]:
    """Lighthouse's four categories with its mobile defaults."""
    flags = " ".join(["--headless=new", *ARGUMENTS])
    done = subprocess.run(
        [modules / ".bin" / "lighthouse", url, "--quiet", "--output=json", f"--chrome-flags={flags}",
         f"--only-categories={','.join(SCORES)}"],
        env={**os.environ, "CHROME_PATH": CHROMIUM or ""}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    report = json.loads(done.stdout)
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] in {"binary", "numeric"}:
            print(f"  {name}: {audit['title']}: {audit.get('displayValue', 'fails')}")
    scores = report["categories"]
    return [
        Row(f"Lighthouse mobile, {name}: {key}", round(100 * scores[key]["score"]), least, least=True)
        for key, least in SCORES.items()
    ]


def validity(modules: Path, folders: list[Path]) -> list[Row]:
    """What the Nu HTML checker has to say of every page."""
    jar = modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--skip-non-html", *folders],
        capture_output=True,
        text=True,
        check=False,
    )
    # Read from a folder a page has no origin, so that its policy's 'self' is nothing; a browser checks that over http.
    artefact = "Resource violates Content Security Policy"
    messages = [m for m in json.loads(done.stderr)["messages"] if not m["message"].startswith(artefact)]
    for text in sorted({f"{m['type']}: {m['message']} …{m.get('extract', '')[:90]!r}" for m in messages})[:20]:
        print(f"  vnu: {text}")
    pages = sum(len(list(folder.rglob("*.html"))) for folder in folders)
    return [Row(f"messages of the HTML checker on {pages} pages", len(messages), 0)]


def main() -> int:
    modules = Path(sys.argv[1])
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "demo"
        subprocess.run([Path(sys.executable).with_name("sresnap"), "demo", "--quiet", "--out", site], check=True)
        states = []
        for name, make in factories.STATES.items():
            states.append(Path(folder) / name)
            write_site(states[-1], render(make()))
        rows += sizes(site)
        with PreviewServer(site) as server:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                rows += traffic(browser, server.url) + paper(browser, server.url)
                browser.close()
            for name, path in (("fleet", ""), ("service", "services/worker/"), ("concepts", "concepts/")):
                rows += lighthouse(modules, server.url + path, name)
        rows += validity(modules, [site, *states])
    print("\n".join(str(row) for row in rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
