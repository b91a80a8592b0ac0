"""Series as promtool writes them, as samples for a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TERM = re.compile(r"(?P<first>-?[\d.e]+|_)(?P<step>[+-][\d.e]+)?(?:x(?P<times>\d+))?")


def values(text: str) -> Iterator[float | None]:
    """The samples of `0+54x120`, `1x59 _ 0x4`; None where there is none."""
    for term in text.split():
        found = _TERM.fullmatch(term)
        if found is None:  # `stale`
            yield None
            continue
        for place in range(int(found["times"] or 0) + 1):
            yield None if found["first"] == "_" else float(found["first"]) + place * float(found["step"] or 0)


def lines(series: str, text: str, end: int, step: int = 300) -> Iterator[str]:
    """The series in OpenMetrics, with a sample each five minutes of the hour before `end`, and one more."""
    found = list(values(text))[:121]
    series = re.sub(r',\s*(?=\w+=")', ",", series)
    for place, value in enumerate(found):
        time = end - 60 * (len(found) - 1 - place)
        if value is not None and time > end - 3900 and (end - time) % step == 0:
            yield f"{series} {value:.15g} {time}"
