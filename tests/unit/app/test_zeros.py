"""Which zeros of a report need a reason, and for how long it holds."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.app import zeros
from sresnap.app.gather import report_input
from sresnap.app.zeros import KEPT_SECONDS, reasons_of_zeros
from sresnap.compute.answers import merge_answers
from sresnap.config import loads
from sresnap.documents.history import decode, encode
from sresnap.model.evidence import Evidence, LabelValues
from sresnap.model.history import History
from sresnap.model.query import Failure, Purpose, Result
from sresnap.model.series import Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import HOUR, day_of, parse_time
from sresnap.plan import plan

AT = parse_time("2026-11-22T21:34:00Z")
TEXT = "services: [{name: web, slo_target: 99}, {name: api, slo_target: 99}]\n"
GOOD = (
    "provider: custom\nqueries:\n  total: 'sum(increase(t{{s=\"{service}\"}}[{window}]))'\n"
    "  good: 'sum(increase(g{{s=\"{service}\"}}[{window}]))'\n"
)
BAD = SeriesKey("bad")
FINE = Evidence(None, (LabelValues("code", (), ("200",)),))
FAILED = Evidence("no answer", has_failed=True)
MISSED = Evidence(None, (LabelValues("code", (), ("200", "500"), ("500",)),))


def results_of(todo, values):
    """Every query answered: 100 events each, and of a role the value given, None for no series."""
    found = []
    for query in todo.queries:
        value = values.get(query.series_key.role, 100.0)
        answered = {m.service: Series({}, query.grid, (value,) * query.grid.count) for m in query.members}
        found.append(Result(query, {} if value is None else answered))
    return found


def reasons(monkeypatch, evidence, values, *, history=None, at=AT, text=TEXT, change=None):
    """What is looked up, by service and series, and what follows from it."""
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    todo = plan(config, history or History(), at)
    asked = []

    async def look_up(_, wanted, *__):
        found = {(member.service, one.query.series_key): evidence for one in wanted for member in one.members}
        asked.extend(sorted((service, str(key)) for service, key in found))
        return found, []

    monkeypatch.setattr(zeros, "look_up", look_up)
    results = results_of(todo, values)
    results = results if change is None else [change(result) for result in results]
    return asked, asyncio.run(reasons_of_zeros(None, results, history or History(), todo, 0.0, {})), todo, results


BOTH = [("api", "bad"), ("web", "bad")]


@pytest.mark.parametrize(
    ("bad", "evidence", "asked", "doubted"),
    [
        (None, FINE, BOTH, False),
        (None, MISSED, BOTH, True),
        (None, Evidence("no metric"), BOTH, True),
        (None, FAILED, BOTH, True),
        (0.0, MISSED, BOTH, True),
        (0.0, FINE, BOTH, False),
        (0.0, Evidence("no metric"), BOTH, True),  # `… or vector(0)`
        (0.0, FAILED, BOTH, True),  # it may be `… or vector(0)`
        (3.0, MISSED, BOTH, True),  # 500 is found, 503 is not
        (3.0, FINE, BOTH, False),
        (3.0, Evidence("no metric"), BOTH, False),  # one of two terms
    ],
)
def test_only_a_zero_needs_a_reason(monkeypatch, bad, evidence, asked, doubted):
    found, reason, *_ = reasons(monkeypatch, evidence, {"bad": bad})
    assert found == asked
    assert {service for service, _ in reason.doubts} == ({"api", "web"} if doubted else set())
    assert len(reason.explained) == (0 if doubted else len(asked))


def test_a_query_that_failed_or_was_partial_is_not_looked_up(monkeypatch):
    def failing(result):
        if result.query.series_key != BAD or result.query.purpose is not Purpose.SLI:
            return result
        return replace(result, failures={"web": Failure("timeout", "")}, unsure={"api": frozenset({AT})})

    assert reasons(monkeypatch, FINE, {"bad": None}, change=failing)[0] == []


def kept(monkeypatch, evidence, bad):
    """The history after a build, as it is read from its file."""
    _, found, todo, results = reasons(monkeypatch, evidence, {"bad": bad})
    history = merge_answers(
        History(), results, todo.definitions, todo.totals, AT - 3 * HOUR, doubts=found.doubts
    ).with_explained({key: todo.definitions[key] for key in found.explained}, AT)
    return History({day: decode(encode(day, content, None), day)[0] for day, content in history.days.items()}), todo


def test_a_reason_holds_for_an_hour_so_that_most_builds_look_nothing_up(monkeypatch):
    history, _ = kept(monkeypatch, FINE, None)
    for seconds, asked in ((60, []), (KEPT_SECONDS - 60, []), (KEPT_SECONDS, BOTH), (26 * HOUR, BOTH)):
        assert reasons(monkeypatch, FINE, {"bad": None}, history=history, at=AT + seconds)[0] == asked
    changed = TEXT + "queries: {bad: 'sum by (service) (increase(x{{service=~\"{service}\"}}[{window}]))'}\n"
    assert reasons(monkeypatch, FINE, {"bad": None}, history=history, at=AT + 60, text=changed)[0] == BOTH


def test_a_failed_look_up_explains_nothing_seals_no_zero_and_is_asked_again(monkeypatch):
    _, found, todo, results = reasons(monkeypatch, FAILED, {"bad": 3.0})
    assert (found.doubts, found.explained, found.failed) == ({}, frozenset(), {("api", BAD), ("web", BAD)})
    # Hours with errors are numbers, and are final; hours without stay open.
    quiet = [
        replace(r, values={}) if r.query.series_key == BAD and r.query.purpose is Purpose.HOURLY else r for r in results
    ]
    for answers, sealed in ((results, True), (quiet, False)):
        config = loads(TEXT, "sresnap.yaml", {}, cwd=Path.cwd())
        history = report_input(config, History(), AT, todo, answers, {}, found).history
        assert set(history.values(("web", BAD), todo.definitions["web", BAD], todo.hours)) == {3.0 if sealed else 0.0}
        assert any(day.columns["web", BAD].sealed for day in history.days.values()) is sealed
        assert reasons(monkeypatch, FAILED, {"bad": 3.0}, history=history, at=AT + 60)[0] == BOTH


def test_a_doubt_is_looked_up_by_each_build(monkeypatch):
    history, _ = kept(monkeypatch, MISSED, 0.0)
    assert reasons(monkeypatch, MISSED, {"bad": 0.0}, history=history, at=AT + 60)[0] == BOTH


def test_hours_of_a_doubt_are_unknown_and_asked_again(monkeypatch):
    history, todo = kept(monkeypatch, Evidence("no metric"), None)
    assert set(history.values(("web", BAD), todo.definitions["web", BAD], todo.hours)) == {None}
    assert history.unsealed(("web", BAD), todo.definitions["web", BAD], todo.hours)[-1].end == todo.hours.end
    assert not any(day.columns["web", BAD].sealed for day in history.days.values())
    history, todo = kept(monkeypatch, FINE, None)
    assert set(history.values(("web", BAD), todo.definitions["web", BAD], todo.hours)) == {0.0}


def test_only_columns_that_need_a_reason_hold_one(monkeypatch):
    history, _ = kept(monkeypatch, FINE, None)
    text = encode(day_of(AT), history.days[day_of(AT)], None).decode()
    assert text.count('"explained":') == 2


def test_a_metric_that_is_gone_is_unknown_though_it_was_seen_as_it_may_be_renamed(monkeypatch):
    gone = Evidence("there is no metric errors_total")
    history, _ = kept(monkeypatch, FINE, 3.0)
    later = AT + KEPT_SECONDS
    assert reasons(monkeypatch, gone, {"bad": None}, history=history, at=later)[1].doubts.keys() == {
        ("api", BAD), ("web", BAD)
    }  # fmt: skip


def test_errors_that_a_query_misses_leave_what_it_finds_as_a_number(monkeypatch):
    _, found, *_ = reasons(monkeypatch, MISSED, {"bad": 3.0})
    assert found.undercounted == found.doubts.keys() == {("api", BAD), ("web", BAD)}
    assert not reasons(monkeypatch, MISSED, {"bad": 0.0})[1].undercounted


def test_good_events_are_looked_up_as_they_may_hold_errors(monkeypatch):
    mistaken = Evidence(None, (LabelValues("code", ("200", "500"), (), mistaken=("500",)),))
    asked, found, *_ = reasons(monkeypatch, mistaken, {"good": 90.0}, text=TEXT + GOOD)
    assert asked == [("api", "good"), ("web", "good")]
    (doubt,) = set(found.doubts.values())
    assert doubt.startswith("code has 500, which look like errors and which the query counts as good: exclude them")


def test_good_events_that_were_seen_need_a_reason_when_they_are_gone(monkeypatch):
    assert reasons(monkeypatch, FINE, {"good": None}, text=TEXT + GOOD)[0] == [], "never seen: unknown in any case"
    _, found, todo, results = reasons(monkeypatch, FINE, {"good": 90.0}, text=TEXT + GOOD)
    history = merge_answers(History(), results, todo.definitions, todo.totals, AT - 3 * HOUR)
    no_bucket = Evidence("no bucket of g has the boundary 1")
    asked, found, *_ = reasons(monkeypatch, no_bucket, {"good": None}, history=history, at=AT + 60, text=TEXT + GOOD)
    assert asked == [("api", "good"), ("web", "good")]
    assert set(found.doubts.values()) == {"no bucket of g has the boundary 1"}
