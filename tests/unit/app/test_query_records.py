"""The requests of a report as its snapshot has them."""

from pathlib import Path

from sresnap import promql
from sresnap.app.query_records import query_records
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.query import Failure, Result, Run
from sresnap.model.windows import parse_time
from sresnap.plan import plan

AT = parse_time("2026-11-22T21:34:00Z")
FLEET = "services: [{name: web, slo_target: 99}, {name: api, slo_target: 99}]\n"
WARNED = (("slow",), ("a gauge",), Failure("timeout", "no answer"))


def planned(text):
    return plan(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(), AT).queries


def test_every_request_is_recorded_with_its_times_and_result():
    runs = [Result(query, runs=(Run("promql", query.grid, 2, 0.5, *WARNED),)) for query in planned(FLEET)]
    found = query_records(runs, 2)
    instant = next(record for record in found if record.purpose == "sli" and record.window == "1h")
    assert (instant.time, instant.start, instant.step_seconds) == (parse_time("2026-11-22T21:34:00Z"), None, None)
    assert (instant.services, instant.series, instant.seconds) == (None, 2, 0.5)
    assert (instant.warnings, instant.infos, instant.error) == (("slow",), ("a gauge",), "no answer")
    assert instant.notes == ("no answer", "warning: slow", "info: a gauge")
    hourly = next(record for record in found if record.purpose == "hourly" and record.signal == "total")
    assert (hourly.time, hourly.step_seconds) == (parse_time("2026-11-22T21:00:00Z"), 3600)


def test_a_request_for_some_services_names_them_and_a_successful_one_has_no_error():
    text = f"{FLEET}corrections: [{{reason: move, start: 2026-11-20T10:20:00Z, duration: 10m, services: [web]}}]"
    runs = [Result(query, runs=(Run("promql", query.grid, 1, 0.1),)) for query in planned(text)]
    part = next(record for record in query_records(runs, 2) if record.signal.startswith("total~"))
    assert (part.services, part.error) == (("web",), None)


def test_a_request_that_names_several_services_has_a_form_for_one_and_a_part_of_it_names_only_its_own():
    query = next(query for query in planned(FLEET) if query.template.by)
    whole, part = promql.render(query), promql.render(query).replace("api|web", "web")
    assert part != whole
    runs = (Run(whole, query.grid, 0, 0.1, failure=WARNED[-1]), Run(part, query.grid, 1, 0.1))
    failed, answered = query_records([Result(query, runs=runs)], 2)
    assert (failed.services, answered.services) == (None, ("web",))
    assert failed.for_one == answered.for_one
    assert '=~"{service}"' in failed.for_one
