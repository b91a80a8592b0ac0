"""What a published report leaves out, as `publish.hide` says: queries, values of labels, where the numbers come from.

Texts that somebody else wrote (a server's error quotes the query, the label, the host) are left out with what they
quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from sresnap.model.golden import SignalReport
from sresnap.model.snapshot import HIDDEN, Problem, QueryRecord, ServiceReport, Snapshot

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_OWN_WORDS = frozenset({"no_data", "insufficient", "deadline", "timeout", "history_unreadable"})
"""Kinds of problems whose words are this program's own, with nothing quoted."""

_Scrub = Callable[[str], str]


def redacted(snapshot: Snapshot, hide: frozenset[str]) -> Snapshot:
    """The report without what is hidden: `promql`, `labels`, `source`."""
    if not hide:
        return snapshot
    scrub = _scrubber(snapshot, hide)
    quotes = bool(hide & {"promql", "labels"})
    source = snapshot.source
    return replace(
        snapshot,
        source=replace(source, url=HIDDEN, version=None, retention_seconds=None) if "source" in hide else source,
        queries=tuple(_query(query, hide, scrub, quotes=quotes) for query in snapshot.queries),
        problems=tuple(_problem(problem, scrub, quotes=quotes) for problem in snapshot.problems),
        services=tuple(_service(service, scrub, quotes=quotes) for service in snapshot.services),
    )


def _scrubber(snapshot: Snapshot, hide: frozenset[str]) -> _Scrub:
    """Takes the source's address out of a text."""
    if "source" not in hide:
        return lambda text: text
    address = urlsplit(snapshot.source.url)
    parts = [part for part in (snapshot.source.url, address.netloc, address.hostname) if part]

    def scrub(text: str) -> str:
        for part in sorted(parts, key=len, reverse=True):
            text = text.replace(part, HIDDEN)
        return text

    return scrub


def _query(query: QueryRecord, hide: frozenset[str], scrub: _Scrub, *, quotes: bool) -> QueryRecord:
    promql = query.promql
    if "labels" in hide:
        promql = _QUOTED.sub('"…"', promql)
    if "promql" in hide:
        promql = HIDDEN

    def said(text: str) -> str:
        return HIDDEN if quotes else scrub(text)

    return replace(
        query,
        promql=promql,
        warnings=tuple(map(said, query.warnings)),
        infos=tuple(map(said, query.infos)),
        error=None if query.error is None else said(query.error),
    )


def _problem(problem: Problem, scrub: _Scrub, *, quotes: bool) -> Problem:
    if quotes and problem.kind not in _OWN_WORDS:
        return replace(problem, message="What the source said of it is hidden.")
    return replace(problem, message=scrub(problem.message))


def _service(service: ServiceReport, scrub: _Scrub, *, quotes: bool) -> ServiceReport:
    def absent(text: str) -> str:
        return "No value came; the reason is hidden." if quotes else scrub(text)

    signals: Mapping[str, SignalReport] = {
        name: signal if signal.absent is None else replace(signal, absent=absent(signal.absent))
        for name, signal in service.signals.items()
    }
    reasons = {name: absent(text) for name, text in service.capacity_absent.items()}
    return replace(service, signals=signals, capacity_absent=reasons)
