"""A real Chromium. Without one the tests are skipped, but never in CI."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from sresnap.preview import PreviewServer

CHROMIUM = shutil.which("chromium-headless-shell")
"""The same engine without the program around it: a page costs half of the CPU that it costs in the whole browser."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


HERE = Path(__file__).parent
_OPENED = pytest.StashKey[contextlib.ExitStack]()
_TABS = pytest.StashKey["Tabs"]()


@contextlib.contextmanager
def opened_browser():
    """A Chromium, without a sandbox, as in a container."""
    from playwright.sync_api import sync_playwright  # a tenth of the time in which a worker collects all tests

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Close the browser after this folder's tests: while it lives, an event loop runs, which other tests need."""
    if nextitem is None or not nextitem.path.is_relative_to(HERE):
        _close(item.config)


def pytest_unconfigure(config):
    """Close it, too, when a run ends early."""
    _close(config)


def _close(config):
    if _OPENED in config.stash:
        config.stash[_OPENED].close()
        del config.stash[_OPENED], config.stash[_TABS]


class Tabs:
    """Opens pages in windows that stay open, and collects the errors that the pages report.

    A page in a new window costs two seconds of CPU, as the browser starts a process for it. In a window that has a tab
    already, it costs half as much.
    """

    def __init__(self, browser):
        self._browser = browser
        self._windows = {}
        self._pages, self._own, self.complaints = [], [], []
        self._kinds = set()  # of texts whose contrast was examined, see looks.py

    def open(self, *, viewport=None, color_scheme=None, own_window=False, **options):
        """A new page.

        Args:
            viewport: its width and height.
            color_scheme: `light` or `dark`; the window's own when None.
            own_window: for a test that sets the clock or goes offline: these hold for all pages of a window.
            options: of the window.
        """
        page = (self._new_window(options) if own_window else self._window(options)).new_page()
        if viewport is not None:
            page.set_viewport_size(viewport)
        if color_scheme is not None:
            page.emulate_media(color_scheme=color_scheme)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.complaints, page.kinds = self.complaints, self._kinds
        self._pages.append(page)
        return page

    def forget(self):
        """Close the pages of a test, with all that they stored."""
        for page in self._pages:
            if not page.is_closed() and page.url.startswith(("http:", "file:")):
                page.evaluate("localStorage.clear()")
            page.close()
        for window in self._own:
            window.close()
        self._pages, self._own, self.complaints = [], [], []

    def _window(self, options):
        key = tuple(sorted(options.items()))
        if key not in self._windows:
            self._windows[key] = self._browser.new_context(**options)
            self._windows[key].new_page()  # stays open
        return self._windows[key]

    def _new_window(self, options):
        self._own.append(self._browser.new_context(**options))
        return self._own[-1]

    def _failed(self, request):
        # A page that is left while its icon is on the way is not at fault.
        if request.failure != "net::ERR_ABORTED" or request.resource_type in ("fetch", "script", "stylesheet"):
            self.complaints.append(f"failed: {request.url}: {request.failure}")


@pytest.fixture
def tabs(pytestconfig):
    """The windows of one browser, which all tests of this folder share: its start takes two seconds of CPU."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed (Debian: apt-get install chromium-headless-shell)")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium-headless-shell)")
    if _TABS not in pytestconfig.stash:
        with contextlib.ExitStack() as stack:
            pytestconfig.stash[_TABS] = Tabs(stack.enter_context(opened_browser()))
            pytestconfig.stash[_OPENED] = stack.pop_all()
    return pytestconfig.stash[_TABS]


@pytest.fixture
def page_of(tabs):
    """Opens pages, in which nothing is stored, and collects the errors that they report; there must be none."""
    yield tabs.open
    tabs.forget()


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
