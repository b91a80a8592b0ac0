"""Reads the default error budget policy from presets/policy.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml

from sresnap.model.service import PolicyText
from sresnap.resources import bundled


@cache
def default_policy() -> Mapping[str, PolicyText]:
    """The policy's text by status. Read once per process."""
    texts = yaml.safe_load((bundled("presets") / "policy.yaml").read_text("utf-8"))
    return {status: PolicyText(entry["text"], entry.get("link")) for status, entry in texts.items()}
