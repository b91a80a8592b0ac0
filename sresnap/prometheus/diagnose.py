"""Finds out why a query has no series: takes its selectors apart and asks which part matches nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from sresnap import promql
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import LatencyUnit, Member, Purpose, Query, QueryTemplate, Result
from sresnap.model.series import Answer, Series
from sresnap.model.series_key import SeriesKey
from sresnap.printable import quotable
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.recording import InstantClient, LookUps, Recording
from sresnap.promql.names import label_text
from sresnap.promql.selectors import dependence, is_named, is_positive, matches, metric_of
from sresnap.promql.tree import Matcher, Selector

_SHOWN = 5
_LONGEST_VALUE = 100
_MOST_COMPARED = 2_000
"""Values whose likeness is worked out, in about a tenth of a second. More stay in the order of their letters."""
_MOST_BOUNDS = 50
_PATIENCE_SECONDS = 20.0
_MOST = 20
"""Diagnose at most this many services; beyond that they usually share one cause."""


async def ask(client: InstantClient, text: str, time: int) -> Answer:
    """The whole answer of a look-up.

    Raises:
        QueryError: there is no answer, or it is partial, so that it cannot show that something does not exist.
    """
    answer = await client.query(text, time)
    if answer.warnings:
        raise QueryError(ProblemKind.WARNING, answer.warnings[0])
    return answer


@dataclass(frozen=True, slots=True)
class Cause:
    """The reason that a query finds nothing."""

    text: str
    """One sentence."""
    by_value: bool = False
    """Only the label's value does not exist. For a query of errors this means that there were no errors."""


async def diagnose(client: InstantClient, text: str, time: int, template: QueryTemplate) -> Cause | None:
    """The likely reason that a query has no series; None when no reason was found.

    Args:
        client: the server.
        text: the query.
        time: the moment, seconds since the epoch.
        template: which it was made from. Its labels and its unit are named.
    """
    try:
        return await cause_of_nothing(client, text, time, template)
    except (QueryError, ValueError, re.error):
        return None


async def cause_of_nothing(client: InstantClient, text: str, time: int, template: QueryTemplate) -> Cause | None:
    """The same, for a caller to whom a failure is not the same as no reason.

    Raises:
        QueryError: a request failed, or its answer was partial.
        ValueError: the query's selectors cannot be read.
    """
    for selector in filter(is_named, dependence(text).selectors):
        cause = await _diagnose_selector(client, selector, time, template)
        if cause is not None:
            return cause
    return None


async def causes_of_nothing(
    client: InstantClient, results: Sequence[Result], deadline_seconds: float, answers: LookUps | None = None
) -> tuple[dict[tuple[str, SeriesKey], str], list[Result]]:
    """By (service, series), why a series of an objective has no data, and the requests that found it.

    A reader needs to know whether the scrape renamed a label, nothing exports the name, or a latency threshold is not
    a bucket's boundary. Only the first twenty series without data are examined, within 20 s.

    Args:
        client: the server.
        results: of a report's queries.
        deadline_seconds: for all requests.
        answers: of the report's earlier look-ups, which are not sent again.
    """
    found: dict[tuple[str, SeriesKey], str] = {}
    asked: list[tuple[Query, Recording]] = []
    answers = {} if answers is None else answers
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(deadline_seconds, _PATIENCE_SECONDS)):
            for query, member in _without_series(results)[:_MOST]:
                one = replace(query, members=(member,), purpose=Purpose.LOOK_UP)
                asked.append((one, recording := Recording(client, answers)))
                cause = await diagnose(recording, promql.render(one), query.grid.end, query.template)
                if cause is not None:
                    found[member.service, query.series_key] = cause.text
    return found, [Result(one, runs=tuple(recording.runs)) for one, recording in asked if recording.runs]


def _without_series(results: Sequence[Result]) -> list[tuple[Query, Member]]:
    """Members without a series in the 6h window, so that an hour without traffic is not examined.

    Bad events without a series are left out: they did not happen.
    """
    return [
        (result.query, member)
        for result in results
        if result.query.purpose is Purpose.SLI and result.query.window == "6h"
        if result.query.series_key.role != "bad"
        for member in result.query.members
        if member.service not in result.values and member.service not in result.failures
    ]


async def _diagnose_selector(
    client: InstantClient, selector: Selector, time: int, template: QueryTemplate
) -> Cause | None:
    name = metric_of(selector)
    if not (await ask(client, f"count({name})", time)).series:
        return Cause(f"there is no metric {name} in this Prometheus, or nothing has exported it in the last 5 minutes")
    for matcher in _positive(selector):
        if matcher.label == "le":
            cause = await _diagnose_bucket(client, selector, matcher, time, template.unit)
            if cause is not None:
                return cause
            continue
        values = _values(await ask(client, f"count by ({label_text(matcher.label)}) ({name})", time), matcher.label)
        if any(matches(matcher, value) for value in values):
            continue
        exported = f"exported_{matcher.label}"
        renamed = _values(await ask(client, f"count by ({label_text(exported)}) ({name})", time), exported)
        if any(value and matches(matcher, value) for value in renamed):
            return Cause(
                f"{name} carries {_shown(renamed)} in {exported}, not in {matcher.label}: the scrape renamed it; "
                f"set honor_labels: true for that scrape job, or query {exported}"
                f"{_renamed_identity(matcher.label, exported, template.by)}"
            )
        if values == [""]:
            return Cause(f"no series of {name} has a label {matcher.label}")
        listed = _shown(_nearest_first(values, matcher.value))
        return Cause(f"{name} has {matcher.label} {listed}; none matches {matcher.value!r}", by_value=True)
    return None


def _renamed_identity(label: str, exported: str, by: Sequence[str]) -> str:
    """How the services of a query are known by the new name of one of their labels, all others as before."""
    if label not in by:
        return ""
    names = [exported if name == label else name for name in by]
    identity = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    # A single label has the value of `service` where a service does not give it.
    given = "" if label == "service" and len(names) == 1 else ", and rename the label in the service's `labels`"
    return f" (with a preset: `parameters: {{identity: {identity}}}`{given})"


async def _diagnose_bucket(
    client: InstantClient, selector: Selector, wanted: Matcher, time: int, unit: LatencyUnit | None
) -> Cause | None:
    """Check that a latency threshold is a bucket's boundary; between two boundaries, counts are unknown.

    The boundaries come from the series that the other matchers select.
    """
    found = await _buckets(client, selector, wanted, time)
    if not any(found) or any(matches(wanted, bound) for bound in found):
        return None
    return Cause(bucket_lack(metric_of(selector), wanted, found, unit))


def bucket_lack(metric: str, wanted: Matcher, bounds: Iterable[str], unit: LatencyUnit | None) -> str:
    """The sentence for a bucket that does not exist."""
    suffix = "" if unit is None else unit.suffix
    found = list(bounds)
    near = _nearest(found, _number(wanted.value), unit or LatencyUnit.SECONDS)
    return f"no bucket of {metric} has the boundary {_number(wanted.value)}{suffix}; {_boundaries(found, suffix, near)}"


def buckets_needed(text: str) -> Iterator[tuple[Selector, Matcher]]:
    """The selectors of a query that choose a bucket, each with the matcher that does.

    Raises:
        ValueError: the query's selectors cannot be read.
    """
    for selector in dependence(text).selectors:
        for wanted in (matcher for matcher in _positive(selector) if matcher.label == "le"):
            yield selector, wanted


def lack_in_part(
    selector: Selector, wanted: Matcher, found: Mapping[str, float], unit: LatencyUnit | None
) -> Cause | None:
    """The cause where only some instances have a bucket: all events of the others would count as slow.

    Args:
        selector: of the bucket.
        wanted: its matcher that chooses the boundary.
        found: by boundary, how many series have it.
        unit: of the boundaries.
    """
    have = max((amount for bound, amount in found.items() if matches(wanted, bound)), default=0.0)
    if have >= found.get("+Inf", 0.0):
        return None
    suffix = "" if unit is None else unit.suffix
    return Cause(
        f"only {have:.0f} of {found['+Inf']:.0f} series of {metric_of(selector)} have the bucket "
        f"{_number(wanted.value)}{suffix}, and the events of the others count as slow; "
        f"{_boundaries(found, suffix)}"
    )


async def _buckets(client: InstantClient, selector: Selector, wanted: Matcher, time: int) -> dict[str, float]:
    return by_boundary((await ask(client, boundaries_query(selector, wanted), time)).series)


def boundaries_query(selector: Selector, wanted: Matcher) -> str:
    """By boundary, how many series that the other matchers select have it."""
    others = ", ".join(
        f"{m.label}{m.operator}{json.dumps(m.value, ensure_ascii=False)}" for m in selector.matchers if m is not wanted
    )
    return f"count by (le) ({selector.name}{{{others}}})"


def by_boundary(series: Iterable[Series]) -> dict[str, float]:
    """The answer to `boundaries_query`."""
    return {one.labels.get("le", ""): one.last or 0.0 for one in series}


def _boundaries(found: Iterable[str], suffix: str, near: str = "") -> str:
    bounds = [
        quotable(b, _LONGEST_VALUE) + suffix for b in sorted((b for b in found if b not in ("", "+Inf")), key=float)
    ]
    if not bounds:
        return "it has no label le"
    bounds = bounds if len(bounds) <= _MOST_BOUNDS else [*bounds[:_MOST_BOUNDS], "…"]
    advice = f"choose one of them ({near or 'latency_threshold'}, or le in a query of your own)"
    return f"the boundaries found are {', '.join(bounds)}: {advice}"


def _nearest(bounds: Iterable[str], wanted: str, unit: LatencyUnit) -> str:
    """The boundaries below and above a threshold, as a file has them: `latency_threshold: 250ms or 500ms`."""
    try:
        limit = float(wanted)
    except ValueError:
        return ""
    finite = [float(bound) for bound in bounds if bound not in ("", "+Inf")]
    below, above = [one for one in finite if one < limit], [one for one in finite if one > limit]
    near = [*([max(below)] if below else []), *([min(above)] if above else [])]
    return f"latency_threshold: {' or '.join(_written(one / unit.per_second) for one in near)}" if near else ""


def _written(seconds: float) -> str:
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"


def _number(regex: str) -> str:
    r"""The threshold in a matcher: 0.35 in `(?:0\.35)([.]0)?`."""
    found = re.search(r"\d+(?:\\?\.\d+)?", regex)
    return regex if found is None else found[0].replace("\\", "")


def _positive(selector: Selector) -> Iterator[Matcher]:
    return (matcher for matcher in selector.matchers if is_positive(matcher) and matcher.label != "__name__")


def _values(answer: Answer, label: str) -> list[str]:
    return sorted(series.labels.get(label, "") for series in answer.series)


def _nearest_first(values: list[str], wanted: str) -> list[str]:
    """Values in the order of their likeness to one that is not there: it is often misspelt."""
    if len(values) > _MOST_COMPARED:
        return values
    near = SequenceMatcher(b=wanted[:_LONGEST_VALUE])

    def likeness(value: str) -> float:
        near.set_seq1(value[:_LONGEST_VALUE])
        return near.ratio()

    return sorted(values, key=likeness, reverse=True)


def _shown(values: list[str]) -> str:
    texts = [repr(quotable(value, _LONGEST_VALUE)) for value in values if value]
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
