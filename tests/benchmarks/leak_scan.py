"""`python -m tests.benchmarks.leak_scan`: CPU of the scan for leaks, of a demo of 100 services, in share of the build.

The scan of a build reads the inputs of its pages, and the scan of a publication the files that the build did not make.
The old way, which read every byte of the frozen report at build and of each file at publish, runs beside them.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from sresnap.app.build import build
from sresnap.app.report_scan import ReportScan
from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.demo import DemoServer, demo_config
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import leaks_in_file
from sresnap.publish import site_folder
from sresnap.publish.site_folder import LocalSite

AT = 1_795_383_000  # 2026-11-22T21:30:00Z
MINUTES_5 = 300
RULES = PublicationRules(
    secrets={"prometheus.bearer_token_env": SecretStr("s3cr3t-t0ken"), "GH_TOKEN": SecretStr("tenant-17")}
)


@dataclasses.dataclass
class Watch:
    """CPU seconds of this thread; the demo's server runs in others."""

    seconds: float = 0.0

    def run(self, function: Callable[[], object]) -> None:
        started = time.thread_time()
        function()
        self.seconds += time.thread_time() - started


class TimedScan(ReportScan):
    """The scan of a build, timed."""

    watch = Watch()

    def refuse_leaks(self, *arguments) -> None:
        self.watch.run(lambda: ReportScan.refuse_leaks(self, *arguments))

    def record(self, *arguments) -> None:
        self.watch.run(lambda: ReportScan.record(self, *arguments))


def scan_bytes(site: LocalSite, names) -> None:
    """The old way."""
    for name in names:
        leaks_in_file(name, site.content(name), RULES)


def measure(config: Config, out: Path, at: int, known: dict[str, str]) -> dict[str, str]:
    """Build a report, scan what a publication sends, and print both beside the old way; the files by hash."""
    TimedScan.watch = Watch()
    whole, publish, old_build, old_publish = Watch(), Watch(), Watch(), Watch()
    whole.run(lambda: build(config, out, at, at, rules=RULES))
    site = site_folder.read(out)
    changed = [name for name, file in site.files.items() if known.get(name) != file.sha256]
    publish.run(lambda: site_folder.refuse_leaks(site, changed, RULES))
    old_build.run(lambda: scan_bytes(site, [SNAPSHOT.path(site.report), FROZEN_PAGE.path(site.report)]))
    old_publish.run(lambda: scan_bytes(site, changed))
    size = sum(site.files[name].size for name in changed) / 1e6
    own = whole.seconds - TimedScan.watch.seconds
    print(f"\n{site.report}: build {whole.seconds:.1f} s of CPU; {len(changed)} files to publish, {size:.1f} MB")
    for name, new, old in (
        ("scan at build", TimedScan.watch, old_build),
        ("scan at publish", publish, old_publish),
    ):
        share, before = new.seconds / whole.seconds, old.seconds / (own + old.seconds)
        print(f"  {name:16} {new.seconds:6.2f} s {share:6.1%} of the build   before {old.seconds:6.2f} s {before:6.1%}")
    return {name: file.sha256 for name, file in site.files.items()}


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.benchmarks.leak_scan", description=__doc__)
    parser.add_argument("--services", type=int, default=100, metavar="N")
    given = parser.parse_args()
    import sresnap.app.build as steps

    steps.ReportScan = TimedScan
    with tempfile.TemporaryDirectory() as folder:
        out, known, now = Path(folder) / "public", {}, AT
        templates = loads(demo_config(given.services), "demo", {}, cwd=Path.cwd()).templates
        with DemoServer(templates, services=given.services, now=lambda: now) as server:
            config = loads(demo_config(given.services, server.url), "demo", {}, cwd=Path.cwd())
            for at in (AT, AT + MINUTES_5):
                now = at
                known = measure(config, out, at, known)


if __name__ == "__main__":
    main()
