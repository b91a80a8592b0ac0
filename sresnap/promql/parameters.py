"""Fills a preset's parameters into its texts. What is left is a template, with labels and variables to fill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sresnap.model.windows import parse_duration
from sresnap.promql import escaped_for
from sresnap.promql.literals import escaped, quote
from sresnap.promql.names import hole_of, is_plain_metric, label_text, labels_text
from sresnap.promql.template import Hole, Piece, Place, TemplateError, parse, parse_joined

_SUFFIX = re.compile(r"[A-Za-z0-9_:]+")


class Kind(StrEnum):
    """What a parameter's value is."""

    LABELS = "labels"
    """One label's name or several. Among matchers they select the service: `a=~"{a}", b=~"{b}"`."""
    LABEL = "label"
    METRIC = "metric"
    REGEX = "regex"
    """A regular expression, in a regex matcher."""
    VALUE = "value"
    """A text, in a string."""
    MATCHERS = "matchers"
    """Further matchers, after others or first; none when empty."""
    NUMBER = "number"
    """A number, outside of strings."""
    DURATION = "duration"
    """A duration, outside of strings and for `period`. `{a_seconds}` is its number of seconds."""
    UNIT = "unit"
    """Of a latency; only for `unit`."""


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value, checked."""

    kind: Kind
    texts: tuple[str, ...]
    """Names of labels; otherwise one text."""


def fill(text: str, values: Mapping[str, Value]) -> str:
    """A preset's text with the parameters that are known. Each value is written for where it stands.

    >>> fill("sum by ({identity}) (x{{{identity}}})", {"identity": Value(Kind.LABELS, ("job",))})
    'sum by (job) (x{{job=~"{job}"}})'

    Raises:
        TemplateError: a value cannot stand where its placeholder is, or the text cannot be read.
    """
    parts: list[str] = []
    values = _with_seconds(values)
    for piece in _pieces(text, values):
        if isinstance(piece, str):
            parts.append(_doubled(piece))
        elif piece.name not in values:
            parts.append(f"{{{piece.name}}}")
        else:
            parts.append(_written(piece, values[piece.name], is_first="".join(parts).rstrip().endswith(("{{", ","))))
    return "".join(parts)


def _pieces(text: str, values: Mapping[str, Value]) -> Iterable[Piece]:
    """The pieces of a text. Only a metric whose name has dots needs to see them token by token."""
    if any(value.kind is Kind.METRIC and not is_plain_metric(value.texts[0]) for value in values.values()):
        return _named(parse(text), values)
    return parse_joined(text)


def _named(pieces: Sequence[Piece], values: Mapping[str, Value]) -> Iterator[Piece]:
    """The pieces, with metrics whose names have dots among their matchers.

    `{total}_sum{a="b"}` is `{__name__="http.requests_sum", a="b"}`.
    """
    left = list(pieces)
    while left:
        piece = left.pop(0)
        value = values.get(piece.name) if isinstance(piece, Hole) and piece.place is Place.CODE else None
        if value is None or value.kind is not Kind.METRIC or is_plain_metric(value.texts[0]):
            yield piece
            continue
        name = value.texts[0]
        while left and isinstance(left[0], str) and _SUFFIX.fullmatch(left[0]):
            name += str(left.pop(0))
        has_matchers = bool(left) and left[0] == "{"
        yield f"{{__name__={quote(name)}{', ' if has_matchers else '}'}"
        if has_matchers:
            left.pop(0)


def _with_seconds(values: Mapping[str, Value]) -> Mapping[str, Value]:
    durations = {name: value.texts[0] for name, value in values.items() if value.kind is Kind.DURATION}
    seconds = {f"{name}_seconds": f"{parse_duration(text):g}" for name, text in durations.items()}
    return {name: Value(Kind.NUMBER, (text,)) for name, text in seconds.items()} | dict(values)


def _written(hole: Hole, value: Value, *, is_first: bool) -> str:  # noqa: PLR0911 - one case per kind
    match value.kind:
        case Kind.LABELS if hole.in_braces:
            return ", ".join(f'{label_text(name)}=~"{{{hole_of(name)}}}"' for name in value.texts)
        case Kind.MATCHERS if hole.in_braces:
            text = value.texts[0]
            return _doubled(text if is_first or not text else f", {text}")
        case Kind.LABELS if hole.place is Place.CODE:
            return labels_text(value.texts)
        case Kind.LABEL if hole.place is Place.CODE:
            return label_text(value.texts[0])
        case Kind.LABELS if len(value.texts) > 1:
            raise TemplateError(f"{{{hole.name}}} is one label here, and several are given: {', '.join(value.texts)}")
        case Kind.REGEX if hole.place in {Place.MATCHER, Place.REGEX}:
            return _doubled(_regex(hole, value.texts[0]))
        case Kind.LABELS | Kind.LABEL | Kind.METRIC:
            return escaped_for(hole, value.texts)
        case Kind.NUMBER | Kind.DURATION if hole.place is Place.CODE and not hole.in_braces:
            return value.texts[0]
        case Kind.VALUE if hole.place is not Place.CODE:
            return _doubled(escaped_for(hole, value.texts))
        case _:
            raise TemplateError(f"{{{hole.name}}} stands where no {value.kind} can be")


def _regex(hole: Hole, regex: str) -> str:
    # A neighbour must see one unit.
    unit = regex if hole.is_whole_string else f"(?:{regex})"
    if hole.quote != "`":
        return escaped(unit, hole.quote)
    if "`" in unit:
        raise TemplateError(f'{{{hole.name}}} is in a raw string, where no backtick can be put: quote it with "')
    return unit


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
