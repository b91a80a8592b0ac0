"""`python -m tests.benchmarks.build_stages`: CPU seconds of each stage of a demo build of 100 services.

Builds twice into a fresh folder: a first build, which asks for 28 days, and the next one five minutes later, which asks
only for what its history lacks. A stage's time is its own: what it calls of another stage counts there. The demo's
server answers in threads of its own, which are not counted.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sresnap.model.snapshot import SourceKind

AT = 1_795_383_000  # 2026-11-22T21:30:00Z
MINUTES_5 = 300
SHOWN = 12

STAGES = {
    "gather: plan, ask, merge with the history": ("sresnap.app.gather:gather",),
    "gather: decode answers": ("sresnap.prometheus.decode:decode",),
    "gather: read the history": ("sresnap.documents.history:load_history", "sresnap.documents.history:load_earlier"),
    "compute": ("sresnap.app.report:compute_report",),
    "charts: data, words, tables": (
        "sresnap.render.charts.signal:signal_chart",
        "sresnap.render.charts.burn_down:burn_down",
        "sresnap.render.charts.spent:spent_chart",
        "sresnap.render.charts.burn_rates:burn_bars",
        "sresnap.render.charts.sli_trend:sli_trend",
        "sresnap.render.charts.heat_map:heat_map",
        "sresnap.render.charts.row_charts:day_strip",
        "sresnap.render.charts.row_charts:sparkline",
        "sresnap.render.charts.row_charts:capacity_chart",
    ),
    "charts: draw": ("sresnap.render.charts.shapes:shapes_svg", "sresnap.render.charts.labels:labels_svg"),
    "pages: view models": (
        "sresnap.render.site:SiteRenderer.frozen_page",
        "sresnap.render.site:SiteRenderer.live_pages",
    ),
    "pages: audit of every number": (
        "sresnap.render.panels.provenance:provenance",
        "sresnap.render.panels.provenance:fleet_provenance",
    ),
    "pages: downloads": (
        "sresnap.render.downloads.statements:statement_files",
        "sresnap.render.downloads.objectives:objective_files",
        "sresnap.render.downloads.badges:badges",
    ),
    "pages: templates": ("jinja2.environment:Template.render",),
    "encode: snapshot": ("sresnap.documents.snapshots:encode",),
    "encode: history": ("sresnap.documents.history:save_history",),
    "encode: archive index": ("sresnap.documents.archive_index:encode",),
    "archive: file the report": ("sresnap.archive.filing:file_report",),
    "leak scan": ("sresnap.app.report_scan:ReportScan.refuse_leaks", "sresnap.app.report_scan:ReportScan.record"),
    "write files": ("sresnap.documents.files:write_changed", "sresnap.documents.files:write_atomic"),
}
"""By stage, the functions whose CPU time is the stage's, as `module:name`."""


class Stopwatch:
    """Own CPU seconds by stage and thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._running = threading.local()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its CPU time charged to a stage."""

        @functools.wraps(function)
        def wrapped(*arguments: Any, **named: Any) -> Any:
            outer: list[str] = self._running.__dict__.setdefault("stages", [])
            self._lap(outer)
            outer.append(stage)
            self.calls[stage] += 1
            try:
                return function(*arguments, **named)
            finally:
                self._lap(outer)
                outer.pop()

        return wrapped

    def _lap(self, stages: list[str]) -> None:
        now = time.thread_time()
        if stages:
            self.seconds[stages[-1]] += now - self._running.since
        self._running.since = now


@contextmanager
def instrumented(stages: dict[str, tuple[str, ...]]) -> Iterator[Stopwatch]:
    """All functions of the stages timed, wherever they were imported to."""
    watch = Stopwatch()
    with ExitStack() as patches:
        for stage, names in stages.items():
            for name in names:
                module, _, path = name.partition(":")
                owner: Any = importlib.import_module(module)
                *classes, attribute = path.split(".")
                for part in classes:
                    owner = getattr(owner, part)
                function = getattr(owner, attribute)
                timed = watch.timed(stage, function)
                owners = [owner, *(m for m in list(sys.modules.values()) if vars(m).get(attribute) is function)]
                for found in dict.fromkeys(owners):
                    patches.enter_context(patch.object(found, attribute, timed))
        yield watch


def builds(services: int, stages: dict[str, tuple[str, ...]]) -> dict[str, tuple[Stopwatch, float]]:
    """By kind of build, its stages and its CPU seconds in all."""
    from sresnap.config import loads
    from sresnap.demo import DemoServer, demo_config
    from sresnap.leaks.publication_rules import PublicationRules

    build = importlib.import_module("sresnap.app.build").build
    clock = [AT]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        config = loads(demo_config(services), "the demo's configuration", {}, cwd=Path(folder))
        with DemoServer(config.templates, services=services, now=lambda: clock[0]) as server:
            config = replace(config, prometheus=replace(config.prometheus, url=server.url), kind=SourceKind.DEMO)
            rules = PublicationRules(private=True)  # the demo asks 127.0.0.1
            build(config, Path(folder) / "warm", AT, AT, rules=rules)  # imports, compiled templates
            for kind, at in (("first", AT), ("next", AT + MINUTES_5)):
                clock[0] = at
                with instrumented(stages) as watch:
                    total = watch.timed("everything else", build)
                    total(config, Path(folder) / "public", at, at, rules=rules)
                found[kind] = watch, sum(watch.seconds.values())
    return found


def main(stages: dict[str, tuple[str, ...]] = STAGES) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=100)
    services = parser.parse_args().services
    for kind, (watch, total) in builds(services, stages).items():
        print(f"\n{kind} build of {services} services: {total:.2f} s of CPU")
        ordered = sorted(watch.seconds.items(), key=lambda item: -item[1])
        for stage, seconds in ordered[:SHOWN]:
            print(f"  {seconds:6.2f} s {seconds / total:5.0%}  {stage} ({watch.calls[stage]:,} calls)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
