"""The parameters of a preset: what it declares, and the values that a file gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sresnap import promql
from sresnap.config.expected import ExpectedError, nearest, nearest_choice, shown
from sresnap.config.readers import LABEL_NAME, is_label, read_labels, seconds
from sresnap.config.shapes.parameters import ParameterShape, ParametersShape
from sresnap.config.source import KeyPath, Source
from sresnap.config.validation import validate
from sresnap.errors import Mistake
from sresnap.model.query import LatencyUnit
from sresnap.model.windows import DAY, format_duration
from sresnap.printable import has_unprintable
from sresnap.promql import TemplateError
from sresnap.promql.names import is_dotted, is_plain_metric, label_text
from sresnap.promql.parameters import Kind, Value, fill

IDENTITY = "identity"
"""The parameter that names the labels of a service."""
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_ANY = {Kind.MATCHERS: "", Kind.NUMBER: "1", Kind.DURATION: "1m"}
"""A value of kinds whose values are not names."""
_VARIABLES = frozenset(
    {"service", "window", "rate", "within", "threshold", "slo", "selector", "siblings", "by", "replicas", "slice"}
)
"""Placeholders that have a meaning of their own."""
_NO_IDENTITY = _VARIABLES - {"service"} | {"le", "__name__"}
"""Labels that cannot select a service: their placeholders are filled with something else, or queries need them."""


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters that one part of a file sets."""

    source: Source
    path: KeyPath
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A preset's file with its parameters filled in."""

    source: Source
    values: Mapping[str, Value]
    """By name."""
    mistakes: tuple[Mistake, ...]


def filled(provider: str, source: Source, given: Sequence[Given], asked: tuple[Source, KeyPath]) -> Filled:
    """Fill the parameters of a preset into its texts.

    Args:
        provider: the preset's name, for messages.
        source: its file.
        given: what wins over its defaults; later ones win over earlier ones.
        asked: the file and the key that name the preset.
    """
    if not isinstance(source.data.get("parameters"), dict):
        data = {key: value for key, value in source.data.items() if key != "parameters" or value is not None}
        mistakes = [_unknown(one, name, provider, ()) for one in given for name in one.values]
        return Filled(replace(source, data=data), {}, tuple(mistakes))
    declared = validate(ParametersShape, replace(source, data={"parameters": source.data["parameters"]}, mistakes=()))
    shapes = declared.shape.parameters
    values, found = _defaults(source, shapes)
    mistakes = [*declared.mistakes, *found]
    for one in given:
        for name, raw in one.values.items():
            if name not in shapes:
                mistakes.append(_unknown(one, name, provider, tuple(shapes)))
                continue
            try:
                values[name] = checked(shapes[name], raw)
            except ExpectedError as error:
                mistakes.append(one.source.mistake((*one.path, name), error.expected, _shown(raw), error.suggestion))
                values.setdefault(name, _any(shapes[name]))
    for name in shapes.keys() - values.keys():
        values[name] = _any(shapes[name])
        file, path = (given[-1].source, (*given[-1].path, name)) if given else asked
        expected = f"the parameter {name}, which {provider} has no default for"
        advice = f"add `parameters: {{{name}: …}}`. It says: {shapes[name].about}"
        mistakes.append(file.mistake(path, expected, "nothing", advice))
    texts, bad = _texts(source, values)
    return Filled(texts, values, (*mistakes, *bad))


def _unknown(given: Given, name: str, provider: str, known: Sequence[str]) -> Mistake:
    expected = f"a parameter of {provider}: {', '.join(known)}" if known else f"no parameters: {provider} has none"
    return given.source.mistake((*given.path, name), expected, f'the unknown parameter "{name}"', nearest(name, known))


def _defaults(source: Source, shapes: Mapping[str, ParameterShape]) -> tuple[dict[str, Value], list[Mistake]]:
    values: dict[str, Value] = {}
    mistakes = []
    for name, shape in shapes.items():
        if name in _VARIABLES or not is_label(name):
            expected = f"a name that is not a placeholder of its own ({', '.join(sorted(_VARIABLES))})"
            mistakes.append(source.mistake(("parameters", name), expected, f'"{name}"'))
        if shape.default is None:
            continue
        try:
            values[name] = checked(shape, shape.default)
        except ExpectedError as error:
            path = ("parameters", name, "default")
            mistakes.append(source.mistake(path, error.expected, _shown(shape.default), error.suggestion))
            values[name] = _any(shape)
    return values, mistakes


def _shown(raw: Any) -> str:
    return shown(list(raw) if isinstance(raw, tuple) else raw)


def _any(shape: ParameterShape) -> Value:
    """A value where there is a mistake, so that the rest of the preset is checked.

    It must raise no mistake of its own: `service` is the one label that every service has, and `seconds` is a unit, a
    metric's name, a regular expression and a text.
    """
    kind = Kind(shape.kind)
    if kind in _ANY:
        return Value(kind, (_ANY[kind],))
    return Value(kind, ("service" if kind in {Kind.LABELS, Kind.LABEL} else "seconds",))


def shown_unset(name: str, shape: ParameterShape) -> str:
    """What shows a parameter that has to be set, where no file sets it: its own name, where that may stand."""
    if shape.choices:
        return shape.choices[0]
    return (_ANY | {Kind.UNIT: LatencyUnit.SECONDS.value}).get(Kind(shape.kind), name)


def checked(shape: ParameterShape, raw: Any) -> Value:
    """A value of a parameter.

    Raises:
        ExpectedError: it is not of the parameter's kind.
    """
    kind = Kind(shape.kind)
    if kind is Kind.LABELS:
        return Value(kind, _labels(raw if isinstance(raw, str) else list(raw)))
    if not isinstance(raw, str):
        raise ExpectedError(f"one {kind}")
    if shape.choices and raw not in shape.choices:
        raise ExpectedError(f"one of {', '.join(shape.choices)}", nearest_choice(raw, shape.choices))
    return Value(kind, (_CHECKS[kind](raw),))


def _labels(raw: str | list[str]) -> tuple[str, ...]:
    names = read_labels(raw)
    taken = next((name for name in names if name in _NO_IDENTITY), None)
    if taken is not None:
        found = f'"{taken}" is {"of each series itself" if taken in ("le", "__name__") else "a placeholder of its own"}'
        raise ExpectedError(
            f"labels that can select a service: {found}", "use another label, or give it another name with relabelling"
        )
    return names


def _label(raw: str) -> str:
    if not is_label(raw) and not is_dotted(raw):
        raise ExpectedError(LABEL_NAME)
    return raw


def _metric(raw: str) -> str:
    if not is_plain_metric(raw) and not is_dotted(raw):
        raise ExpectedError("a metric's name: letters, digits, _ and :, not a digit first")
    return raw


def _value(raw: str) -> str:
    if has_unprintable(raw):
        raise ExpectedError("a text in one line, without tabs and control characters", _in_one_line(raw))
    return raw


def _regex(raw: str) -> str:
    expected = "a regular expression as Prometheus reads it (RE2), such as 5.."
    if has_unprintable(raw):
        raise ExpectedError(f"{expected}, in one line", _in_one_line(raw))
    if not raw or promql.check_syntax(f"x{{a=~{promql.quote(raw)}}}") is not None:
        raise ExpectedError(expected)
    return _without_runs(raw) if r"\Q" in raw else raw


def _without_runs(raw: str) -> str:
    r"""The expression without literal runs, \Q…\E. One that is not closed would take in what follows it in a query."""
    from sresnap.promql.reader import read
    from sresnap.promql.tree import Selector

    found = read(f"x{{a=~{promql.quote(raw)}}}")
    return found.matchers[0].value if isinstance(found, Selector) else raw


def _in_one_line(raw: str) -> str | None:
    return "without | or > before it, which keep the line break at its end" if "\n" in raw else None


def _number(raw: str) -> str:
    """A number as PromQL reads it, not negative: a minus would join what is before it."""
    if not _NUMBER.fullmatch(raw):
        raise ExpectedError("a number that is not negative, such as 1000 or 0.5")
    return raw


def _duration(raw: str) -> str:
    expected = "a duration of whole seconds, at most a day: 30s, 1m, 5m"
    duration = seconds(1, DAY, expected)(raw)
    if duration % 1:
        raise ExpectedError(expected)
    return format_duration(int(duration))


def _matchers(raw: str) -> str:
    """Matchers, written again from what they mean: no text can leave its braces."""
    from sresnap.promql.parser import NotPromqlError  # the parser is loaded only where it is needed
    from sresnap.promql.reader import read
    from sresnap.promql.regexes import objection
    from sresnap.promql.tree import Selector

    text = raw.strip()
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if not inner.strip():
        return ""
    expected = 'matchers, such as env="prod", region=~"eu-.+"'
    try:
        found = read(f"x{{{inner}}}")
    except NotPromqlError as error:
        raise ExpectedError(expected) from error
    if not isinstance(found, Selector) or found.name != "x" or found.moved:
        raise ExpectedError(expected)
    refused = [objection(one.value) for one in found.matchers if one.operator in ("=~", "!~")]
    if any(refused):
        raise ExpectedError(f"{expected}, with regular expressions as Prometheus reads them (RE2)")
    return ", ".join(f"{label_text(one.label)}{one.operator}{promql.quote(one.value)}" for one in found.matchers)


def _unit(raw: str) -> str:
    if raw not in set(LatencyUnit):
        raise ExpectedError(f"a unit: {', '.join(LatencyUnit)}", nearest_choice(raw, LatencyUnit))
    return raw


_CHECKS = {
    Kind.LABEL: _label,
    Kind.METRIC: _metric,
    Kind.VALUE: _value,
    Kind.REGEX: _regex,
    Kind.MATCHERS: _matchers,
    Kind.NUMBER: _number,
    Kind.DURATION: _duration,
    Kind.UNIT: _unit,
}


def _texts(source: Source, values: Mapping[str, Value]) -> tuple[Source, list[Mistake]]:
    """The file without `parameters`, and with their values in all texts of queries and forms."""
    mistakes: list[Mistake] = []

    def inside(data: Any, path: KeyPath) -> Any:
        match data:
            case dict():
                return {key: inside(item, (*path, key)) for key, item in data.items()}
            case list():
                return [inside(item, (*path, index)) for index, item in enumerate(data)]
            case str() if path[-1] in ("by", "unit", "form", "period"):
                return _named(str(path[-1]), data, values)
            case str():
                return text(data, path)
            case _:
                return data

    def text(data: str, path: KeyPath) -> str:
        try:
            return fill(data, values)
        except TemplateError as error:
            mistakes.append(source.mistake(path, "a text that can be filled", str(error)))
            return data

    kept = {key: value for key, value in source.data.items() if key != "parameters"}
    data = {key: inside(value, (key,)) if key in ("queries", "forms") else value for key, value in kept.items()}
    return replace(source, data=data), mistakes


def _named(key: str, data: str, values: Mapping[str, Value]) -> str | list[str]:
    """A value that is a whole parameter: `by: '{identity}'`."""
    named = values.get(data[1:-1]) if data.startswith("{") and data.endswith("}") else None
    if named is None:
        return data
    return list(named.texts) if key == "by" else named.texts[0]
