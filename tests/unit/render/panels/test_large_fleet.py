"""A page of hundreds of services stays readable."""

from sresnap.render.links import service_link
from sresnap.render.panels.attention import attention
from sresnap.render.panels.nav import MOST_BESIDE, nav
from sresnap.render.panels.verdict import fleet_verdict
from tests import factories


def test_five_hundred_services_fit_on_a_page():
    report = factories.five_hundred()
    links = {service.name: service_link(service, "./") for service in report.services}
    assert (
        fleet_verdict(report).sentence
        == "service-000: Budget spent, and burning now: 4.00× over 1d, ticket. 2 more services burn now. "
        "Of 500 services, 1 has overspent its error budget, 2 are at risk, 497 are healthy."
    )
    assert [concern.link.text for concern in attention(report, links).concerns] == [f"service-{i:03}" for i in range(3)]
    assert len(nav(report, "./", "index.html").links) == 3


def test_the_page_of_a_service_lists_few_others_and_what_burns_is_one_of_them():
    services = [factories.at_risk_service(f"s{i}") if i < 40 else factories.healthy_service(f"s{i}") for i in range(60)]
    report = factories.snapshot([*services[:50], factories.burning_service("s50"), *services[51:]])
    found = nav(report, "../../", "services/s59/index.html")
    names = [item.link.text for item in found.links]
    assert len(names) == MOST_BESIDE + 1
    assert (names[0], names[-1], found.rest) == ("s50", "s59", "All 60 services")
