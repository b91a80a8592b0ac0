"""A real Chromium. Without one the tests are skipped, but never in CI."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from sresnap.preview import PreviewServer

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser():
    """For a module, not for the whole run: while it lives, an event loop runs in this process, which others need."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed (Debian: apt-get install chromium)")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(browser):
    """Opens pages and collects the errors that they report; there must be none."""
    contexts, complaints = [], []

    def failed(request):
        # A page that is left while its icon is on the way is not at fault.
        if request.failure != "net::ERR_ABORTED" or request.resource_type in ("fetch", "script", "stylesheet"):
            complaints.append(f"failed: {request.url}: {request.failure}")

    def page_of(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", failed)
        page.complaints = complaints
        return page

    yield page_of
    for context in contexts:
        context.close()


def write_site(folder: Path, site) -> None:
    for path, content in site.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@pytest.fixture(scope="session")
def built(sites, tmp_path_factory):
    """Folders with sites, by state, built when first asked for."""
    folders = {}

    def built(state):
        if state not in folders:
            folders[state] = tmp_path_factory.mktemp(state)
            write_site(folders[state], sites[state])
        return folders[state]

    return built


@pytest.fixture(scope="session")
def served(built):
    """Addresses of served sites, by state."""
    servers = {}

    def served(state):
        if state not in servers:
            servers[state] = PreviewServer(built(state)).__enter__()
        return servers[state].url

    yield served
    for server in servers.values():
        server.__exit__(None, None, None)
