"""Look-ups: what exists of what a query selects, and how few requests it takes to know."""

import asyncio
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.model.evidence import LabelValues
from sresnap.model.query import LatencyUnit, Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Answer, Grid, Series
from sresnap.model.series_key import SeriesKey
from sresnap.prometheus.diagnose import bucket_lack
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.evidence import Wanted, look_up
from sresnap.promql.selectors import dependence, matches
from sresnap.promql.tree import Matcher
from tests.examples import FEW

NOW = Grid.instant(1000)


class Engine:
    """Answers `count by (…) (selector)` from a list of series; those in `away` only within a range."""

    def __init__(self, *series, away=(), warnings=(), error=None):
        self.series, self.away = series, away
        self.warnings, self.error = warnings, error
        self.asked = []
        self.longest_query = 64_000
        self.most = 64_000

    async def query(self, text, _):
        self.asked.append(text)
        if self.error:
            raise QueryError("timeout", self.error)
        if len(text) > self.most:
            raise QueryError("refused", "too large", splittable=True)
        by = re.match(r"count(?: by \((.*?)\))?", text)[1] or ""
        labels = [name for name in by.split(", ") if name]
        (selector,) = dependence(text).counted
        known = [*self.series, *(self.away if "last_over_time" in text else ())]
        found = [
            tuple((name, one[name]) for name in labels if name in one)
            for one in known
            if selector.name in ("", one["__name__"])
            and all(matches(matcher, one.get(matcher.label, "")) for matcher in selector.matchers)
        ]
        return Answer(tuple(Series(dict(row), NOW, (1.0,)) for row in dict.fromkeys(found)), self.warnings, (), 0.1)


def series(name="http_requests_total", **labels):
    return {"__name__": name, **labels}


def query(role, text, names=("api", "web"), by="service"):
    template = QueryTemplate(role, text, (by,) if by else (), "test")
    members = tuple(Member(name, {"service": name}) for name in names)
    return Query(template, members, {"window": "6h"}, NOW, Purpose.SLI, SeriesKey(role), "6h")


TOTAL = 'sum by (service) (increase(http_requests_total{{service=~"{service}"}}[{window}]))'


def bad(matchers, name="http_requests_total"):
    return f'sum by (service) (increase({name}{{{{service=~"{{service}}", {matchers}}}}}[{{window}}]))'


def looked_up(engine, text, role="bad", **more):
    asked = query(role, text, **more)
    wanted = Wanted(asked, asked.members, query("total", TOTAL, **more))

    async def run():
        return await look_up(engine, [wanted], 1000, asyncio.get_running_loop().time() + 5)

    found, requests = asyncio.run(run())
    recorded = [one for result in requests for one in result.runs]
    assert sorted(one.promql for one in recorded) == sorted(engine.asked), "each request is in the report"
    assert {result.query.purpose for result in requests} <= {Purpose.LOOK_UP}
    return {service: evidence for (service, _), evidence in found.items()}


API = [series(service="api", code=code, method="GET") for code in ("200", "404", "500")]
WEB = [series(service="web", code=code, method="GET") for code in ("200", "304")]


@pytest.mark.parametrize(
    ("matchers", "takes", "leaves", "missed"),
    [
        ('code=~"5.."', ("500",), ("200", "404"), ()),
        ('code=~"5xx"', (), ("200", "404", "500"), ("500",)),
        ('code=~"4.."', ("404",), ("200", "500"), ("500",)),
        ('code!~"2.."', ("404", "500"), ("200",), ()),
        ('code=~"[45]..",code!="500"', ("404",), ("200", "500"), ()),  # excluded by name
    ],
)
def test_the_values_that_a_query_takes_and_leaves(matchers, takes, leaves, missed):
    found = looked_up(Engine(*API, *WEB), bad(matchers))
    assert found["api"].labels == (LabelValues("code", takes, leaves, missed),)
    assert found["api"].lack is None


def test_one_request_serves_all_services_and_queries_that_share_a_selector():
    engine = Engine(*API, *WEB)
    found = looked_up(engine, bad('code=~"5.."') + " or 0 * " + TOTAL)
    assert engine.asked == ['count by (service, code) (http_requests_total{service=~"api|web"})']
    assert found["web"].labels == (LabelValues("code", (), ("200", "304")),)
    assert (found["web"].lack, found["web"].missed) == (None, None), "no error yet, and the label is right"


def test_a_missed_value_is_one_sentence_with_its_remedy():
    found = looked_up(Engine(*API, *WEB), bad('code=~"5xx"'))
    assert found["api"].missed == (
        "code has 500, which look like errors and which the query does not take: add them to the query, or exclude "
        'them by name with code!="…"'
    )


def test_values_that_another_matcher_rules_out_are_not_missed():
    post = series(service="api", code="500", method="POST")
    found = looked_up(Engine(series(service="api", code="200", method="GET"), post), bad('code="503",method="GET"'))
    assert found["api"].missed is None


def test_a_term_without_the_label_takes_all_its_values():
    found = looked_up(Engine(*API, *WEB), TOTAL + " - " + bad('code=~"2.."'))
    assert found["api"].labels == ()


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        (bad('status=~"5.."'), "no series of http_requests_total has a label status"),
        (bad('code=~"5.."', "errors_total"), "there is no metric errors_total in this Prometheus"),
        (bad('code=~"5.."', "errors_total") + " or vector(0)", "there is no metric errors_total in this Prometheus"),
        (
            bad('le="1"', "latency_bucket"),
            "no bucket of latency_bucket has the boundary 1; the boundaries found are 1.0",
        ),
        (TOTAL + " - " + bad('le="1"', "latency_bucket"), "no bucket of latency_bucket has the boundary 1"),
    ],
)
def test_what_does_not_exist_is_a_lack(text, lack):
    buckets = [series("latency_bucket", service=name, le="1.0") for name in ("api", "web")]
    found = looked_up(Engine(*API, *WEB, *buckets), text)
    assert found["api"].lack.startswith(lack)


def test_either_side_of_or_is_enough():
    text = bad('code="500"', "errors_total") + " or " + bad('code="500"')
    assert looked_up(Engine(*API, *WEB), text)["api"].lack is None


def test_a_series_that_was_there_within_hours_is_enough():
    engine = Engine(*API, away=[series(service="web", code="200", method="GET")])
    found = looked_up(engine, bad('code=~"5.."'))
    assert found["web"].lack is None
    assert engine.asked[1] == 'count by (service, code) (last_over_time(http_requests_total{service=~"web"}[6h]))'


def test_an_error_metric_that_only_another_service_exports_is_a_lack_of_its_own():
    # It may be renamed in this service, as by a release, or not born yet. Nothing shows which.
    born = series("errors_total", service="web", kind="server")
    found = looked_up(Engine(*API, *WEB, born), bad('kind="server"', "errors_total"))
    assert found["web"].lack is None
    assert found["api"].lack == (
        'no series matches errors_total{service=~"api"}; if that is only because no error has happened yet, '
        "export it with 0 from the start"
    )


@pytest.mark.parametrize("role", ["good", "availability"])
def test_good_events_without_a_series_are_not_advised_to_be_zero(role):
    born = series("served_total", service="web", kind="server")
    found = looked_up(Engine(*API, *WEB, born), bad('kind="server"', "served_total"), role)
    assert found["api"].lack == 'no series matches served_total{service=~"api"}'


JOBS = {"api": "api", "admin": "api"}
"""Of two services, whose targets have one job."""


@pytest.mark.parametrize(
    "text",
    [
        'b{{service=~"{service}"}} + b{{service=~"{job}"}}',
        'b{{service=~"{job}"}} + b{{service=~"{service}"}}',
        'b{{service=~"{job}"}} - c{{service=~"{service}"}} or b{{service=~"{service}"}}',
        'c{{service=~"{service}"}} - b{{service=~"{service}"}} - b{{service=~"{job}"}}',
        '0 * b{{service=~"{job}"}} or b{{service=~"{service}"}} * c{{service=~"{job}"}}',
        'b{{service=~"{service}"}} default 0 + b{{service=~"{job}"}} default 0',
    ],
)
@pytest.mark.parametrize("present", ["api", "admin"])
def test_selectors_that_become_one_for_fewer_services_are_distinguished_by_their_place(text, present):
    members = tuple(Member(name, {"service": name, "job": job}) for name, job in JOBS.items())
    asked = replace(query("bad", f"sum by (service) ({text})"), members=members)
    engine = Engine(series("b", service=present), series("c", service=present))

    async def run():
        until = asyncio.get_running_loop().time() + 5
        return await look_up(engine, [Wanted(asked, members)], 1000, until)

    lacks = {service: each.lack for (service, _), each in asyncio.run(run())[0].items()}
    (absent,) = JOBS.keys() - {present}
    assert (lacks[absent] or "").startswith("no series matches ")
    assert present == "admin" or lacks[present] is None


def test_errors_of_another_kind_of_the_same_service_show_that_it_exports_them():
    other = series("errors_total", service="api", kind="client")
    assert looked_up(Engine(*API, *WEB, other), bad('kind="server"', "errors_total"))["api"].lack is None


@pytest.mark.parametrize(
    ("text", "missed", "lack"),
    [
        # By the labels of the target only: they are looked up like a metric.
        ('sum by (service) (increase({{service=~"{service}",code=~"5xx"}}[{window}]))', "code has 500", None),
        ('sum by (service) (increase({{service=~"{service}",code=~"5.."}}[{window}])) or vector(0)', None, None),
        ('sum by (service) (increase({{service=~"{service}",status=~"5.."}}[{window}]))', None, "no series of {…} has"),
        ('sum by (service) (increase({{__name__!~"x",service=~"{service}",kode=~"5.."}}[{window}]))', None, "no se"),
        # By what chooses errors only: without it, all series of the server would be left.
        ('sum by (code) (increase({{code=~"5xx"}}[{window}])) or vector(0)', None, "names neither a metric nor a "),
        ('sum(increase({{__name__!="x",code=~"5xx"}}[{window}]))', None, "names neither a metric nor a target"),
    ],
)  # fmt: skip
def test_a_selector_without_a_metric_is_looked_up_or_unknown(text, missed, lack):
    engine = Engine(*API, *WEB)
    found = looked_up(engine, text)["api"]
    for said, wanted in ((found.missed, missed), (found.lack, lack)):
        assert (said is None) is (wanted is None)
        assert (wanted or "") in (said or "")
    assert not any("count({})" in asked or "({})" in asked for asked in engine.asked)


def test_a_look_up_for_the_cause_that_fails_explains_nothing():
    class Failing(Engine):
        async def query(self, text, time):
            if text.startswith("count(errors_total)"):
                self.asked.append(text)
                raise QueryError("timeout", "no answer within 30 s")
            return await super().query(text, time)

    found = looked_up(Failing(*API, *WEB, series("errors_total", service="web", kind="server")), bad(
        'kind="server"', "errors_total"
    ))  # fmt: skip
    assert found["api"].has_failed
    assert found["web"].lack is None, "one failure says nothing about the others"


SHARE = "100 * (1 - ({} or 0 * TOTAL) / TOTAL)".replace("TOTAL", TOTAL.replace("{", "{{").replace("}", "}}"))
SPRING = [
    series(service="api", outcome="SUCCESS", status="200", instance="a"),
    series(service="api", outcome="SERVER_ERROR", status="500", instance="a"),
]


@pytest.mark.parametrize(
    ("role", "text", "missed"),
    [
        ("bad", bad('outcome="ERROR", status="5xx"'), "outcome has SERVER_ERROR and status has 500"),
        ("bad", bad('outcome="ERROR"') + " + " + bad('status="5xx"'), "outcome has SERVER_ERROR and status has 500"),
        ("bad", bad('outcome="SERVER_ERROR"') + " + " + bad('status="5xx"'), None),
        ("bad", bad('status=~"5..", instance="b"'), 'does not take, as no series has instance="b": cor'),
        ("bad", bad('status=~"5..", instance="a"'), None),
        ("bad", 'sum by (service) (increase({{__name__=~"http_requests_total", status="5xx"}}[{window}]))', "status"),
        ("bad", 'sum by (service) (increase({{__name__=~"http_.+", status="5xx"}}[{window}]))', "status has 500"),
        ("bad", TOTAL + " - " + bad('status!~"5xx"'), "status has 500, which look like errors and which the query cou"),
        ("good", bad('status!="5xx"'), "status has 500"),
        ("good", bad('status!~"5.."'), None),
        ("good", bad('status=~"[2-5].."'), None),  # named
        ("good", TOTAL + " - " + bad('status="5xx"'), "status has 500"),
        ("availability", SHARE.format(bad('status="5xx"')), "status has 500"),
        ("availability", SHARE.format(bad('status="500"')), None),
    ],
)  # fmt: skip
def test_errors_are_missed_or_taken_as_good_in_any_spelling(role, text, missed):
    found = looked_up(Engine(*SPRING), text, role, names=("api",))["api"].missed
    assert (found is None) is (missed is None)
    assert (missed or "") in (found or "")


def test_an_ungrouped_query_is_looked_up_for_its_service():
    text = 'sum(increase(http_requests_total{{service="{service}", code=~"5xx"}}[{window}]))'
    found = looked_up(Engine(*API, *WEB), text, names=("api",), by=None)
    assert found["api"].labels == (LabelValues("code", (), ("200", "404", "500"), ("500",)),)


@pytest.mark.parametrize(
    ("engine", "text", "reason"),
    [
        (Engine(error="no answer within 30 s"), bad('code="5"'), "the look-up failed: no answer within 30 s"),
        (Engine(*API, warnings=("a store is away",)), bad('code="5"'), "the look-up failed: a store is away"),
        (Engine(*API), "WITH (x) y default 0", "its selectors cannot be read"),
        (Engine(*API), bad('code=~"(?P<"'), "its selectors cannot be read"),
    ],
)
def test_a_look_up_without_an_answer_is_a_lack_of_its_own(engine, text, reason):
    found = looked_up(engine, text)["api"]
    assert found.has_failed is ("failed" in reason), "a selector that cannot be read will not be readable in an hour"
    assert reason in found.lack


MANY = tuple(f"service-{number:03}" for number in range(300))


def test_look_ups_of_a_large_fleet_are_cut_by_bytes_before_they_are_sent():
    engine = Engine(*(series(service=name, code="200") for name in MANY))
    engine.longest_query = engine.most = 1000
    found = looked_up(engine, bad('code=~"5.."'), names=MANY)
    assert len(found) == 300
    assert {evidence.lack for evidence in found.values()} == {None}
    assert max(map(len, engine.asked)) <= 1000


def test_a_look_up_that_is_refused_as_too_large_is_sent_for_half_of_the_services():
    engine = Engine(*(series(service=name, code="200") for name in MANY))
    engine.most = 1000
    found = looked_up(engine, bad('code=~"5.."'), names=MANY)
    assert {evidence.lack for evidence in found.values()} == {None}


def test_a_look_up_that_no_half_can_have_ends():
    engine = Engine()
    engine.most = 10
    found = looked_up(engine, bad('code=~"5.."'), names=MANY)
    assert {evidence.lack for evidence in found.values()} == {
        "nothing shows whether an empty answer means zero (the look-up failed: too large)"
    }
    assert len(engine.asked) < 150


MATCHERS = ('service=~"{service}"', 'job=~"{job}"', 'service=~"{job}"', 'job=~"{service}"', 'code="500"', 'code!~"2.."')
TERMS = ("X", "sum by (service) (X)", "increase(X[5m])", "increase(X[5m]) default 0", "absent(X)", "0 * X", "vector(0)")


def any_shape(chance, depth):
    if depth == 0:
        inner = ", ".join(chance.sample(MATCHERS, chance.randint(1, 2)))
        return chance.choice(TERMS).replace("X", f"{chance.choice('aab')}{{{{{inner}}}}}")
    left, right = any_shape(chance, depth - 1), any_shape(chance, depth - 1)
    return f"({left}) {chance.choice(('+', '-', '/', 'or', 'and', 'unless'))} ({right})"


@FEW
@given(st.integers(0, 2**32))
def test_no_shape_of_a_query_ends_the_look_up(seed):
    chance = random.Random(seed)

    async def run(wanted, engine):
        return await look_up(engine, [wanted], 1000, asyncio.get_running_loop().time() + 5)

    with asyncio.Runner() as runner:
        for _ in range(20):
            names = ("api", "web", "admin")[: chance.randint(1, 3)]
            members = tuple(Member(name, {"service": name, "job": chance.choice(("api", name))}) for name in names)
            asked = replace(query("bad", any_shape(chance, chance.randint(1, 2))), members=members)
            known = [
                series(chance.choice("ab"), service="api", job="x", code="200") for _ in range(chance.randint(0, 2))
            ]
            found, _ = runner.run(run(Wanted(asked, members), Engine(*known)))
            assert {service for service, _ in found} == set(names)


@pytest.mark.parametrize(
    ("wanted", "bounds", "near"),
    [
        (r"(?:0\.3)([.]0)?", ["0.25", "0.5", "1", "+Inf"], "latency_threshold: 250ms or 500ms,"),
        (r"(?:0\.3)([.]0)?", ["1", "2.5"], "latency_threshold: 1s,"),
        (r"(?:5)([.]0)?", ["1", "2.5"], "latency_threshold: 2.5s,"),
        (r"(?:2)([.]0)?", ["0.0005", "10.0"], "latency_threshold: 0.5ms or 10s,"),
    ],
)
def test_the_nearest_boundaries_are_named_as_a_file_has_them(wanted, bounds, near):
    assert f"choose one of them ({near} or le" in bucket_lack("x", Matcher("le", "=~", wanted), bounds, None)


def test_the_boundaries_that_exist_are_named_in_the_unit_of_the_source():
    wanted = Matcher("le", "=~", "(?:300)([.]0)?")
    assert bucket_lack("istio_ms_bucket", wanted, ["500", "+Inf", "250"], LatencyUnit.MILLISECONDS) == (
        "no bucket of istio_ms_bucket has the boundary 300ms; the boundaries found are 250ms, 500ms: "
        "choose one of them (latency_threshold: 250ms or 500ms, or le in a query of your own)"
    )


def test_a_look_up_that_bad_and_total_ask_for_is_sent_and_listed_once():
    engine = Engine(*(series("other_total", service=name) for name in ("api", "web")))
    total = query("total", 'sum by (service) (rate(gone_total{{service=~"{service}"}}[{window}]))')
    errors = query("bad", 'sum by (service) (rate(gone_total{{service=~"{service}",code=~"5.."}}[{window}]))')
    wanted = [Wanted(errors, errors.members, total), Wanted(total, total.members, None)]

    async def run():
        loop = asyncio.get_running_loop()
        return await look_up(engine, wanted, 1000, loop.time() + 20)

    _, listed = asyncio.run(run())
    sent = [run.promql for result in listed for run in result.runs]
    assert "count(gone_total)" in sent
    assert sorted(sent) == sorted(set(sent)) == sorted(engine.asked)
