"""Candidates and rows for tests of what is chosen, without a Prometheus."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sresnap.config.preset_files import preset_file
from sresnap.discovery.candidates import candidates
from sresnap.discovery.choose import choose
from sresnap.discovery.preset_metrics import metrics_of
from sresnap.discovery.survey import row, survey


def candidate(name, *, without=()):
    """A shipped preset whose metrics all exist, but for some."""
    preset = preset_file(name, Path())
    names = set(_metrics(name)) - set(without)
    return next(iter(candidates([preset], names)))


@cache
def _metrics(name):
    return metrics_of(preset_file(name, Path())).metrics


def chosen(name, *rows, without=()):
    """What is chosen of a preset whose series have these labels; each counted 1,000 events, or its `events`."""
    one = candidate(name, without=without)
    asked = survey(one)
    found = []
    for labels in rows:
        events = labels.pop("events", 1000.0)
        codes = {f"sresnap_has_{code}": "1" for code in labels.pop("codes", "code").split()}
        found.append(row({**labels, **codes}, events))
    return choose(one, asked, found)
