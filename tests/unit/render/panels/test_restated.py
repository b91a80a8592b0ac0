"""Past numbers restated: which are shares, and which are counts."""

from dataclasses import replace

import pytest

from sresnap.model.changes import Restated
from sresnap.render.clock import Clock
from sresnap.render.panels.restated import restated_panels
from tests import factories
from tests.factories import AT


@pytest.mark.parametrize(
    ("what", "cause", "shown"),
    [
        ("availability", "late_data", ("25\u00a0%", "50\u00a0%")),
        ("availability#api.uptime", "late_data", ("25\u00a0%", "50\u00a0%")),
        ("bad#availability.fast", "late_data", ("0.25", "0.5")),
        ("availability_events", "late_data", ("0.25", "0.5")),
        ("uptime", "correction", ("25\u00a0%", "50\u00a0% of the budget left")),
        ("availability@home", "of a later version", ("0.25", "0.5")),
    ],
)
def test_a_share_of_time_or_budget_is_a_percentage_and_events_are_a_number(what, cause, shown):
    restated = Restated("api", what, cause, AT - 3600, AT, 0.25, 0.5)
    snapshot = replace(factories.healthy(), restated=(restated,))
    (panel,) = restated_panels(snapshot, Clock.of(snapshot.site.timezone))
    (row,) = panel.view.rows
    assert (row.before, row.after) == shown
