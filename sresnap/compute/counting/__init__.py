"""Events of counters from raw samples: what a restart, a gap, a birth or other labels leave open gets a bound."""

from sresnap.compute.counting.copies import copied_targets, union
from sresnap.compute.counting.count import Counted, count
from sresnap.compute.counting.target import COARSE_STEP, ProcessSamples, TargetKey, target_key

__all__ = [
    "COARSE_STEP",
    "Counted",
    "ProcessSamples",
    "TargetKey",
    "copied_targets",
    "count",
    "target_key",
    "union",
]
