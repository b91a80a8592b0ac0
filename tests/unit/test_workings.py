"""Each number can be worked out again from what stands beside it."""

from dataclasses import replace

import pytest

from sresnap.render.workings import composite_workings, slo_workings
from tests import factories
from tests.unit.test_compute_report import FLEET, constant, gathered, report


def all_workings(snapshot):
    found = [
        working
        for service in snapshot.services
        for slo in service.slos
        for working in slo_workings(snapshot, service, slo)
    ]
    return [*found, *composite_workings(snapshot)]


REAL = gathered(
    FLEET.replace("slo_target: 99}]", "slos: [{name: a, objective: 99.9, window: [28d, month]}]}]")
    + "corrections: [{reason: move, start: 2026-11-20T10:00:00Z, duration: 2h}]",
    constant,
)
JUDGED = replace(
    factories.healthy(), services=tuple(report(REAL, name) for name in ("web", "api")), queries=(), groups=()
)


@pytest.mark.parametrize("snapshot", [JUDGED, factories.STATES["evaluated"]()], ids=["computed", "every field"])
def test_the_filled_formula_gives_the_value(snapshot):
    found = [working for working in all_workings(snapshot) if snapshot is JUDGED or "composite" not in working.name]
    checked = 0
    for working in found:
        if working.filled is None:
            assert working.why, working.name
        elif snapshot is JUDGED and working.name != "budget remaining, fleet":
            assert eval(working.filled, {"__builtins__": {}}) == pytest.approx(working.value, rel=1e-12), working.name
            checked += 1
        else:
            eval(working.filled, {"__builtins__": {}})
    assert checked > 40 or snapshot is not JUDGED


@pytest.mark.parametrize("state", factories.STATES)
def test_every_number_of_every_state_has_a_formula_or_a_reason(state):
    for working in all_workings(factories.STATES[state]()):
        assert working.formula
        assert (working.filled is None) == (working.why is not None)


def test_a_composite_is_worked_out_from_its_shares():
    from sresnap.compute.composite import composite
    from sresnap.model.service import Method

    for method in Method:
        fleet = composite(JUDGED.services, {"web": 2.0}, method)
        judged, measured = composite_workings(replace(JUDGED, composite=fleet))
        assert measured.name == "budget remaining, fleet without corrections"
        assert measured.value == fleet.raw_remaining_ratio
        for working in (judged, measured):
            assert eval(working.filled, {"__builtins__": {}}) == pytest.approx(working.value)
