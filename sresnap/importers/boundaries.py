"""Bucket boundaries of histograms: `le="1"` and `le="1.0"` are one bucket.

Clients write whole boundaries either way, and Prometheus 3 stores all of them as OpenMetrics does: 1.0, 1e+06
(Prometheus 3 migration guide, "le and quantile label values").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sresnap.model.windows import HOUR, parse_duration
from sresnap.promql.tree import Aggregate, Call, Matcher, Node, Range, Selector, rebuilt

THRESHOLD = "‹threshold›"
"""Replaces a boundary until the query is written as a template."""
_WHOLE = re.compile(r"[0-9]+([.]0*)?|[0-9]([.][0-9]+)?e[+]?[0-9]{1,2}")
_BOTH_SPELLINGS = re.compile(r"(?:\(\?:)?([0-9]+(?:(?:\\[.]|\[[.]\]|[.])[0-9]+)?)\)?\(\[[.]\]0\)\?")
"""One boundary in both spellings, as the presets write it and as `sresnap export` fills it: `(?:0\\.3)([.]0)?`."""
_SCIENTIFIC = 1e21
_LONGEST = 1e6
"""From here on, Go's shortest form has an exponent (strconv.FormatFloat, 'g')."""


def with_both_spellings(node: Node) -> tuple[Node, tuple[str, ...]]:
    """The tree with every whole boundary in all of its spellings, and the boundaries that changed."""
    found: dict[str, None] = {}

    def change(inner: Node) -> Node:
        if not isinstance(inner, Selector):
            return inner
        return replace(inner, matchers=tuple(_spelled(matcher, found) for matcher in inner.matchers))

    return rebuilt(node, change), tuple(found)


def _spelled(matcher: Matcher, found: dict[str, None]) -> Matcher:
    if matcher.label != "le" or not _WHOLE.fullmatch(matcher.value):
        return matcher
    value = float(matcher.value)
    if not value.is_integer() or value >= _SCIENTIFIC:
        return matcher
    found[matcher.value] = None
    texts = [f"{int(value)}([.]0)?"]
    if value >= _LONGEST:
        texts.append(_go(value).replace(".", "[.]").replace("+", "[+]"))
    operator = "=~" if matcher.operator in {"=", "=~"} else "!~"
    return Matcher("le", operator, "|".join(texts))


def _go(value: float) -> str:
    """Go's shortest text with an exponent: 2500000 is 2.5e+06."""
    digits = f"{value:.17e}".partition("e")[2]
    mantissa = value / 10 ** int(digits)
    return f"{mantissa:.15g}e+{int(digits):02d}"


@dataclass(frozen=True, slots=True)
class Latency:
    """Events under a boundary in seconds."""

    node: Node
    """Its `le` is the threshold."""
    text: str
    """`300ms`."""


def latency_of(node: Node) -> Latency | None:
    """The threshold of `sum(increase(x_seconds_bucket{le="0.3"}[…]))`; None for any other expression."""
    match node:
        case Aggregate("sum", Call("increase", (Range(Selector(name, matchers, "") as selector, None) as range_,)), ""):
            of = [matcher for matcher in matchers if matcher.label == "le"]
        case _:
            return None
    le = _boundary(of[0]) if name.endswith("_seconds_bucket") and len(of) == 1 else None
    text = None if le is None else _milliseconds(le)
    if text is None:
        return None
    threshold = Matcher("le", "=~", f"{THRESHOLD}([.]0)?")
    selector = replace(selector, matchers=tuple(threshold if m.label == "le" else m for m in matchers))
    return Latency(Aggregate("sum", Call("increase", (replace(range_, of=selector),))), text)


def _boundary(matcher: Matcher) -> str | None:
    """The one boundary that a matcher takes."""
    if matcher.operator == "=":
        return matcher.value
    found = _BOTH_SPELLINGS.fullmatch(matcher.value) if matcher.operator == "=~" else None
    return None if found is None else found[1].replace("\\", "").replace("[.]", ".")


def _milliseconds(le: str) -> str | None:
    """The boundary as a duration; None if the duration would look for another text."""
    try:
        seconds = float(le)
        ms = round(seconds * 1000)
        text = f"{ms}ms" if ms % 1000 else f"{ms // 1000}s"
        is_same = parse_duration(text) == seconds and repr(seconds).removesuffix(".0") == le.removesuffix(".0")
    except (ValueError, OverflowError):
        return None
    return text if is_same and 0 < seconds <= HOUR else None
