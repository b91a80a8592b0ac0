"""Demo: the ordinary build, over a made-up Prometheus on this machine."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sresnap.app.build import build
from sresnap.app.site_writer import BuildResult
from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.demo import DemoServer, demo_config
from sresnap.errors import SresnapError
from sresnap.model.snapshot import SourceKind
from sresnap.model.windows import DAY, MINUTE, floor
from sresnap.progress import Quiet


@contextlib.contextmanager
def demo_prometheus(services: int, clock: Callable[[], int], *, once: bool) -> Iterator[Config]:
    """Run the made-up Prometheus; the configuration that asks it.

    Args:
        services: how many services it has watched for 28 days.
        clock: the current time, seconds since the epoch.
        once: no further report will be made, so the report must not look stale an hour later.
    """
    config = loads(demo_config(services), "the demo's configuration", {}, cwd=Path.cwd())
    with DemoServer(config.templates, services=services, now=clock) as server:
        prometheus = dataclasses.replace(config.prometheus, url=server.url)
        config = dataclasses.replace(config, prometheus=prometheus, kind=SourceKind.DEMO)
        yield dataclasses.replace(config, schedule_seconds=DAY) if once else config


def reports_on_schedule(config: Config, out: Path, clock: Callable[[], int]) -> Iterator[BuildResult | SresnapError]:
    """Wait for each time of the schedule and build. A build that fails gives its error; the next one tries again."""
    while True:
        time.sleep(config.schedule_seconds - clock() % config.schedule_seconds)
        now = clock()
        result: BuildResult | SresnapError
        try:
            result = build(config, out, floor(now, MINUTE), now, progress=Quiet())
        except SresnapError as error:
            result = error
        yield result
