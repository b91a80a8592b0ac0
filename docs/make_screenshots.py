"""`make screenshots`: the demo's pages as the README shows them, docs/fleet-light.png and docs/service-dark.png."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from sresnap.preview import PreviewServer

SHOTS: tuple[tuple[str, Literal["light", "dark"], str], ...] = (
    ("", "light", "fleet-light.png"),
    ("services/worker/", "dark", "service-dark.png"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        subprocess.run([Path(sys.executable).with_name("sresnap"), "demo", "--quiet", "--out", site], check=True)
        with PreviewServer(site) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for path, scheme, name in SHOTS:
                page = browser.new_page(viewport={"width": 1440, "height": 1320}, color_scheme=scheme)
                page.goto(server.url + path, wait_until="networkidle")
                page.screenshot(path=Path(__file__).with_name(name))
            browser.close()


if __name__ == "__main__":
    main()
