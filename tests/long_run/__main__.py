"""`make long-run`: 300 builds in a row on one folder, each with a later `--at`, then prune, bundle, publish, restore
elsewhere and verify. Shows whether files, memory and seconds per build stay the same, and whether the chain is whole.

Each build is a process of its own, as a scheduled job is, which imports nothing: the figures are the costs of a build.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.archive import prune
from sresnap.app.archived_reports import bundle
from sresnap.app.build import build
from sresnap.app.publish import PublishRequest, publish
from sresnap.app.restore import RestoreRequest, restore
from sresnap.app.verify import VerifyRequest, verify
from sresnap.archive.chain import chain_faults
from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import archive_index, thinned_lists
from sresnap.model.archive import Keep
from sresnap.model.windows import DAY, HOUR, MINUTE, iso, parse_time
from sresnap.progress import Quiet
from sresnap.publish.restore_set import Scope
from sresnap.publish.targets.folder import Folder
from sresnap.render import charts  # noqa: F401 - each build's process has it from this one

START = parse_time("2026-10-01T00:00:00Z")
STEP = 20 * MINUTE
_SHOWN = (1, 10, 30, 100, 200, 300)
_KEEP = Keep(every=6 * HOUR, hourly=2 * DAY, daily=30 * DAY)
_STRICT = Keep(every=0, hourly=DAY, daily=30 * DAY)
_SLOWER = 1.5
"""How many times the CPU of the tenth build the last one may take; 1.5, because the machine is shared."""
_LARGER = 1.25


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    seconds: float
    cpu: float
    megabytes: float


def main() -> int:
    """Run it, print a table, and end with 1 if anything grew or broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=int, default=300)
    parser.add_argument("--services", type=int, default=3)
    asked = parser.parse_args()
    builds = max(20, asked.builds)
    with tempfile.TemporaryDirectory() as name, _demo(asked.services) as (config, clock):
        root, costs = Path(name) / "public", []
        print("build  files     MB  seconds    CPU s  memory MB")
        for number in range(1, builds + 1):
            at = START + number * STEP
            clock(at)
            costs.append(_in_process(lambda at=at: build(config, root, at, at)))
            if number in _SHOWN or number == builds:
                _print(number, root, costs[-1])
        faults = [*_growth(costs), *_afterwards(root, Path(name))]
    print("\n".join(faults) or "nothing grew, and the chain is whole")
    return 1 if faults else 0


@contextmanager
def _demo(services: int) -> Iterator[tuple[Config, Callable[[int], None]]]:
    """The configuration of some services, and how to set the clock of the made-up Prometheus, a process of its own."""
    now, port = multiprocessing.Value("q", START), multiprocessing.Value("i", 0)
    config = replace(loads(demo_config(services), "the demo's configuration", {}, cwd=Path.cwd()), keep=_KEEP)

    def serve() -> None:
        with DemoServer(config.templates, services=services, now=lambda: int(now.value)) as server:
            port.value = int(server.url.rpartition(":")[2])
            time.sleep(DAY)

    process = multiprocessing.get_context("fork").Process(target=serve, daemon=True)
    process.start()
    while port.value == 0:
        time.sleep(0.05)
    url = f"http://127.0.0.1:{port.value}"

    def set_clock(at: int) -> None:
        now.value = at + MINUTE

    yield replace(config, prometheus=replace(config.prometheus, url=url)), set_clock
    process.terminate()


def _in_process(work: Callable[[], object]) -> Cost:
    """Do some work in a process of its own.

    Raises:
        RuntimeError: it failed, and printed why.
    """
    started, child = time.monotonic(), os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - the process ends here
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError("a build failed")
    return Cost(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _print(number: int, root: Path, cost: Cost) -> None:
    sizes = [path.stat().st_size for path in root.rglob("*") if path.is_file()]
    figures = f"{len(sizes):5}  {sum(sizes) / 1e6:5.1f}  {cost.seconds:7.2f}  {cost.cpu:7.2f}  {cost.megabytes:9.0f}"
    print(f"{number:5}  {figures}", flush=True)


def _growth(costs: list[Cost]) -> Iterator[str]:
    """What the last ten builds take more than the builds 6 to 15. Medians: one build may have waited."""

    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    early, late = costs[5:15], costs[-10:]
    for what, limit, value in (
        ("CPU seconds", _SLOWER, lambda cost: cost.cpu),
        ("megabytes of memory", _LARGER, lambda cost: cost.megabytes),
    ):
        before, after = median([value(cost) for cost in early]), median([value(cost) for cost in late])
        print(f"{what}: {before:.2f} in the 6th to 15th build, {after:.2f} in the last ten")
        if after > before * limit:
            yield f"{what} of a build grew from {before:.2f} to {after:.2f}"


def _afterwards(root: Path, folder: Path) -> Iterator[str]:
    """Use the folder as a user does; a sentence for each fault."""
    made = archive_index.load(root)
    assert made is not None
    yield from _chain(root, made.reports)
    filing, _ = prune(root, _STRICT, dry_run=False)
    _, html = bundle(root, "latest")
    print(f"pruned to {len(filing.result.index.entries)} reports of {made.reports}, bundled {len(html) / 1e6:.1f} MB")
    target = Folder(folder / "www")
    sent = publish(target, root, START + 400 * STEP, PublishRequest(), Quiet())
    again = restore(target, folder / "elsewhere", RestoreRequest(Scope(everything=True)), Quiet())
    found = verify(target, VerifyRequest(everything=True))
    print(f"published {len(sent.sent_files)} files, restored {len(again.fetched_files)}, verified {found.files}")
    yield from found.wrong
    yield from _chain(folder / "elsewhere", made.reports)


def _chain(root: Path, reports: int) -> Iterator[str]:
    """Faults of the chain of all reports, kept or thinned."""
    index = archive_index.load(root)
    assert index is not None
    thinned = [entry for day in index.thinned for entry in thinned_lists.load(root, day)]
    yield from chain_faults(index, thinned)
    listed = {entry.number for entry in (*index.entries, *thinned)}
    missing = sorted(set(range(1, reports + 1)) - listed)
    if missing:
        yield f"{root.name} lists {len(listed)} of {reports} reports; the first that is missing is number {missing[0]}"
    newest = index.newest
    print(f"{root.name}: {len(listed)} reports in the chain, the newest of {'-' if newest is None else iso(newest.at)}")


if __name__ == "__main__":
    sys.exit(main())
