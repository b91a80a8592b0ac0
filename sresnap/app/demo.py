"""Demo: the ordinary build, over a made-up Prometheus on this machine."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sresnap.app.build import build
from sresnap.app.gather import gather
from sresnap.app.site_writer import BuildResult, refuse_mixing
from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.current_folder import current_folder
from sresnap.demo import DemoServer, demo_config, story
from sresnap.documents.files import hold
from sresnap.documents.history import load_history, save_history
from sresnap.documents.pointer import shown_report
from sresnap.errors import SresnapError
from sresnap.model.snapshot import SourceKind
from sresnap.model.windows import DAY, MINUTE, floor, snapshot_id
from sresnap.plan import history_hours
from sresnap.progress import Quiet

HISTORY_DAYS = 60
"""What the made-up Prometheus keeps: two windows, and some days more."""


@contextlib.contextmanager
def demo_prometheus(services: int, clock: Callable[[], int], *, once: bool) -> Iterator[Config]:
    """Run the made-up Prometheus; the configuration that asks it.

    Args:
        services: how many services it has watched for eight weeks.
        clock: the current time, seconds since the epoch.
        once: no further report will be made, so the report must not look stale an hour later.
    """
    config = loads(demo_config(services), "the demo's configuration", {}, cwd=current_folder())
    fleet = story(services, clock())
    with DemoServer(config.templates, fleet, clock, history_days=HISTORY_DAYS) as server:
        prometheus = dataclasses.replace(config.prometheus, url=server.url)
        config = dataclasses.replace(config, prometheus=prometheus, kind=SourceKind.DEMO)
        yield dataclasses.replace(config, schedule_seconds=DAY) if once else config


def fill_history(config: Config, out: Path, at: int) -> None:
    """Before a folder's first report, ask for the window before its own.

    A budget at an hour needs the window that ended then. A job that has run for two windows has it in its history.

    Raises:
        SresnapError: as `build`.
    """
    with hold(out):
        refuse_mixing(out, config.kind)
        if shown_report(out) is not None:
            return
        end = history_hours(config, at).start
        loaded = load_history(out, history_hours(config, end))
        # Without these queries, no golden signal is asked for: the series of objectives have their own.
        services = tuple(dataclasses.replace(service, queries={}) for service in config.services)
        gathered, _ = gather(dataclasses.replace(config, services=services), loaded.history, end, Quiet())
        save_history(out, loaded, gathered.history, snapshot_id(end))


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
