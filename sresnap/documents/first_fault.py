"""Validates a large file up to its first fault. Pydantic collects all of them, in a hundred times the file's size."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema


class FirstFaultError(Exception):
    """Ends a validation. Pydantic lets pass what is not a ValueError."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(str(error.error_count()))
        self.error = error


def stopping(schema: Any) -> SchemaValidator:
    """A validator that stops at the first fault in a list or a mapping, for what a class is validated with."""
    return SchemaValidator(_changed(schema))


def _changed(schema: Any) -> Any:
    if isinstance(schema, list | tuple):
        return type(schema)(_changed(item) for item in schema)
    if not isinstance(schema, dict):
        return schema
    changed = {key: _changed(value) for key, value in schema.items()}
    if schema.get("type") in {"list", "tuple", "set", "frozenset"}:
        return {**changed, "fail_fast": True}
    if schema.get("type") == "dict":
        for part in ("keys_schema", "values_schema"):
            if part in changed:
                changed[part] = core_schema.no_info_wrap_validator_function(_or_stop, changed[part])
    return changed


def _or_stop(value: Any, validate: Any) -> Any:
    try:
        return validate(value)
    except ValidationError as error:
        raise FirstFaultError(error) from None
