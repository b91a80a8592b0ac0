"""Finds what is not a counter but is read as one: `check --online` looks how often each falls.

A counter falls only where its process restarts. A gauge that is used as a counter falls all the time, and so does a
counter of several processes behind one target, where each scrape meets another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sresnap import promql
from sresnap.app.findings import Finding
from sresnap.discovery.hints import Hint
from sresnap.model.query import Query
from sresnap.prometheus.diagnose import ask
from sresnap.prometheus.recording import InstantClient
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.tree import Call, Range, Selector, walk
from sresnap.promql.uses import text_of

_OF_COUNTERS = ("rate", "irate", "increase", "resets")
_AT_ONCE = 10
_MOST = 200
"""Selectors that are looked at. In a larger fleet, other services share the metric."""
_FALLS = 0.05
"""Of an hour's samples. Twelve restarts an hour of a target that is scraped each 15 s are 0.05."""
_LEAST_FALLS = 4
_MARK = "sresnap_counter"
"""A label of answers, which says what they are about."""


async def with_falls(
    client: InstantClient, findings: Sequence[Finding], queries: Sequence[Query], at: int
) -> list[Finding]:
    """Findings with a hint where a counter that they read falls too often.

    Args:
        client: the server.
        findings: what each query found for each service.
        queries: the query of each finding, for its service only.
        at: seconds since the epoch.

    Raises:
        QueryError: a request had no whole answer.
    """
    counters = [tuple(dict.fromkeys(_counters(query))) for query in queries]
    wanted = list(dict.fromkeys(one for some in counters for one in some))[:_MOST]
    hints: dict[str, Hint] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marked = (f'label_replace({_share(one)}, "{_MARK}", "{place}", "", "")' for place, one in enumerate(some))
        answer = await ask(client, " or ".join(marked), at)
        found = {some[int(series.labels[_MARK])]: series.last for series in answer.series}
        hints |= {one: _hint(one, share) for one, share in found.items() if share is not None}
    return [
        replace(finding, hints=(*finding.hints, *(hints[one] for one in some if one in hints)))
        for finding, some in zip(findings, counters, strict=True)
    ]


def _counters(query: Query) -> Iterator[str]:
    """The selectors that a query reads as counters."""
    try:
        tree = read(promql.render(query))
    except (NotPromqlError, promql.TemplateError):
        return
    for node in walk(tree):
        if isinstance(node, Call) and node.name in _OF_COUNTERS and isinstance(node.arguments[0], Range):
            of = node.arguments[0].of
            if isinstance(of, Selector) and not of.moved:
                yield text_of(of)


def _share(selector: str) -> str:
    """The share of an hour's samples that are less than the one before, where there are too many of them."""
    falls, samples = f"sum(resets({selector}[1h]))", f"sum(count_over_time({selector}[1h]))"
    return f"({falls} / {samples} > {_FALLS} and {falls} >= {_LEAST_FALLS})"


def _hint(selector: str, share: float) -> Hint:
    metric = selector.partition("{")[0]
    text = (
        f"{metric} fell at {share:.0%} of its samples of the last hour. A counter falls only where its process "
        f"restarts: this is a gauge, or several processes answer for one target in turn "
        f"(use the client's multiprocess mode)"
    )
    return Hint("falls", metric, text)
