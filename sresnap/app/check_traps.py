"""The traps of presets: `check --online` asks for the series that show them, many by one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sresnap.app.findings import Finding
from sresnap.config.settings import Config
from sresnap.discovery.hints import Hint
from sresnap.model.trap import Trap
from sresnap.prometheus.diagnose import ask
from sresnap.prometheus.recording import InstantClient

_AT_ONCE = 10
"""Traps of one request."""
_MARK = "sresnap_trap"
"""A label of answers, which says what they are about."""


async def with_traps(client: InstantClient, findings: Sequence[Finding], config: Config, at: int) -> list[Finding]:
    """Findings with the traps of their presets that series show.

    Args:
        client: the server.
        findings: what each query found for each service.
        config: whose presets name traps.
        at: seconds since the epoch.

    Raises:
        QueryError: a request had no whole answer.
    """
    told = {one.service: config.traps.get(one.service, ()) for one in findings}
    there = await shown(client, [trap for some in told.values() for trap in some], at)
    return [replace(one, hints=(*one.hints, *_hints(one, told, there))) for one in findings]


async def shown(client: InstantClient, traps: Sequence[Trap], at: int) -> frozenset[Trap]:
    """The traps that series show now.

    Raises:
        QueryError: a request had no whole answer.
    """
    wanted = list(dict.fromkeys(traps))
    found: set[Trap] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marked = (f'label_replace({_query(one)}, "{_MARK}", "{place}", "", "")' for place, one in enumerate(some))
        answer = await ask(client, " or ".join(marked), at)
        found |= {some[int(series.labels[_MARK])] for series in answer.series}
    return frozenset(found)


def _query(trap: Trap) -> str:
    """Has a series where the trap is there."""
    query = f"count({trap.present})"
    if trap.several is not None:
        query = f"(count(count by ({trap.several}) ({trap.present})) > 1)"
    return query if trap.absent is None else f"({query} unless count({trap.absent}))"


def _hints(finding: Finding, told: Mapping[str, Sequence[Trap]], there: frozenset[Trap]) -> list[Hint]:
    return [
        Hint("trap", trap.absent or trap.present, trap.text)
        for trap in told[finding.service]
        if trap in there and (not trap.queries or finding.query in trap.queries)
    ]
