"""The parts of a report that `publish.hide` keeps private: queries, values of labels, the source's address, people.

Messages of other programs are hidden with what they quote: a server's error quotes the query, the label, the host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from sresnap.model.golden import SignalReport
from sresnap.model.now import Now
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import HIDDEN, NamedSource, Problem, QueryRecord, ServiceReport, Snapshot

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_OWN_WORDS = frozenset(
    {
        ProblemKind.NO_DATA,
        ProblemKind.INSUFFICIENT,
        ProblemKind.DEADLINE,
        ProblemKind.TIMEOUT,
        ProblemKind.HISTORY_UNREADABLE,
    }
)
"""Kinds of problems whose messages are this program's own and quote nothing."""

_Scrub = Callable[[str], str]


def redacted(snapshot: Snapshot, hide: frozenset[str]) -> Snapshot:
    """The report without what is hidden: `promql`, `labels`, `source`, `people`."""
    if not hide:
        return snapshot
    numbers = {each.name: str(place) for place, each in enumerate(snapshot.sources, 1)} if "source" in hide else {}
    scrub = _without_causes(snapshot, hide, _scrubber(snapshot, hide, numbers))
    quotes = bool(hide & {"promql", "labels"})
    source = snapshot.source
    return replace(
        snapshot,
        source=replace(source, url=HIDDEN, version=None, retention_seconds=None) if "source" in hide else source,
        sources=tuple(_named_source(each, hide, scrub, numbers, quotes=quotes) for each in snapshot.sources),
        queries=tuple(_query(query, hide, scrub, numbers, quotes=quotes) for query in snapshot.queries),
        problems=tuple(_problem(problem, scrub, quotes=quotes) for problem in snapshot.problems),
        services=tuple(_service(service, scrub, hide, numbers, quotes=quotes) for service in snapshot.services),
        now=_now(snapshot.now, scrub),
    )


def _named_source(
    source: NamedSource, hide: frozenset[str], scrub: _Scrub, numbers: Mapping[str, str], *, quotes: bool
) -> NamedSource:
    failure = source.failure if source.failure is None else HIDDEN if quotes else scrub(source.failure)
    source = replace(source, name=numbers.get(source.name, source.name), failure=failure)
    return replace(source, version=None, retention_seconds=None) if "source" in hide else source


def _numbered(source: str | None, numbers: Mapping[str, str]) -> str | None:
    return None if source is None else numbers.get(source, source)


def _scrubber(snapshot: Snapshot, hide: frozenset[str], numbers: Mapping[str, str]) -> _Scrub:
    """Takes the source's address out of a text, and the names of several."""
    if "source" not in hide:
        return lambda text: text
    address = urlsplit(snapshot.source.url)
    parts = [part for part in (snapshot.source.url, address.netloc, address.hostname) if part]
    longest_first = sorted(map(re.escape, numbers), key=len, reverse=True)
    named = re.compile(rf"\b([Ss]ource |sources\.)({'|'.join(longest_first)})(?![\w-])") if numbers else None

    def scrub(text: str) -> str:
        for part in sorted(parts, key=len, reverse=True):
            text = text.replace(part, HIDDEN)
        return text if named is None else named.sub(lambda found: f"{found[1]}{numbers[found[2]]}", text)

    return scrub


def _now(now: Now, scrub: _Scrub) -> Now:
    return replace(now, reason=scrub(now.reason))


def _without_causes(snapshot: Snapshot, hide: frozenset[str], scrub: _Scrub) -> _Scrub:
    """Takes causes out of reasons, too: they quote labels and names of metrics."""
    causes = {slo.cause for service in snapshot.services for slo in service.slos if slo.cause is not None}
    if not hide & {"promql", "labels"} or not causes:
        return scrub

    def without(text: str) -> str:
        for cause in causes:
            text = text.replace(f": {cause}.", ".")
        return scrub(text)

    return without


def _query(
    query: QueryRecord, hide: frozenset[str], scrub: _Scrub, numbers: Mapping[str, str], *, quotes: bool
) -> QueryRecord:
    promql = query.promql
    if "labels" in hide:
        promql = _QUOTED.sub('"…"', promql)
    if "promql" in hide:
        promql = HIDDEN

    def redact_message(text: str) -> str:
        return HIDDEN if quotes else scrub(text)

    return replace(
        query,
        promql=promql,
        for_one=query.for_one if promql == query.promql else None,
        warnings=tuple(map(redact_message, query.warnings)),
        infos=tuple(map(redact_message, query.infos)),
        error=None if query.error is None else redact_message(query.error),
        source=_numbered(query.source, numbers),
    )


def _problem(problem: Problem, scrub: _Scrub, *, quotes: bool) -> Problem:
    if quotes and problem.kind not in _OWN_WORDS:
        return replace(problem, message="The source's message is hidden.")
    return replace(problem, message=scrub(problem.message))


def _service(
    service: ServiceReport, scrub: _Scrub, hide: frozenset[str], numbers: Mapping[str, str], *, quotes: bool
) -> ServiceReport:
    def absent(text: str) -> str:
        return "There is no value; the reason is hidden." if quotes else scrub(text)

    signals: Mapping[str, SignalReport] = {
        name: signal if signal.absent is None else replace(signal, absent=absent(signal.absent))
        for name, signal in service.signals.items()
    }
    reasons = {name: absent(text) for name, text in service.capacity_absent.items()}
    slos = tuple(
        replace(slo, reason=scrub(slo.reason), cause=_cause(slo, scrub, quotes=quotes), now=_now(slo.now, scrub))
        for slo in service.slos
    )
    selected_by = {} if quotes else service.selected_by
    people = None if "people" in hide else service.people
    return replace(
        service,
        slos=slos,
        signals=signals,
        capacity_absent=reasons,
        selected_by=selected_by,
        people=people,
        now=_now(service.now, scrub),
        source=_numbered(service.source, numbers),
    )


def _cause(slo: SloReport, scrub: _Scrub, *, quotes: bool) -> str | None:
    return None if slo.cause is None or quotes else scrub(slo.cause)
