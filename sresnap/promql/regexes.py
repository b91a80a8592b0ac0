"""What RE2, as Prometheus compiles it, refuses in a regular expression, and promql-parser takes.

promql-parser checks with Rust's `regex`, which has most of RE2's grammar. Where it takes more, an engine answers with
an error only when the report is built. Source: https://github.com/google/re2/wiki/Syntax and the parser of Go's
`regexp/syntax` (`repeat` and `repeatIsValid`).
"""

from __future__ import annotations

import re

from sresnap.promql.reader import read
from sresnap.promql.tree import Selector, walk

_MOST_REPEATS = 1000
"""Of a unit, nested counts multiplied."""
_SUSPECT = re.compile(r"[*+?}][*+?{]|[0-9]\}|\(\?|\\[uU]")
"""RE2 refuses nothing without one of these. The names of a fleet have none, and are not scanned."""
_GROUP = re.compile(r"\(\?(?:P<\w+>|[imsU]*(?:-[imsU]+)?[:)])", re.ASCII)
_TOKEN = re.compile(
    r"(?P<escape>\\(?:[pPx]\{[^}]*\}|.))"
    r"|(?P<class>\[\^?\]?(?:\[:[^\]]*:\]|\\.|[^\]\\])*\])"
    r"|(?P<open>\((?:\?(?:P?<[^>]*>|[A-Za-z-]*[:)]))?)"
    r"|(?P<close>\))"
    r"|(?P<repeat>[*+?]|\{(?P<least>[0-9]+)(?P<comma>,(?P<most>[0-9]*))?\})"
    r"|(?P<other>.)",
    re.DOTALL,
)


def objection_to_query(text: str) -> str | None:
    """What RE2 refuses in the matchers of a valid query; None where it refuses nothing."""
    if _SUSPECT.search(text) is None:
        return None
    selectors = (node for node in walk(read(text)) if isinstance(node, Selector))
    regexes = (one.value for selector in selectors for one in selector.matchers if one.operator in ("=~", "!~"))
    return next((problem for regex in regexes if (problem := objection(regex)) is not None), None)


def objection(regex: str) -> str | None:
    """What RE2 refuses in a regular expression that Rust's `regex` takes.

    >>> objection("x**")
    'RE2 takes no repetition of a repetition: **'
    >>> objection("(x{100}){100}")
    'RE2 repeats at most 1,000 times: {100}'
    """
    if _SUSPECT.search(regex) is None:
        return None
    groups = [1]  # the highest product of counts in each open group
    unit, before = 1, ""  # the product in the last unit, and the repetition that it ends with
    for token in _TOKEN.finditer(regex):
        text, kind = token[0], token.lastgroup if token["repeat"] is None else "repeat"
        if kind == "repeat":
            if before:
                if text == "?" and not before.endswith("??"):
                    before += "??"  # it makes the repetition take as few as possible
                    continue
                return f"RE2 takes no repetition of a repetition: {before.replace('??', '?')}{text}"
            unit *= _times(token)
            if unit > _MOST_REPEATS:
                return f"RE2 repeats at most 1,000 times: {text}"
            before, groups[-1] = text, max(groups[-1], unit)
            continue
        unit, before = 1, ""
        if _is_unknown(text):
            return f"RE2 has no {text}"
        if kind == "open" and not text.endswith(")"):
            groups.append(1)
        elif kind == "close" and len(groups) > 1:
            unit = groups.pop()
            groups[-1] = max(groups[-1], unit)
    return None


def _is_unknown(token: str) -> bool:
    """Whether a token is a group or an escape that RE2 does not have."""
    return token in (r"\u", r"\U") or (token.startswith("(?") and _GROUP.fullmatch(token) is None)


def _times(repeat: re.Match[str]) -> int:
    """The count of a repetition; 1 for `*`, `+` and `?`, which are loops."""
    if repeat["least"] is None:
        return 1
    return max(int(repeat["most"] or repeat["least"]), 1)
