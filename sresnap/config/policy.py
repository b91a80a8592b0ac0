"""Reads the default error budget policy from presets/policy.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sresnap.model.service import PolicyText
from sresnap.resources import bundled_yaml


@cache
def default_policy() -> Mapping[str, PolicyText]:
    """The policy's text by status. Read once per process."""
    texts = bundled_yaml("presets", "policy.yaml")
    return {status: PolicyText(entry["text"], entry.get("link")) for status, entry in texts.items()}
