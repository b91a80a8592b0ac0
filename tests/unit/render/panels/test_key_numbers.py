"""The key numbers say what is left, what is overspent, and whose numbers they are."""

from dataclasses import replace

import pytest

from sresnap.model.slo import Budget
from sresnap.render.clock import Clock
from sresnap.render.panels.key_numbers import fleet_numbers, service_numbers
from sresnap.render.views import Link
from tests import factories
from tests.panels import plain


@pytest.mark.parametrize(
    ("budget", "lines"),
    [
        (
            Budget(0.5, 2235.0, 26736.0),
            ["37 min 15 s of full outage left, of 3 h 21 min", "26 736 bad requests left"],
        ),
        (Budget(0.0, 0.0, 0.0), ["0 s of full outage left, of 3 h 21 min", "0 bad requests left"]),
        (
            Budget(-0.5, -5220.0, -16451.0),
            ["over by 1 h 27 min of full outage, of 3 h 21 min", "16 451 bad requests too many"],
        ),
        (Budget(-0.1, -60.0, -1.0), ["over by 1 min of full outage, of 3 h 21 min", "1 bad request too many"]),
    ],
)
def test_a_budget_is_left_or_overspent_in_words(budget, lines):
    slo = replace(factories.slo(objective=0.995), budget=budget)
    service = factories.service(slos=(slo,))
    (group,) = service_numbers(service, Link("", "api"), Clock.of("UTC")).groups
    notes = next(tile.notes for tile in group.tiles if tile.label == "Error budget left")
    assert [plain(line) for line in notes] == lines


def test_the_fleet_says_which_service_it_shows_in_detail():
    snapshot = factories.mixed()
    api = snapshot.services[0]
    assert api.name in fleet_numbers(snapshot, api, None).note
    assert fleet_numbers(snapshot, None, None).note is None
    assert fleet_numbers(replace(snapshot, services=(api,)), api, None).note is None


def test_a_signal_that_is_switched_off_leaves_no_tile():
    snapshot = factories.mixed()
    api = snapshot.services[0]
    labels = [tile.label for tile in fleet_numbers(snapshot, api, None).groups[1].tiles]
    assert labels == ["Requests", "Latency p99", "Errors"]
    rest = {key: signal for key, signal in api.signals.items() if key != "latency_p99"}
    (_, group) = fleet_numbers(snapshot, replace(api, signals=rest), None).groups
    assert [tile.label for tile in group.tiles] == ["Requests", "Errors"]
