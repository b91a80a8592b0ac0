"""Validates a file by its shape: finds every mistake, and keeps the valid part of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sresnap.config.expected import ExpectedError, nearest, nearest_choice, shown
from sresnap.config.source import MOST_KEY, KeyPath, Source, dotted
from sresnap.errors import Mistake
from sresnap.printable import quotable

Shape = TypeVar("Shape", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "list_type": "a list",
    "too_short": "at least one",
    "string_too_short": "text that is not empty",
    "string_pattern_mismatch": "text of another form",
    "finite_number": "a number that is not infinite",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "bool_parsing": "true or false",
    "mapping_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "none_required": "nothing",
    "recursion_loop": "a value that does not contain itself",
}
_BOUNDS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "at most {}"),
    "multiple_of": ("multiple_of", "a multiple of {}"),
    "string_too_long": ("max_length", "at most {} characters"),
}
"""By the kind of an error, the limit in its context, and what to say of it."""
_REACHING = ("prometheus", "sources")
"""Sections that may hold secrets by mistake."""
_PUBLIC = {"timeout", "deadline", "concurrency", "raw_samples", "replica_labels", "dialect", "insecure_skip_verify"}
_SECRETS = {
    "bearer_token": "secrets do not belong here: name a variable in bearer_token_env or a file in bearer_token_file",
    "password": "secrets do not belong here: name a variable in password_env or a file in password_file",
}
# Text that YAML may read as a number, a date or a truth value: a label `version: 1.10` means the text.
_LITERAL_TEXT = re.compile(
    r"title|default_service|source|(groups|services)\[\d+\]\.((labels|parameters)\..*|source|owner|team|description|tags\[\d+\])"
    r"|services\[\d+\]\.(name|slos\[\d+\]\.name)|parameters\..*|corrections\[\d+\]\.(reason|start|end)"
    r"|tests\[\d+\]\.(labels|parameters)\..*",
    re.DOTALL,
)
_MOST_HINTS = 1000
"""Looking for the nearest known key takes a tenth of a millisecond for each unknown one."""
# Greedy: a password may hold a / or a space that should have been %2F or %20.
_WITH_LOGIN = re.compile(r"://.*@", re.DOTALL)
_WITH_QUERY = re.compile(r"://\S*\?")


@dataclass(frozen=True, slots=True)
class Validated(Generic[Shape]):
    """The valid part of a file, and its mistakes."""

    shape: Shape
    source: Source
    mistakes: tuple[Mistake, ...]
    positions: Mapping[KeyPath, tuple[int, ...]]
    """By path of a list, the positions of its items in the file, because invalid items are left out."""

    def position(self, path: KeyPath, index: int) -> int:
        return self.positions[path][index] if path in self.positions else index


def validate(shape: type[Shape], source: Source) -> Validated[Shape]:
    """Validate a file. Wrong parts are reported and left out, and the rest is validated."""
    data = _as_written(source, source.data, ())
    mistakes: list[Mistake] = []
    bad: set[KeyPath] = set()
    while True:
        positions: dict[KeyPath, tuple[int, ...]] = {}
        rest = _without(data, bad, (), positions)
        try:
            result = shape.model_validate(rest)
        except ValidationError as error:
            problems = error.errors(include_url=False)
        else:
            return Validated(result, source, (*source.mistakes, *mistakes), positions)
        first = not bad
        for number, problem in enumerate(problems):
            path = _original(tuple(part for part in problem["loc"] if str(part)[:1] != "("), positions)
            bad.add(_present(data, path[:-1] if problem["type"] == "missing" else path))
            if first:
                # Later rounds only find parts that the first round's mistakes left incomplete.
                mistakes.append(_explain(shape, source, data, path, dict(problem), hints=number < _MOST_HINTS))
        if () in bad:
            bad = {(key,) for key in data}


def _as_written(source: Source, value: Any, path: KeyPath) -> Any:
    if isinstance(value, dict):
        return {key: _as_written(source, item, (*path, key)) for key, item in value.items() if path or item is not None}
    if isinstance(value, list):
        return [_as_written(source, item, (*path, index)) for index, item in enumerate(value)]
    if value is None or isinstance(value, str):
        return value
    return source.texts.get(path, str(value)) if _LITERAL_TEXT.fullmatch(dotted(path)) else value


def _without(data: Any, bad: set[KeyPath], path: KeyPath, positions: dict[KeyPath, tuple[int, ...]]) -> Any:
    if isinstance(data, dict):
        return {k: _without(v, bad, (*path, k), positions) for k, v in data.items() if (*path, k) not in bad}
    if isinstance(data, list):
        kept = tuple(index for index in range(len(data)) if (*path, index) not in bad)
        positions[path] = kept
        return [_without(data[index], bad, (*path, index), positions) for index in kept]
    return data


def _original(path: KeyPath, positions: Mapping[KeyPath, tuple[int, ...]]) -> KeyPath:
    result: KeyPath = ()
    for part in path:
        result = (*result, positions[result][part] if isinstance(part, int) and result in positions else part)
    return result


def _present(data: Any, path: KeyPath) -> KeyPath:
    """The longest part of a path that exists in the data."""
    for length, part in enumerate(path):
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return path[:length]
    return path


def _at(data: Any, path: KeyPath) -> Any:
    """The value at a path; None where there is nothing."""
    if _present(data, path) != path:
        return None
    for part in path:
        data = data[part]
    return data


def _found(data: Any, path: KeyPath) -> str:
    if _present(data, path) != path:
        return "nothing"
    data = _at(data, path)
    if isinstance(data, str) and path[0] in _REACHING and path[-1] not in _PUBLIC:
        return "another text"
    if isinstance(data, str) and _WITH_LOGIN.search(data):
        return "an address with a login"
    if isinstance(data, str) and _WITH_QUERY.search(data):  # which may hold a token
        return "an address with a query"
    return shown(data)


def _explain(
    shape: type[BaseModel], source: Source, data: Any, path: KeyPath, problem: dict[str, Any], *, hints: bool
) -> Mistake:
    kind, context = problem["type"], problem.get("ctx") or {}
    if kind == "extra_forbidden":
        return _unknown(shape, source, path, hints=hints)
    found, suggestion = _found(data, path), None
    if kind == "value_error" and isinstance(context.get("error"), ExpectedError):
        expected, suggestion = context["error"].expected, context["error"].suggestion
    elif kind == "too_long":
        expected, found = f"at most {context['max_length']}", str(len(_at(data, path)))
    elif kind == "missing":
        expected = f"the key {path[-1]}"
    elif kind == "literal_error":
        expected = context["expected"].replace("'", "")
        suggestion = nearest_choice(found.strip('"'), re.split(r", | or ", expected))
    else:
        expected = _expected(kind, context)
    if expected == "text" and path in source.texts and not isinstance(_at(data, path), str | list | dict | None):
        suggestion = f'if you mean text, write it in quotes: "{source.texts[path]}"'
    return source.mistake(path, expected, found, suggestion)


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    """What a value should be, never in the words of the library, which may change with it."""
    if kind in _BOUNDS:
        limit, words = _BOUNDS[kind]
        return words.format(context[limit])
    return _EXPECTED.get(kind, "another value: see `sresnap schema`")


def _unknown(shape: type[BaseModel], source: Source, path: KeyPath, *, hints: bool) -> Mistake:
    key = str(path[-1])
    known = sorted(_shape_at(shape, path[:-1]).model_fields)
    suggestion = _SECRETS.get(key) if path[0] in _REACHING else None
    if hints and suggestion is None:
        suggestion = nearest(key, known)
    found = f'the unknown key "{quotable(key, MOST_KEY)}"'
    return source.mistake(path, f"a known key: {', '.join(known)}", found, suggestion)


def _shape_at(shape: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    """The shape of the mapping at a path. A name without a field is a key of a free mapping, such as `queries`."""
    for part in path:
        if part in shape.model_fields:
            shape = next(_shapes(shape.model_fields[str(part)].annotation), shape)
    return shape


def _shapes(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _shapes(argument)
