"""Badges never look better than the report."""

import json
from dataclasses import replace
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


def test_f10_the_badge_of_an_slo_with_a_foreign_name_stays_at_its_address_when_others_are_put_before_it():
    one, other = (replace(factories.slo(), name=name) for name in ("可用性", "延迟"))
    there, swapped = (
        dict(badges(factories.snapshot([factories.service(slos=slos)]))) for slos in ((one, other), (other, one))
    )
    assert there == swapped
    assert len([name for name in there if name.startswith("badges/api/slo-")]) == 4


def test_control_characters_in_a_name_leave_a_badge_well_formed():
    service = replace(factories.healthy_service(), name="a\x00b\x1b[31mc\x85\u202ed\ud800")
    for name, content in badges(factories.snapshot([service])):
        if name.endswith(".svg"):
            assert ET.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
        else:
            json.loads(content)
