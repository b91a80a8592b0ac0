"""`queries.txt`."""

from sresnap.render.downloads.queries import query_file
from tests import factories


def test_every_query_stands_once_as_it_was_sent_with_what_came_of_it():
    failed = factories.query(
        "bad", promql="sum(y)", services=("api",), start=factories.AT - 3600, step_seconds=60, error="no\nanswer"
    )
    path, text = query_file(factories.snapshot(queries=[factories.query(promql="sum(x)", services=None), failed]))
    assert path == "queries.txt"
    assert text.decode() == (
        "2 queries of report 20261122T213000Z, as sent\n"
        "\n"
        "# total · sli · 1h, at 2026-11-22T21:30:00Z\n"
        "# for 1 service: 3 series\n"
        "sum(x)\n"
        "\n"
        "# bad · sli · 1h, from 2026-11-22T20:30:00Z to 2026-11-22T21:30:00Z by 1m\n"
        "# for 1 service: 3 series\n"
        "# no answer\n"
        "sum(y)\n"
    )
