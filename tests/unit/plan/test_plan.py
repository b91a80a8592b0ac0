"""What is asked for the SLOs of a configuration: each series once, over the longest window that needs it."""

from pathlib import Path

import pytest

from sresnap import promql
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.query import Purpose
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, HOUR, iso, parse_time
from sresnap.plan import history_hours, plan

AT = parse_time("2026-11-22T21:34:00Z")


def planned(text, at=AT):
    return plan(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(), at)


def hourly(found, key):
    return [q for q in found.queries if str(q.series_key) == key and q.purpose in (Purpose.HOURLY, Purpose.PEAK)]


QUARTER = """
services:
  - {name: web, slos: [{name: availability, objective: 99.9, window: [28d, quarter]}]}
  - {name: api, slos: [{name: latency, objective: 99, latency_threshold: 300ms, window: 7d}]}
"""


def test_the_history_reaches_back_to_the_longest_window():
    config = loads(QUARTER, "sresnap.yaml", {}, cwd=Path.cwd())
    assert iso(history_hours(config, AT).start) == "2026-10-01T00:00:00Z"


def test_a_series_is_asked_for_as_far_back_as_some_slo_needs_it():
    found = planned(QUARTER)
    # web needs total since October, so the one query for total that serves api too goes that far.
    assert [iso(q.grid.start) for q in hourly(found, "total")] == ["2026-10-01T01:00:00Z"]
    assert [iso(q.grid.start) for q in hourly(found, "latency_good@0.3")] == ["2026-11-15T01:00:00Z"]
    assert [iso(q.grid.start) for q in hourly(found, "request_rate")] == ["2026-10-25T01:00:00Z"]


def test_windows_of_one_slo_share_their_series():
    one = planned("services: [{name: web, slos: [{name: a, objective: 99, window: 28d}]}]")
    two = planned("services: [{name: web, slos: [{name: a, objective: 99, window: [28d, 7d]}]}]")
    assert len(two.queries) == len(one.queries)


CORRECTED = """
services: [{name: web, slo_target: 99.9}, {name: api, slo_target: 99.9}]
corrections:
  - {reason: move, start: 2026-11-20T22:30:00Z, end: 2026-11-21T00:15:00Z, services: [web]}
"""


def test_a_correction_before_the_window_is_looked_up_in_the_history_and_never_queried():
    # In the 28 days before the window: its part of an hour has a definition, and no query.
    text = CORRECTED.replace("2026-11-20T22:30", "2026-10-10T22:30").replace("2026-11-21T00:15", "2026-10-11T00:15")
    found = planned(text)
    assert iso(found.earlier.start) == "2026-09-27T22:00:00Z"
    assert found.earlier.end == found.hours.start
    part = SeriesKey("bad", part=(1800, 3600))
    assert ("web", part) in found.definitions
    assert [query for query in found.queries if query.series_key.part is not None] == []
    assert len(found.queries) == len(planned(CORRECTED.partition("corrections:")[0]).queries)


def test_the_parts_of_hours_that_a_correction_cuts_are_asked_for_by_the_hour_at_the_part_s_end():
    found = planned(CORRECTED)
    (before,) = hourly(found, "total~1800-3600")
    (after,) = hourly(found, "total~0-900")
    assert before.variables["window"] == "30m"
    assert after.variables["window"] == "15m"
    assert before.grid.start % HOUR == 0
    assert after.grid.start % HOUR == 900
    assert [m.service for m in before.members] == ["web"]
    assert not hourly(found, "total~0-3600")


def test_a_correction_in_the_running_hour_is_one_instant():
    text = CORRECTED.replace("2026-11-20T22:30:00Z", "2026-11-22T21:10:00Z")
    text = text.replace("2026-11-21T00:15:00Z", "2026-11-22T22:00Z")
    cut = [q for q in planned(text).queries if str(q.series_key) == "bad~600-2040"]
    assert [(q.purpose, q.grid.end, q.variables["window"]) for q in cut] == [(Purpose.RUNNING_HOUR, AT, "24m")]


def test_slices_are_counted_within_the_window_so_that_both_edges_count_once():
    sliced = "{name: a, objective: 99, kind: timeslices, slice: {length: 1m, target: 95}}"
    found = planned(f"services: [{{name: web, slos: [{sliced}]}}]")
    texts = {promql.render(q) for q in found.queries if q.purpose is Purpose.HOURLY and "slices" in q.series_key.role}
    assert len(texts) == 2
    assert all("[3599999ms:1m]" in text for text in texts)
    assert any(">= bool 0.95" in text for text in texts)
    assert all(promql.check_syntax(text) is None for text in texts)


def test_a_definition_changes_with_the_query_and_not_with_the_version():
    # When it changes, 28 days are queried again. It is the definition of the preset's query `total`.
    found = planned("services: [{name: web, slo_target: 99.9}]")
    assert found.definitions["web", SeriesKey("total")] == DEFINITION


DEFINITION = "ef56ebca6c68"


@pytest.mark.parametrize("window", ["month", "quarter", "week", "90d"])
def test_every_window_has_a_plan_at_any_time(window):
    for at in (AT, parse_time("2026-12-01T00:00:00Z"), parse_time("2026-12-01T00:01:00Z")):
        found = planned(f"services: [{{name: web, slos: [{{name: a, objective: 99, window: {window}}}]}}]", at)
        assert found.hours.start <= at - DAY


MANY = """
prometheus: {url: "http://home"}
sources: {eu: {url: "http://eu"}}
services:
""" + "".join(f"  - {{name: s{i}, slo_target: 99, labels: {{service: api}}SOURCE{i % 2}}}\n" for i in range(6))


def test_services_of_one_source_share_their_queries_and_each_source_adds_its_own_once():
    one, two = (planned(MANY.replace("SOURCE0", "").replace("SOURCE1", text)) for text in ("", ", source: eu"))
    assert len(two.queries) == 2 * len(one.queries)
    assert len(two.of_source("eu")) == len(two.of_source("prometheus")) == len(one.queries)
    members = {query.source: {member.service for member in query.members} for query in two.queries}
    assert members == {"prometheus": {"s0", "s2", "s4"}, "eu": {"s1", "s3", "s5"}}
    assert all({m.service for m in q.members} == members[q.source] for q in two.queries)


def test_a_service_of_another_source_has_another_history_and_the_others_keep_theirs():
    one, two = (planned(MANY.replace("SOURCE0", "").replace("SOURCE1", text)) for text in ("", ", source: eu"))
    moved = {service for (service, key), text in one.definitions.items() if two.definitions[service, key] != text}
    assert moved == {"s1", "s3", "s5"}
    third = planned(MANY.replace("eu:", "us:").replace("SOURCE0", "").replace("SOURCE1", ", source: us"))
    assert all(
        third.definitions[key] != two.definitions[key] for key in two.definitions if key[0] in {"s1", "s3", "s5"}
    )
