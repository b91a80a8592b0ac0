"""Events of counters from raw samples: what a restart, a gap, a birth or other labels leave open gets a bound."""

from sresnap.compute.counting.copies import copied_targets, union
from sresnap.compute.counting.count import Counted, count
from sresnap.compute.counting.processes import START_TIME, UP, Processes, ProcessSamples
from sresnap.compute.counting.target import COARSE_STEP

__all__ = [
    "COARSE_STEP",
    "START_TIME",
    "UP",
    "Counted",
    "ProcessSamples",
    "Processes",
    "copied_targets",
    "count",
    "union",
]
