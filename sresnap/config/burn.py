"""Reads the multi-window burn-rate pairs from presets/burn-windows.yaml."""

from __future__ import annotations

from functools import cache

from sresnap.model.events import BurnPair
from sresnap.model.windows import parse_duration
from sresnap.resources import bundled_yaml


@cache
def burn_pairs() -> tuple[BurnPair, ...]:
    """The pairs in the file's order, fastest first. Read once per process."""
    rows = bundled_yaml("presets", "burn-windows.yaml")
    return tuple(
        BurnPair(
            severity=row["severity"],
            budget_share=row["budget_share"],
            long_seconds=int(parse_duration(row["long"])),
            short_seconds=int(parse_duration(row["short"])),
        )
        for row in rows
    )
