"""Each number can be worked out again from the formula and the numbers beside it."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given

from sresnap.audit.forecast import forecast_derivations
from sresnap.audit.signals import capacity_derivations, signal_derivations
from sresnap.audit.slo import composite_derivations, slo_derivations
from sresnap.audit.statement import statement_derivations
from sresnap.compute.fleet.composite import composite
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.config import burn_pairs
from sresnap.documents import snapshots
from sresnap.model.events import EventCount
from sresnap.model.query import Result
from sresnap.model.series import Series
from sresnap.model.service import Method
from sresnap.model.windows import HOUR, iso, parse_time
from tests import factories
from tests.examples import FEW
from tests.golden.files import SNAPSHOT
from tests.unit.compute import test_properties as properties
from tests.unit.compute.test_properties import COUNT, MINUTES, MONTH, SEEN, WEEK
from tests.unit.compute.test_service_report import AT, FLEET, constant, gathered, report


def all_derivations(snapshot):
    found = []
    for service in snapshot.services:
        for slo in service.slos:
            found += slo_derivations(snapshot, service, slo)
            found += forecast_derivations(snapshot, slo)
            found += statement_derivations(snapshot, slo)
        found += signal_derivations(snapshot, service).values()
        found += capacity_derivations(snapshot, service).values()
    return [*found, *composite_derivations(snapshot)]


def judged(found):
    """A report of what was gathered."""
    services = tuple(report(found, name) for name in ("web", "api"))
    fleet = composite(services, {}, Method.BUDGET)
    return replace(factories.healthy(), at=AT, services=services, composite=fleet, queries=(), groups=())


@cache
def computed():
    text = FLEET.replace("slo_target: 99}]", "slos: [{name: a, objective: 99.9, window: [28d, month]}]}]")
    return judged(
        gathered(f"{text}corrections: [{{reason: move, start: 2026-11-20T10:00:00Z, duration: 2h}}]", constant)
    )


def incident(query):
    """1,000 events an hour with 2 bad; of one hour five days ago 400, and in the last two days 12 an hour."""
    role = query.series_key.role
    ago = [(AT - time) / HOUR for time in query.grid.times()]
    bad = [400.0 if 120 <= hours < 121 else 12.0 if hours < 48 else 2.0 for hours in ago]
    values = {"total": (1000.0,) * len(bad), "bad": tuple(bad)}.get(role, (5.0,) * len(bad))
    return Result(query, {m.service: Series({}, query.grid, values) for m in query.members})


@cache
def after_incident():
    text = FLEET.replace("slo_target: 99}]", "slos: [{name: a, objective: 99, window: [7d, month]}]}]")
    return judged(gathered(text, incident))


def first_days(query):
    """The incident's answers, with nothing before the last six days: 28 days and a month are seen in part."""
    found = incident(query)
    since = AT - 6 * 24 * HOUR
    times = query.grid.times()
    values = {
        name: replace(series, values=tuple(v if t > since else None for t, v in zip(times, series.values, strict=True)))
        for name, series in found.values.items()
    }
    return replace(found, values=values)


@cache
def in_first_days():
    text = FLEET.replace("slo_target: 99}]", "slos: [{name: a, objective: 99, window: [28d, month]}]}]")
    return judged(gathered(text, first_days))


every_field = factories.STATES["evaluated"]


@pytest.mark.parametrize(
    "made",
    [computed, after_incident, in_first_days, every_field],
    ids=["computed", "incident", "first days", "every field"],
)
def test_the_filled_formula_gives_the_value(made):
    evaluated = 0
    for derivation in all_derivations(made()):
        if derivation.filled is None:
            assert derivation.why, derivation.name
        elif made is not every_field:
            value = eval(derivation.filled, {"__builtins__": {}})
            assert value == pytest.approx(derivation.value, rel=1e-9, abs=1e-12), derivation.name
            evaluated += 1
        else:
            eval(derivation.filled, {"__builtins__": {}})
    assert evaluated > 40 or made is every_field


def named(derivations, text):
    (found,) = [derivation for derivation in derivations if text in derivation.name]
    return found


def test_a_forecast_is_worked_out_at_its_moment_and_an_hour_before():
    slo = after_incident().services[0].slos[0]
    pace = slo.forecast.paces[0]
    found = forecast_derivations(after_incident(), slo)
    # The last 6 hours and the 34 minutes of the running one, 12 bad in each: its answer is the whole hour's here.
    assert named(found, "bad an hour, pace 6h").filled == "(7000.0 - 6916.0) / 6.566666666666666"
    spent = named(found, f"budget remaining at {iso(pace.exhausted_at)}, exhausted, pace 6h")
    assert spent.value <= 0
    assert float(spent.samples.rpartition(" ")[2]) > 0


def test_an_episode_is_worked_out_from_its_hours_to_the_budget_when_it_has_left():
    slo = after_incident().services[0].slos[0]
    found = statement_derivations(after_incident(), slo)
    old = slo.statement.episodes[0]
    name = f"episode of {iso(old.start)}"
    assert named(found, f"{name}: bad").filled == "1000.0 - 600.0"
    assert named(found, f"{name}: peak burn rate").filled == "(1000.0 - 600.0) / 1000.0 / 0.01"
    assert named(found, f"{name}: of the budget").value == old.budget_share
    assert named(found, f"when the {name} has left").value == pytest.approx(old.remaining_after, abs=1e-12)
    assert "background: bad" in [derivation.name for derivation in found]


def test_the_numbers_of_first_days_are_worked_out_with_the_share_that_was_seen():
    young = in_first_days()
    for slo in young.services[0].slos:
        assert slo.provisional is not None
        found = slo_derivations(young, young.services[0], slo)
        left = next(derivation for derivation in found if derivation.name == "budget remaining")
        assert left.formula.endswith("× seen / window")
        agree(young, slo)


def agree(snapshot, slo):
    """Whether the audit's forecast has the same numbers as the report's."""
    derivations = {derivation.name: derivation for derivation in forecast_derivations(snapshot, slo)}
    for pace in slo.forecast.paces:
        assert derivations[f"burn rate, pace {pace.pace}"].value == pace.burn_rate
        (ahead,) = (
            w for name, w in derivations.items() if name.startswith("budget ") and name.endswith(f"pace {pace.pace}")
        )
        if pace.exhausted_at is not None:
            assert ahead.value <= 1e-9 < float(ahead.samples.rpartition(" ")[2]) + 2e-9
        elif pace.recovers_at is not None:
            assert ahead.value > -1e-9
        elif pace.end_remaining_ratio is not None:
            assert ahead.value == pytest.approx(pace.end_remaining_ratio, rel=1e-6, abs=1e-6)
    found = {derivation.name: derivation.value for derivation in statement_derivations(snapshot, slo)}
    for episode in slo.statement.episodes if slo.statement is not None else ():
        name = f"episode of {iso(episode.start)}"
        assert found[f"{name}: bad"] == episode.bad
        if episode.remaining_after is not None:
            (left,) = (value for key, value in found.items() if key.endswith(f"the {name} has left"))
            assert left == pytest.approx(episode.remaining_after, rel=1e-6, abs=1e-6)


def test_every_number_of_the_demo_is_the_report_s():
    snapshot = snapshots.read(SNAPSHOT)
    for service in snapshot.services:
        for slo in service.slos:
            agree(snapshot, slo)
    for derivation in all_derivations(snapshot):
        if derivation.filled is not None:
            value = eval(derivation.filled, {"__builtins__": {}})
            assert value == pytest.approx(derivation.value, rel=1e-9, abs=1e-9), derivation.name


@pytest.mark.parametrize("slo", [WEEK, MONTH], ids=["rolling", "calendar"])
@FEW
@given(SEEN, COUNT, MINUTES)
def test_every_number_of_any_counts_is_the_report_s(slo, hours, running, minutes):
    at = properties.AT + minutes * 60
    measured = properties.data((hours * 4)[:672], at=at, running=running if minutes else None)
    report = evaluate_slo(slo, measured, burn_pairs())
    base = factories.healthy()
    snapshot = replace(base, at=at, services=(replace(base.services[0], slos=(report,)),))
    agree(snapshot, report)


def test_in_the_first_hours_of_a_month_the_pace_of_the_days_before_is_in_the_report():
    at = parse_time("2026-12-01T02:00:00Z")
    hours = [EventCount(490, 500)] * 72
    report = evaluate_slo(MONTH, properties.data(hours, at=at), burn_pairs())
    assert [pace.mean.hours for pace in report.forecast.paces] == [6, 72]
    base = factories.healthy()
    snapshot = replace(base, at=at, services=(replace(base.services[0], slos=(report,)),))
    assert all(derivation.filled for derivation in forecast_derivations(snapshot, report))
    agree(snapshot, report)


def test_signals_and_capacities_have_their_unit_and_the_query_with_its_time():
    record = factories.query(
        "error_rate", purpose="signal", window="1h", start=parse_time("2026-11-22T20:30:00Z"), step_seconds=60
    )
    snapshot = replace(factories.healthy(), queries=(*factories.QUERIES, record))
    service = snapshot.services[0]
    errors = signal_derivations(snapshot, service)["error_rate"]
    assert (errors.name, errors.formula) == ("error_rate, ratio", "the query's answer, in percent / 100")
    assert errors.queries == (record,)
    assert errors.samples == f"as of {iso(record.time)}"
    assert signal_derivations(snapshot, service)["latency_p99"].name == "latency_p99, seconds"
    assert capacity_derivations(snapshot, service)["vps_cpu"].value == service.capacity["vps_cpu"]


@pytest.mark.parametrize("state", factories.STATES)
def test_every_number_of_every_state_has_a_formula_or_a_reason(state):
    for derivation in all_derivations(factories.STATES[state]()):
        assert derivation.formula
        assert (derivation.filled is None) == (derivation.why is not None)


def test_a_composite_is_worked_out_from_its_shares():
    for method in Method:
        fleet = composite(computed().services, {"web": 2.0}, method)
        whole, measured, mean, measured_mean = composite_derivations(replace(computed(), composite=fleet))
        assert measured.name == "budget remaining, fleet without corrections"
        assert measured.value == fleet.raw_remaining_ratio
        assert (mean.value, measured_mean.value) == (fleet.mean_sli, fleet.raw_mean_sli)
        for derivation in (whole, measured, mean, measured_mean):
            assert eval(derivation.filled, {"__builtins__": {}}) == pytest.approx(derivation.value)
