"""All rounding. Numbers become text only here, for pages and for a status's reason.

Nothing rounds up to 100 % or down to 0 %, nothing loses its sign, and an SLI never looks like the objective that it
missed. None is always `—`. Units follow a no-break space; thousands are separated by a narrow one.
"""

from __future__ import annotations

from sresnap.format.digits import MINUS, NONE, SPACE, THIN
from sresnap.format.numbers import count, count_of, exact, file_size, number, number_up, size, whole_megabytes
from sresnap.format.quantities import latency, quantity, rate, tick
from sresnap.format.ratios import burn_rate, objective, percent, percent_floor, percent_signed, sli, threshold
from sresnap.format.text import plain, some
from sresnap.format.times import duration, every, month_name, part_of, period_name, window, window_phrase

__all__ = [
    "MINUS",
    "NONE",
    "SPACE",
    "THIN",
    "burn_rate",
    "count",
    "count_of",
    "duration",
    "every",
    "exact",
    "file_size",
    "latency",
    "month_name",
    "number",
    "number_up",
    "objective",
    "part_of",
    "percent",
    "percent_floor",
    "percent_signed",
    "period_name",
    "plain",
    "quantity",
    "rate",
    "size",
    "sli",
    "some",
    "threshold",
    "tick",
    "whole_megabytes",
    "window",
    "window_phrase",
]
