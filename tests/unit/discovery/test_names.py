"""Which metrics exist: from a server's index, or by a query where it has none."""

import asyncio

import pytest

from sresnap.config.preset_files import shipped_presets
from sresnap.discovery.candidates import metrics_to_ask
from sresnap.discovery.names import metric_names
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.series import Answer, Grid, Series
from sresnap.prometheus.errors import QueryError


class Server:
    """Has some names; may lack the part of the API that lists them, or not answer at all."""

    def __init__(self, names, error=None):
        self.names, self.error, self.asked = names, error, []

    async def metric_names(self, selector, span):
        self.asked.append(selector)
        if self.error is not None:
            raise self.error
        return frozenset(name for name in self.names if name in selector)

    async def query(self, text, time):
        self.asked.append(text)
        found = [Series({"__name__": name}, Grid.instant(time), (1.0,)) for name in self.names if name in text]
        return Answer(tuple(found), (), (), 0.0)


def names(server, wanted):
    return asyncio.run(metric_names(server, wanted, 0))


def test_all_shipped_presets_take_three_requests():
    server = Server({"redis_up", "other"})
    assert names(server, metrics_to_ask(shipped_presets())) == {"redis_up"}
    assert len(server.asked) <= 4
    assert all(len(text) < 2_000 for text in server.asked)


def test_a_server_without_a_list_is_asked_by_a_query():
    server = Server({"redis_up"}, QueryError(ProblemKind.REFUSED, "not here"))
    assert names(server, ["pg_up", "redis_up"]) == {"redis_up"}
    assert server.asked[-1] == 'group by (__name__) (last_over_time({__name__=~"pg_up|redis_up"}[1h]))'


def test_a_server_that_does_not_answer_is_not_asked_again():
    server = Server({"redis_up"}, QueryError(ProblemKind.TIMEOUT, "no answer", transport=True))
    with pytest.raises(QueryError):
        names(server, ["redis_up"])
    assert len(server.asked) == 1
