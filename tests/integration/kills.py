"""Kills commands at random moments, and looks at what they and their next run leave.

Run it as `python -m tests.integration.kills 100`, with the names of commands to kill only those. AWS_ENDPOINT_URL may
name a store that runs already.

The commands run in forks of this process, since a start of Python takes longer than most of them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from random import Random

import click

from sresnap.app import build
from sresnap.cli import main
from sresnap.cli.commands import COMMANDS, cli
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.model.windows import MINUTE, iso, parse_time
from sresnap.publish.targets import lease
from sresnap.publish.targets.folder import Folder
from tests.integration import sites
from tests.integration.object_stores import BUCKET, environment, store
from tests.integration.small_demo import small_demo

AT = parse_time("2026-03-15T12:00:00Z")
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
NO_END = 99
"""The exit code of a fork that was hit outside of the program, or whose error passed it."""
OWN = ("sresnap", "tmp")
"""How names of temporary files and folders begin."""


class Killing:
    """One command that is killed again and again. Each round works on a copy of the same folder."""

    def __init__(self, folder: Path, name: str, command: list[str], work: Path, random: Random) -> None:
        self.name, self._command, self._start, self._random = name, command, work, random
        self._folder = folder / name
        self._folder.mkdir()
        self._number = 0
        self.ends: Counter[str] = Counter()
        self.seconds = self._undisturbed()

    def round(self, number: signal.Signals) -> list[str]:
        """Kill the command, then let it run: what is wrong."""
        self._number += 1
        work = self._copy()
        child = self._fork(work)
        time.sleep(self._random.random() * self.seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.ends[f"{number.name} {code}"] += 1
        printed = self._printed()
        faults = [] if code in self._expected(number) else [f"{number.name} ended with {code}: {printed[-500:]}"]
        faults += [f"{number.name} printed {printed[-2000:]}"] if "Traceback" in printed else []
        if number is not signal.SIGKILL:
            faults += [f"{number.name} left {name}" for name in self._leftovers(work)]
        # What kill -9 cannot end, such as a git that sends a commit, ends on its own.
        faults += (
            [f"{number.name}: a child is still there"]
            if _outlives(child, 20 if number is signal.SIGKILL else 0.5)
            else []
        )
        code = os.waitstatus_to_exitcode(os.waitpid(self._fork(work), 0)[1])
        if code not in (0, 3):
            faults.append(f"the run after {number.name} ended with {code}: {self._printed()[-500:]}")
        return faults + [f"the run after {number.name} left {name}" for name in self._leftovers(work)]

    def _expected(self, number: signal.Signals) -> tuple[int, ...]:
        """A signal before or after the program handles it ends the process, for which shells report 128 + number."""
        return (0, 3, -number) if number is signal.SIGKILL else (0, 3, -number, 128 + number)

    def _undisturbed(self) -> float:
        began = time.monotonic()
        code = os.waitstatus_to_exitcode(os.waitpid(self._fork(self._copy()), 0)[1])
        assert code in (0, 3), self._printed()
        return time.monotonic() - began

    def _copy(self) -> Path:
        work = self._folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self._start, work, symlinks=True)
        (work / "tmp").mkdir()
        return work

    def _fork(self, work: Path) -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS[:2])  # a fork has the handlers of this process at first
        child = os.fork()
        if child:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[:2])
            return child
        code = NO_END
        try:
            os.setsid()
            os.chdir(work)
            for number in SIGNALS[:2]:  # a shell makes what it starts in the background ignore them
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[:2])
            os.environ["TMPDIR"] = tempfile.tempdir = str(work / "tmp")
            output = os.open(self._folder / "printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            sys.argv = ["sresnap", *(part.format(round=self._number) for part in self._command)]
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:  # noqa: BLE001 - nothing may pass the program, from its import to its end
            traceback.print_exc()
        finally:
            threading._shutdown()  # what Python does at its end
            weakref.finalize._exitfunc()
            os._exit(code)

    def _printed(self) -> str:
        return (self._folder / "printed").read_text()

    def _leftovers(self, work: Path) -> list[str]:
        found = list(work.rglob("*.sresnap-tmp"))
        found += [path for path in (work / "tmp").iterdir() if path.name.startswith(OWN)]
        return [f"{path.relative_to(work)} {sorted(item.name for item in path.glob('*'))}" for path in found]


def _outlives(leader: int, seconds: float) -> bool:
    """Whether processes of an ended command are still there, some time later."""
    until = time.monotonic() + seconds
    while _of_session(leader):
        if time.monotonic() > until:
            return True
        time.sleep(0.02)
    return False


def _of_session(leader: int) -> bool:
    for about in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, session = about.read_text().rpartition(")")[2].split()[:4]
            if int(session) == leader and state != "Z":
                return True
    return False


@contextlib.contextmanager
def world(folder: Path, names: set[str]) -> Iterator[dict[str, tuple[list[str], Path]]]:
    """By name, each command and the folder that it begins with."""
    start = folder / "start"
    shared = os.environ.get("AWS_ENDPOINT_URL")
    for number in range(3):
        sites.build(start / "public", number, pages=12)
        if number < 2:
            sites.publish(Folder(start / "www"), start / "public")
    subprocess.run(["git", "init", "--quiet", "--bare", str(start / "bare.git")], check=True)
    (start / "prune.yaml").write_text(
        "services: [{name: api, slo_target: 99}]\nprovider: http\n"
        "archive: {keep: {every: null, hourly: null, daily: 90d, weekly: null, monthly: null}}\n"
    )
    found = {
        "publish to a folder": (["publish", "file:www"], start),
        "publish to a branch": (["publish", "gh-pages:bare.git"], start),
        "restore": (["restore", "file:www", "--all", "--out", "got"], start),
        "prune": (["archive", "prune", "--config", "prune.yaml"], start),
    }
    with contextlib.ExitStack() as stack:
        if "publish to a bucket" in names:
            # The lease of a publisher that was killed lasts a minute.
            short = dataclasses.replace(lease.Timing(), lasts=1.0, settles=0.1)
            lease.Timing.__init__.__defaults__ = dataclasses.astuple(short)
            url = shared or stack.enter_context(store("seaweedfs", folder / "store"))
            stack.enter_context(environment(url))
            prefix = f"s3://{BUCKET}/{secrets.token_hex(4)}"
            found["publish to a bucket"] = (["publish", f"{prefix}/{{round}}"], start)
        if "build" in names:
            config = loads(demo_config(1), "demo", {}, cwd=None)
            server = stack.enter_context(DemoServer(config.templates, services=1, now=lambda: AT + MINUTE))
            built = folder / "built"
            built.mkdir()
            text = small_demo(server.url)
            (built / "sresnap.yaml").write_text(text)
            # Not in a process: what it imports and reads once, each fork has from the start.
            build.build(loads(text, "demo", {}, cwd=None), built / "public", AT, AT)
            found["build"] = (["build", "--at", iso(AT + MINUTE)], built)
        yield found


@dataclasses.dataclass(frozen=True)
class _Removal:
    folder: Path

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


ALL = ("build", "publish to a folder", "publish to a branch", "publish to a bucket", "restore", "prune")


def kill(rounds: int, names: Collection[str], seed: int) -> list[str]:
    """Kill each command so often, and say what was wrong."""
    for name in COMMANDS:  # what a fork has imported already
        cli.get_command(click.Context(cli), name)
    found_faults: list[str] = []
    folder = Path(tempfile.mkdtemp())  # a TemporaryDirectory would be removed by each fork
    with contextlib.closing(_Removal(folder)), world(folder, set(names)) as found:
        for position, name in enumerate(names):
            command, start = found[name]
            killing = Killing(folder, name, command, start, Random(f"{seed}:{name}"))
            began, wrong = time.monotonic(), []
            for number in range(rounds):
                wrong += killing.round(SIGNALS[(position + number) % len(SIGNALS)])
            ends = ", ".join(f"{end}: {count}" for end, count in sorted(killing.ends.items()))
            print(f"{name}: {rounds} kills within {killing.seconds:.2f} s ({ends}); {len(wrong)} faults; "
                  f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
            for fault in wrong[:10]:
                print(f"  {fault}", flush=True)
            found_faults += [f"{name}: {fault}" for fault in wrong]
    return found_faults


if __name__ == "__main__":
    chosen = tuple(name for name in ALL if name in sys.argv[2:]) or ALL
    sys.exit(1 if kill(int(sys.argv[1]), chosen, seed=1) else 0)
