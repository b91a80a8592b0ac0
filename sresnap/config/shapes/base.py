"""The base of every shape of a configuration file."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A mapping in the file: known keys only, each of the right type."""

    # An error's text must not repeat a secret that is in the wrong place.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True)


def tag(value: Any) -> str:
    """The tag of a value that may be a text or a mapping."""
    return "(mapping)" if isinstance(value, dict | BaseModel) else "(text)"


def list_tag(value: Any) -> str:
    """The tag of a value that may be a list or a mapping."""
    return "(mapping)" if isinstance(value, dict | BaseModel) else "(list)"
