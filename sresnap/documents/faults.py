"""Says in words what is wrong with a stored file. Pydantic's own texts are for programmers and may change."""

from __future__ import annotations

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "is missing",
    "bool_type": "is not true or false",
    "dataclass_type": "is not an object",
    "dict_type": "is not an object",
    "mapping_type": "is not an object",
    "float_type": "is not a number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "string_type": "is not a text",
    "none_required": "is not null",
    "finite_number": "is not a finite number",
    "int_parsing_size": "is too large a number",
    "greater_than": "is too small a number",
    "greater_than_equal": "is too small a number",
    "less_than": "is too large a number",
    "less_than_equal": "is too large a number",
    "too_short": "has too few values",
    "too_long": "has too many values",
}
"""By pydantic's name of a mistake."""
_OTHER = "is not what sresnap writes there"
_PLACE = re.compile(r"line \d+ column \d+")


def fault(error: ValidationError, longest: int) -> str:
    """The first mistake with its place: `services.0.name is missing`.

    Args:
        error: what pydantic found.
        longest: characters of the place. An edited file may have keys of any length.
    """
    first = _first(error)
    where = ".".join(str(part) for part in first["loc"] if part != "[key]")[:longest]
    if first["type"] == "value_error":
        return f"{where}: {first['msg'].removeprefix('Value error, ')}"
    return f"{where} {_WORDS.get(first['type'], _OTHER)}".strip()


def syntax_fault(error: ValidationError, content: bytes) -> str | None:
    """Why a file is not JSON; None when it is."""
    first = _first(error)
    if first["type"] != "json_invalid":
        return None
    if not content.strip():
        return "is empty"
    place = _PLACE.search(first["msg"])
    where = f" ({place[0].replace(' column', ', column')})" if place else ""
    if "EOF" in first["msg"]:
        return f"is not JSON: it is cut short{where}"
    return f"is not JSON: it is nested too deeply{where}" if "recursion" in first["msg"] else f"is not JSON{where}"


def _first(error: ValidationError) -> ErrorDetails:
    return error.errors(include_url=False, include_context=False, include_input=False)[0]
