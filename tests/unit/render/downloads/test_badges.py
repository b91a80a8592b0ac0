"""Badges never look better than the report."""

import json
from xml.etree import ElementTree as ET

from sresnap.render.downloads.badges import badges
from tests import factories


def test_fleet_services_and_objectives_have_badges_that_never_look_healthy_without_data():
    found = dict(badges(factories.some_failed()))
    assert {"badges/fleet.svg", "badges/api.svg", "badges/api.json", "badges/api/availability.svg"} <= found.keys()
    endpoint = json.loads(found["badges/api.json"])
    assert endpoint["schemaVersion"] == 1
    assert endpoint["message"] == "? Incomplete"
    for name, content in (*found.items(), *badges(factories.no_data()), *badges(factories.weird_names())):
        if name.endswith(".svg"):
            assert ET.fromstring(content).get("width").isdecimal()
    assert not [name for name, content in badges(factories.no_data()) if b"156294" in content]


def test_a_service_called_fleet_does_not_take_the_fleets_badge():
    found = dict(badges(factories.snapshot([factories.overspent_service("fleet"), factories.healthy_service()])))
    assert b"Acme reliability" in found["badges/fleet.svg"]
    assert b"fleet" in found["badges/fleet/service.svg"]
