"""Cuts a line where it leaves a chart at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def above(bottom: float, xs: Sequence[float], ys: Sequence[float]) -> tuple[list[float], list[float | None]]:
    """The parts of a line that are not lower than the bottom. It ends and begins again on the bottom itself.

    From 0 at 0 to −4 at 1, cut at −1: a quarter of the way, so it ends at x = 0.25.
    """
    found: list[tuple[float, float | None]] = [(xs[0], ys[0] if ys[0] >= bottom else None)]
    for (x, y), (next_x, next_y) in pairwise(zip(xs, ys, strict=True)):
        leaves, returns = y >= bottom > next_y, y < bottom <= next_y
        if leaves or returns:
            found.append((x + (next_x - x) * (y - bottom) / (y - next_y), bottom))
        found.append((next_x, next_y if next_y >= bottom else None))
    return [x for x, _ in found], [y for _, y in found]
