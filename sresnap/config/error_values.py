"""Reads which values of labels look like errors from presets/error-values.yaml."""

from __future__ import annotations

import re
from functools import cache

import yaml

from sresnap.resources import bundled


def looks_like_error(value: str) -> bool:
    """Whether a label's value names an error of the server: `500`, `SERVER_ERROR`, `failed`; not `CLIENT_ERROR`."""
    errors, others = _patterns()
    return errors.fullmatch(value) is not None and others.fullmatch(value) is None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Read once per process."""
    table = yaml.safe_load((bundled("presets") / "error-values.yaml").read_text("utf-8"))
    errors, others = (re.compile("|".join(table[key]), re.IGNORECASE) for key in ("errors", "not_errors"))
    return errors, others
