"""The queries behind a service's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sresnap import promql
from sresnap.model.query import Member, Purpose, QueryTemplate
from sresnap.model.snapshot import HIDDEN, QueryRecord, ServiceReport, Snapshot


def queries_of(snapshot: Snapshot, service: ServiceReport) -> tuple[QueryRecord, ...]:
    """The queries of a service as they would be sent for it only.

    One request asks for many services and names all of them. What names the targets of several services cannot be
    divided and is left out: the snapshot has every request as it was sent.
    """
    return tuple(_of_service(snapshot, service))


def _of_service(snapshot: Snapshot, service: ServiceReport) -> Iterator[QueryRecord]:
    is_shared = len(snapshot.services) > 1
    for query in snapshot.queries:
        if query.services is not None and service.name not in query.services:
            continue
        is_of_several = is_shared if query.services is None else len(query.services) > 1
        if query.for_one is not None:
            yield for_one(query, service)
        elif not is_of_several or query.purpose != Purpose.RAW or query.promql == HIDDEN:
            yield query


def for_one(query: QueryRecord, service: ServiceReport) -> QueryRecord:
    """The query for one service, also where an error or a warning quotes it; as sent where it cannot be divided."""
    if query.for_one is None:
        return query
    member = Member(service.name, service.selected_by)
    own = promql.render_member(QueryTemplate(query.signal, query.for_one, None, ""), member, {})

    def quoted(text: str) -> str:
        return text.replace(query.promql, own)

    return replace(
        query,
        promql=own,
        warnings=tuple(map(quoted, query.warnings)),
        infos=tuple(map(quoted, query.infos)),
        error=None if query.error is None else quoted(query.error),
    )
