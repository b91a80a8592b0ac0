"""Many queries at once: failures of one query, failures of all, and the breaker's count."""

import asyncio
from urllib.parse import parse_qs

import httpx
import pytest

from sresnap.config.settings import PrometheusSettings
from sresnap.errors import PrometheusUnreachable
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.prometheus import PrometheusClient, fetch
from sresnap.prometheus.breaker import Breaker
from sresnap.prometheus.errors import QueryError
from sresnap.promql import TemplateError
from tests.streamed import Streamed

CONNECTION_LOST = QueryError("unreachable", "lost", transport=True)


def query(text="up", services=("api",)):
    members = tuple(Member(name, {"service": name}) for name in services)
    template = QueryTemplate("k", text, ("service",), "test")
    return Query(template, members, {}, Grid.instant(7), Purpose.SIGNAL, "k", "1h")


def answer(request):
    result = [{"metric": {"service": "api"}, "value": [7, "1"]}]
    return httpx.Response(200, json={"status": "success", "data": {"resultType": "vector", "result": result}})


def fetched(handler, queries, **options):
    async def run():
        settings = PrometheusSettings("http://prom.example", concurrency=2)
        async with PrometheusClient(settings, transport=Streamed(handler)) as client:
            return await fetch(client, queries, deadline_seconds=5, render=lambda q: q.template.promql, **options)

    return asyncio.run(run())


def test_no_queries_send_no_requests():
    assert fetched(lambda _: pytest.fail("a request was sent"), []) == []


def test_a_template_that_cannot_be_filled_fails_only_its_query():
    def render(query):
        if query.template.promql == "bad":
            raise TemplateError("service 'api' has no label 'x'")
        return "up"

    async def run():
        settings = PrometheusSettings("http://prom.example")
        async with PrometheusClient(settings, transport=Streamed(answer)) as client:
            return await fetch(client, [query("bad"), query()], deadline_seconds=5, render=render)

    bad, good = asyncio.run(run())
    assert bad.failures["api"].message == "service 'api' has no label 'x'"
    assert bad.runs == ()
    assert good.values["api"].last == 1.0


def test_the_error_of_a_callback_is_raised_unchanged():
    def on_result(result):
        raise RuntimeError("progress bar")

    with pytest.raises(RuntimeError, match="progress bar"):
        fetched(answer, [query()] * 5, on_result=on_result)


def test_a_later_call_may_fail_in_all_queries_once_data_has_come():
    async def run():
        good = True

        def handler(request):
            return answer(request) if good else httpx.Response(500)

        settings = PrometheusSettings("http://prom.example")
        async with PrometheusClient(settings, transport=Streamed(handler)) as client:
            await fetch(client, [query()], deadline_seconds=5)
            good = False
            return await fetch(client, [query()], deadline_seconds=5)

    (result,) = asyncio.run(run())
    assert result.failures["api"].kind == "query_failed"


def test_the_commonest_cause_is_the_message_of_most_queries():
    def handler(request):
        return httpx.Response(401 if b"odd" in request.content else 500)

    with pytest.raises(PrometheusUnreachable, match="HTTP 500"):
        fetched(handler, [query("odd", services=("a", "b", "c", "d")), query(), query()])


def fleet(count):
    names = [f"{'service' * 16}-{n:03}" for n in range(count)]
    members = tuple(Member(name, {"service": name}) for name in names)
    template = QueryTemplate("k", 'sum by (service) (x{{service=~"{service}"}})', ("service",), "test")
    return Query(template, members, {}, Grid.instant(7), Purpose.SIGNAL, "k", "1h")


def answered_within(longest, queries, dialect="promql"):
    """The results from a server that refuses queries as VictoriaMetrics does; and the lengths of the queries."""
    lengths = []

    def handler(request):
        query = parse_qs(request.content.decode()).get("query", [""])[0]
        lengths.append(len(query.encode()))
        if len(query.encode()) > longest:
            error = f"too long query; got {len(query)} bytes; mustn't exceed `-search.maxQueryLen={longest}` bytes"
            return httpx.Response(400, json={"status": "error", "errorType": "400", "error": f"{query}: {error}"})
        names = query.partition('~"')[2].partition('"')[0].split("|")
        result = [{"metric": {"service": name.replace("\\\\", "")}, "value": [7, "1"]} for name in names]
        return httpx.Response(200, json={"status": "success", "data": {"resultType": "vector", "result": result}})

    async def run():
        settings = PrometheusSettings("http://prom.example", concurrency=1, dialect=dialect)
        async with PrometheusClient(settings, transport=Streamed(handler)) as client:
            return await fetch(client, queries, deadline_seconds=20)

    return asyncio.run(run()), [length for length in lengths if length]


@pytest.mark.parametrize(("dialect", "most", "pieces"), [("metricsql", 15_000, 4), ("promql", 64_000, 1)])
def test_a_query_is_cut_by_bytes_before_it_is_sent(dialect, most, pieces):
    # 300 names of 116 letters and a bar are 35 kB, in quarters 9 kB
    (result,), lengths = answered_within(most, [fleet(300)], dialect)
    assert len(result.values) == 300
    assert not result.failures
    assert len(lengths) == pieces
    assert max(lengths) <= most


def test_a_query_counts_in_bytes_not_in_letters():
    members = tuple(Member(name, {"service": name}) for name in ("可用性" * 1000, "延迟" * 1000))
    template = QueryTemplate("k", 'x{{service=~"{service}"}}', ("service",), "test")
    query = Query(template, members, {}, Grid.instant(7), Purpose.SIGNAL, "k", "1h")
    _, lengths = answered_within(15_000, [query], "metricsql")
    assert lengths == [9000 + 14, 6000 + 14]


def test_a_limit_that_a_server_names_holds_for_the_queries_after_it():
    (first, second), lengths = answered_within(16_384, [fleet(300), fleet(290)])
    assert (len(first.values), len(second.values)) == (300, 290)
    assert sum(length > 16_384 for length in lengths) == 1
    (refused,) = [run for result in (first, second) for run in result.runs if run.failure]
    assert "too long query" in refused.failure.message  # and not only the query, which stands before it


def test_a_single_service_whose_query_is_too_long_is_sent_as_it_is():
    member = Member("long", {"service": "x" * 70_000})
    template = QueryTemplate("k", 'x{{service=~"{service}"}}', ("service",), "test")
    query = Query(template, (member,), {}, Grid.instant(7), Purpose.SIGNAL, "k", "1h")
    (good, bad), lengths = answered_within(64_000, [fleet(3), query])
    assert len(good.values) == 3
    assert bad.failures["long"].kind == "refused"
    assert max(lengths) > 70_000


def failed(breaker, times):
    for _ in range(times):
        breaker.failed(CONNECTION_LOST)


def tripped(breaker):
    try:
        breaker.check()
    except QueryError as error:
        return error.message
    return None


def test_the_breaker_trips_after_one_more_failure_than_may_run_at_a_time():
    async def run():
        breaker = Breaker(4)
        breaker.answered()
        failed(breaker, 4)
        assert tripped(breaker) is None
        failed(breaker, 1)
        return tripped(breaker)

    assert asyncio.run(run()) == "Prometheus stopped answering; last: lost"


def test_an_http_error_starts_the_breakers_count_again():
    async def run():
        breaker = Breaker(4)
        breaker.answered()
        failed(breaker, 4)
        breaker.failed(QueryError("query_failed", "HTTP 500"))
        failed(breaker, 4)
        return tripped(breaker)

    assert asyncio.run(run()) is None


def test_a_tripping_breaker_ends_what_runs():
    async def run():
        breaker = Breaker(1)

        async def wait():
            async with breaker.limit(asyncio.get_running_loop().time() + 60):
                await asyncio.sleep(60)

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        failed(breaker, 3)
        with pytest.raises(TimeoutError):
            await waiting

    asyncio.run(asyncio.wait_for(run(), 5))
