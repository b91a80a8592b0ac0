"""Sites as `sresnap demo --at` writes them."""

import time
from concurrent.futures import ThreadPoolExecutor

from sresnap.model.windows import parse_time

AT = parse_time("2026-03-15T12:34:00Z")
"""The moment of the report that tests share."""


def build_demo(out, at):
    """Build a report. In a thread, as an event loop may run in this one, see tests/browser/conftest.py."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_build, out, at).result()


def _build(out, at):
    # Most runs of a few tests need none of this.
    from sresnap.app.build import build
    from sresnap.app.demo import demo_prometheus, fill_history

    with demo_prometheus(3, lambda: at, once=True) as config:
        fill_history(config, out, at)
        build(config, out, at, int(time.time()))
