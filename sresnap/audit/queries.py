"""The queries behind a service's numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sresnap import promql
from sresnap.model.query import Member, Purpose, QueryTemplate
from sresnap.model.snapshot import HIDDEN, QueryRecord, ServiceReport, Snapshot


def asked_for(
    snapshot: Snapshot, service: ServiceReport, wanted: Callable[[QueryRecord], bool] = lambda _: True
) -> tuple[QueryRecord, ...]:
    """Every request that a service's numbers come from, as it would be sent for that service only.

    What names the targets of several services cannot be divided, and is as it was sent.

    Args:
        snapshot: the report.
        service: one of its services.
        wanted: which of its requests.
    """
    found = (query for query in snapshot.queries if query.services is None or service.name in query.services)
    return tuple(for_one(query, service) for query in found if wanted(query))


def queries_of(snapshot: Snapshot, service: ServiceReport) -> tuple[QueryRecord, ...]:
    """The requests of a service that its page shows: without those that name targets of other services.

    The snapshot has every request as it was sent.
    """
    return asked_for(snapshot, service, lambda query: not _is_undivided(query, len(snapshot.services)))


def _is_undivided(query: QueryRecord, everyone: int) -> bool:
    asked = everyone if query.services is None else len(query.services)
    return asked > 1 and query.for_one is None and query.purpose == Purpose.RAW and query.promql != HIDDEN


def for_one(query: QueryRecord, service: ServiceReport) -> QueryRecord:
    """The query for one service, also where an error or a warning quotes it; as sent where it cannot be divided."""
    if query.for_one is None:
        return query
    member = Member(service.name, service.selected_by)
    own = promql.render_member(QueryTemplate(query.signal, query.for_one, (), ""), member, {})

    def quoted(text: str) -> str:
        return text.replace(query.promql, own)

    return replace(
        query,
        promql=own,
        warnings=tuple(map(quoted, query.warnings)),
        infos=tuple(map(quoted, query.infos)),
        error=None if query.error is None else quoted(query.error),
    )
