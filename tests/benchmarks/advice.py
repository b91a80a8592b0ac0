"""`python -m tests.benchmarks.advice`: what advice on an objective costs, beside plain Python.

First 20 SLOs with 200 targets over 5 windows are compared with brute force, and both are timed. Then a service of two
years with three SLOs is advised on as `sresnap advise` and the service's page do it.
"""

from __future__ import annotations

import time

from sresnap.compute.advice.advise import advise
from sresnap.config import burn_pairs
from tests.unit.compute.advice.pasts import random_past
from tests.unit.compute.advice.test_brute_force import brute, targets, totals

SLOS = 20
TARGETS = 200
TWO_YEARS = 730


def compared(seed: int) -> tuple[float, float]:
    """The seconds of the advisor and of brute force for one SLO.

    Raises:
        AssertionError: they differ.
    """
    past, asked = random_past(seed, 364 if seed == 0 else 124), targets(seed, TARGETS)
    began = time.process_time()
    advice = advise(past, (), asked)
    between = time.process_time()
    for window in past.windows:
        ends = [list(totals(past, end, window)) for end in (past.low, past.high)]
        expected = [brute(past, ends, window, target) for target in asked] if advice.past(window.name).is_enough else []
        found = [(each.met, each.missed, each.open, each.frozen_days, each.days) for each in advice.of(window.name)]
        assert found == expected, (seed, window.name)
    return between - began, time.process_time() - between


def main() -> None:
    """Print both."""
    fast, slow = map(sum, zip(*(compared(seed) for seed in range(SLOS)), strict=True))
    print(
        f"{SLOS} SLOs x {TARGETS} targets x 5 windows: {fast:.2f} s, brute force {slow:.2f} s, {slow / fast:.0f} times"
    )
    pasts = [random_past(seed, TWO_YEARS) for seed in range(3)]
    began = time.process_time()
    for past in pasts:
        advise(past, burn_pairs())
    print(f"a service of two years, 3 SLOs, with pages and tickets: {time.process_time() - began:.2f} s")


if __name__ == "__main__":
    main()
