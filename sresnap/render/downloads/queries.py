"""`queries.txt`: every query of a report as it was sent. The page of a service shows them for that service only."""

from __future__ import annotations

from collections.abc import Iterator

from sresnap import format as fmt
from sresnap.documents.layout import QUERIES
from sresnap.model.snapshot import QueryRecord, Snapshot
from sresnap.model.windows import format_duration, iso


def query_file(snapshot: Snapshot) -> tuple[str, bytes]:
    """The file's path and its text. Times are in UTC, as in the requests."""
    head = f"{fmt.count(len(snapshot.queries), 'query', 'queries')} of report {snapshot.id}, as sent"
    parts = [head, *("\n".join(_lines(query, len(snapshot.services))) for query in snapshot.queries)]
    return QUERIES.path(), ("\n\n".join(parts) + "\n").encode()


def _lines(query: QueryRecord, everyone: int) -> Iterator[str]:
    when = f"at {iso(query.time)}"
    if query.start is not None and query.step_seconds is not None:
        when = f"from {iso(query.start)} to {iso(query.time)} by {format_duration(query.step_seconds)}"
    asked = everyone if query.services is None else len(query.services)
    yield f"# {query.title}, {when}"
    where = "" if query.source is None else f" of source {query.source}"
    yield f"# for {fmt.count(asked, 'service')}{where}: {fmt.count(query.series, 'series', 'series')}"
    yield from (f"# {' '.join(note.split())}" for note in query.notes)
    yield query.promql
