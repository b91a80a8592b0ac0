"""Try thousands of mutated inputs: `python -m tests.fuzz --inputs 3000`, or `--seconds 3600` for as long as that.

Each input follows from the seed, its kind and its number, so a fault can be tried again: `--only KIND --number N`.
"""

from __future__ import annotations

import argparse
import ctypes
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from unittest.mock import patch

import stamina

from sresnap.publish import download
from tests.fuzz.subjects import ALL, Subject

_MOST_MEMORY = 1_000_000_000
_M_ARENA_MAX = -8
"""Of glibc's malloc.h. Without it, each thread reserves 64 MB of addresses, and those are what the limit counts."""
_SLOW_SECONDS = 5.0
"""CPU time that no input may take."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--inputs", type=int, default=3000)
    parser.add_argument("--seconds", type=float, help="continue until so much time has passed")
    parser.add_argument("--only", choices=[subject.name for subject in ALL])
    parser.add_argument("--number", type=int, help="try one input")
    chosen = parser.parse_args()
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    stamina.set_testing(True, attempts=100, cap=True)  # retries do not wait
    kinds = [kind for kind in ALL if chosen.only in (None, kind.name)]
    # Neither does a restore that finds another publication under way.
    with tempfile.TemporaryDirectory() as folder, patch.object(download.time, "sleep"):
        subjects = [kind(Path(folder, kind.name)) for kind in kinds]
        numbers = [chosen.number] if chosen.number is not None else None
        return search(subjects, chosen.seed, chosen.inputs, chosen.seconds, numbers)


def search(
    subjects: list[Subject], seed: int, inputs: int, seconds: float | None = None, numbers: list[int] | None = None
) -> int:
    """Try inputs, once or until some seconds have passed, and print the faults; the exit code."""
    began, tried, faults = time.monotonic(), Counter[str](), 0
    begun_cpu, done = time.process_time(), 0
    while True:
        for subject in subjects:
            count = max(1, round(inputs * subject.share / 1000))
            for number in numbers or range(done * count, (done + 1) * count):
                fault = _fault(subject, seed, number)
                tried[subject.name] += 1
                if fault is not None:
                    faults += 1
                    print(f"FAULT --seed {seed} --only {subject.name} --number {number}: {fault}", flush=True)
        done += 1
        if numbers or seconds is None or time.monotonic() - began > seconds:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    kinds = ", ".join(f"{name} {count}" for name, count in tried.items())
    print(f"{tried.total()} inputs ({kinds}): {faults} faults; {time.monotonic() - began:.0f} s, "
          f"{time.process_time() - begun_cpu:.0f} s of CPU, {peak} MB")  # fmt: skip
    return 1 if faults else 0


def _fault(subject: Subject, seed: int, number: int) -> str | None:
    started = time.process_time()
    fault = subject.fault(Random(f"{seed}:{subject.name}:{number}"))
    took = time.process_time() - started
    return f"{took:.0f} s of CPU" if fault is None and took > _SLOW_SECONDS else fault


if __name__ == "__main__":
    sys.exit(main())
