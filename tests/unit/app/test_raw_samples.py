"""Selectors of the targets of many series."""

import numpy as np

from sresnap.app.raw_samples import _processes
from sresnap.model.raw import RawSeries


def of(*instances):
    return [RawSeries({"instance": name}, np.array([]), np.array([])) for name in instances]


def test_the_targets_of_a_large_fleet_are_read_by_several_selectors_each_within_the_limit():
    targets = of(*(f"10.0.{n // 256}.{n % 256}:8080" for n in range(1000)))
    selectors = _processes(targets, 4000)
    assert max(len(text.encode()) for text in selectors) <= 4000
    named = [name for text in selectors for name in text.partition('instance=~"')[2].rstrip('"}').split("|")]
    assert sorted(named) == sorted({one.labels["instance"].replace(".", "\\\\.") for one in targets})


def test_series_without_a_target_need_no_selector():
    assert _processes([RawSeries({}, np.array([]), np.array([]))], 4000) == []
