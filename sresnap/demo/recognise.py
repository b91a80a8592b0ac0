"""Finds the template that a query was rendered from, and the values in it.

The demo has no PromQL engine. Each template becomes a regular expression with a group for each placeholder, so the demo
knows exactly the queries of its own configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING

from sresnap.model.windows import parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sresnap.model.query import QueryTemplate

_DURATION = r"[0-9a-z]+"
_VALUE = r'[^"\'`]*'
_VARIABLES = {"window": _DURATION, "rate": _DURATION, "threshold": _VALUE}
_RAW_FORMS = {
    "samples": "{raw}[{{window}}]",
    "last": "last_over_time({raw}[{{window}}])",
    "values": "{raw}",
    "copies": "count without ({replicas}) ({raw}) > 1",
}
"""What is asked about counters themselves."""
_PEAK = re.compile(r"max_over_time\(\((?P<query>.*)\)\[(?P<range>[0-9a-z]+):(?P<step>[0-9a-z]+)\]\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Peak:
    """`max_over_time((…)[range:step])` around a query."""

    range_ms: int
    step_ms: int


@dataclass(frozen=True, slots=True)
class RecognisedQuery:
    """The meaning of a recognised query."""

    key: str
    by: str | None
    """The label that distinguishes the answer's series; None for one series without labels."""
    names: tuple[str, ...]
    """The values of the service's label; empty in a query about the host."""
    range_ms: int
    """{window} or {rate}; 0 where the query has neither."""
    threshold: str
    """{threshold} as written; empty where the query has none."""
    peak: Peak | None
    raw: str | None = None
    """A key of `_RAW_FORMS`, or `codes`, for a query about the counters themselves; None for one that sums them."""
    metric: str = ""
    """The counters' name."""


class Recogniser:
    """Knows the queries that some templates render to."""

    def __init__(self, templates: Mapping[str, QueryTemplate]) -> None:
        self._known = [(template, _pattern(template.promql)) for template in templates.values()]
        self._raw = [
            (template, form, _pattern(text.format(raw=template.raw, replicas=", ".join(template.replica_labels))))
            for template in templates.values()
            if template.raw is not None
            for form, text in _RAW_FORMS.items()
        ]
        self._raw += [
            (template, "codes", _pattern(f"count by ({', '.join(template.by)}, code) ({template.around})"))
            for template in templates.values()
            if template.around is not None
        ]

    def recognise(self, query: str) -> RecognisedQuery | None:
        """The meaning of a query; None when no template renders to it.

        Raises:
            ValueError: a range in it is not a duration.
        """
        text = query.strip()
        wrapped = _PEAK.fullmatch(text)
        if wrapped and (inner := self._match(wrapped["query"], Peak(_ms(wrapped["range"]), _ms(wrapped["step"])))):
            return inner
        return self._match(text, None)

    def _match(self, text: str, peak: Peak | None) -> RecognisedQuery | None:
        for template, pattern in self._known:
            if match := pattern.fullmatch(text):
                return _asked(template, match.groupdict(), peak)
        for template, form, pattern in self._raw:
            if match := pattern.fullmatch(text):
                metric = (template.raw or "").partition("{")[0]
                return replace(_asked(template, match.groupdict(), None), raw=form, metric=metric)
        return None


def _asked(template: QueryTemplate, found: Mapping[str, str], peak: Peak | None) -> RecognisedQuery:
    labels = [value for name, value in found.items() if name not in _VARIABLES]
    range_text = found.get("window") or found.get("rate")
    return RecognisedQuery(
        key=template.key,
        by=", ".join(template.by) or None,
        names=_names(found.get(next(iter(template.by), ""), labels[0] if labels else "")),
        range_ms=_ms(range_text) if range_text else 0,
        threshold=_plain(found.get("threshold", "")),
        peak=peak,
    )


def _pattern(template: str) -> re.Pattern[str]:
    """A template as a regular expression. A repeated placeholder must have the same value."""
    parts: list[str] = []
    seen: set[str] = set()
    for literal, name, _, _ in Formatter().parse(template.strip()):
        parts.append(re.escape(literal))
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{_VARIABLES.get(name, _VALUE)})")
            seen.add(name)
    return re.compile("".join(parts))


def _names(text: str) -> tuple[str, ...]:
    """The names in a regex alternation."""
    return tuple(dict.fromkeys(name for name in _plain(text).split("|") if name))


def _plain(text: str) -> str:
    """A value in a matcher without its escapes. The demo's own values hold no backslash."""
    return text.removeprefix("(?:").removesuffix(")").replace("\\", "")


def _ms(duration: str) -> int:
    return round(parse_duration(duration) * 1000)
