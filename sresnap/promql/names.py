"""Names of metrics and labels in PromQL. Prometheus 3 has names with dots and other letters (UTF-8), in quotes.

https://prometheus.io/docs/guides/utf8/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sresnap.promql.literals import quote

_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_UTF8 = re.compile(r"[^\W\d][\w-]*(?:[./][\w-]+)+")
_ESCAPED = "U__"
_PIECE = re.compile(r"__|_([0-9a-f]+)_|([A-Za-z0-9]+)")
_LARGEST = 0x10FFFF


def is_plain_label(name: str) -> bool:
    """Whether a label's name needs no quotes."""
    return _LABEL.fullmatch(name) is not None


def is_plain_metric(name: str) -> bool:
    """Whether a metric's name needs no quotes."""
    return _METRIC.fullmatch(name) is not None


def is_dotted(name: str) -> bool:
    """Whether a name has dots or slashes between words, as OpenTelemetry's and Kubernetes'.

    Prometheus takes any text. A name of other letters is a slip more often than a name.
    """
    return _UTF8.fullmatch(name) is not None


def label_text(name: str) -> str:
    """A label's name among matchers and in `by (…)`."""
    return name if is_plain_label(name) else quote(name)


def labels_text(names: Iterable[str]) -> str:
    """Names of labels in `by (…)`."""
    return ", ".join(map(label_text, names))


def selector_text(name: str, matchers: Sequence[tuple[str, str, str]]) -> str:
    """A selector of a metric, which may have no name, by matchers of label, operator and value.

    A name with dots is a matcher of `__name__`, which VictoriaMetrics reads, too.
    """
    plain = not name or is_plain_metric(name)
    all_of = matchers if plain else [("__name__", "=", name), *matchers]
    inside = ", ".join(f"{label_text(label)}{operator}{quote(value)}" for label, operator, value in all_of)
    return f"{name if plain else ''}{f'{{{inside}}}' if all_of else ''}"


def hole_of(label: str) -> str:
    """A label's name as a placeholder can have it, by Prometheus's escaping: `U__service_2e_name`."""
    if is_plain_label(label):
        return label
    return _ESCAPED + "".join(
        "__" if letter == "_" else letter if letter.isascii() and letter.isalnum() else f"_{ord(letter):x}_"
        for letter in label
    )


def label_of(hole: str) -> str:
    """The label that a placeholder names: the opposite of `hole_of`."""
    rest = hole.removeprefix(_ESCAPED)
    pieces = list(_PIECE.finditer(rest))
    if rest == hole or sum(len(piece[0]) for piece in pieces) < len(rest):
        return hole
    codes = [int(piece[1], 16) for piece in pieces if piece[1]]
    if any(code > _LARGEST for code in codes):
        return hole
    return "".join("_" if piece[0] == "__" else chr(int(piece[1], 16)) if piece[1] else piece[2] for piece in pieces)
