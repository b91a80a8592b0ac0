"""A signal that the configuration switches off takes its place on the pages away."""

from dataclasses import replace

import pytest

from tests import factories
from tests.panels import Pages


def page(signals, capacity):
    """The service's page, with some of its signals and levels."""
    snapshot = factories.mixed()
    api = snapshot.services[0]
    api = replace(
        api,
        signals={key: signal for key, signal in api.signals.items() if key in signals},
        capacity={name: value for name, value in api.capacity.items() if name in capacity},
        capacity_absent={},
    )
    snapshot = replace(snapshot, services=(api, *snapshot.services[1:]))
    return Pages(snapshot)


@pytest.mark.parametrize("path", ["index.html", "services/api/index.html"])
def test_what_is_switched_off_is_not_on_the_page(path):
    pages = page({"request_rate"}, {"vps_cpu"})
    assert "Traffic" in pages.html(path, "signals")
    assert "Saturation" not in pages.html(path, "signals")
    assert "Host CPU" in pages.html(path, "capacity")
    assert "Host disk" not in pages.html(path, "capacity")


@pytest.mark.parametrize("path", ["index.html", "services/api/index.html"])
def test_a_panel_goes_with_its_last_signal(path):
    panels = [panel.name for panel in page(set(), set()).page(path).panels]
    assert not {"signals", "capacity"} & set(panels)
    assert "slos" in panels
