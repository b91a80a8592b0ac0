"""Every input of a report's pages is scanned, once."""

import dataclasses
from dataclasses import replace

import pytest
from pydantic import SecretStr

from sresnap.leaks.inputs import has_templates, leaks_in_theme, leaks_in_values
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import leaks_in_text
from sresnap.model.archive import Pin, Withdrawn, empty_index
from sresnap.model.changes import Restated
from sresnap.model.now import Now
from sresnap.model.people import NamedLink, People
from sresnap.model.snapshot import Policy, Problem
from tests import factories

ADDRESS = "node.internal"
RULES = PublicationRules()


def report(**changes):
    return dataclasses.replace(factories.snapshot([factories.healthy_service()]), **changes)


def service(**changes):
    return report(services=(dataclasses.replace(factories.healthy_service(), **changes),))


def slo(**changes):
    found = factories.healthy_service()
    return service(slos=(dataclasses.replace(found.slos[0], **changes),))


def source(**changes):
    return report(source=dataclasses.replace(report().source, **changes))


def site(**changes):
    return report(site=dataclasses.replace(report().site, **changes))


def query(**changes):
    return report(queries=(factories.query("total", **changes),))


SNAPSHOTS = {
    "site.title": site(title=f"SLOs of {ADDRESS}"),
    "site.provider": site(provider=f"{ADDRESS}"),
    "site.favicon": site(favicon=f"https://{ADDRESS}/icon.png"),
    "site.base_url": site(base_url=f"https://{ADDRESS}/"),
    "services[0].name": service(name=ADDRESS),
    "services[0].slug": service(slug=ADDRESS),
    "services[0].slos[0].name": slo(name=ADDRESS),
    "services[0].slos[0].reason": slo(reason=f"as {ADDRESS} says"),
    "services[0].slos[0].now.reason": slo(now=Now(reason=f"as {ADDRESS} says")),
    "services[0].policy.text": service(policy=Policy(f"ask {ADDRESS}", None, "config")),
    "services[0].policy.link": service(policy=Policy("ask", f"https://{ADDRESS}/policy", "config")),
    "services[0].capacity_absent['vps_cpu']": service(capacity_absent={"vps_cpu": f"no series on {ADDRESS}"}),
    "source.url": source(url=f"http://{ADDRESS}:9090"),
    "source.version": source(version=f"2.42 of {ADDRESS}"),
    "problems[0].message": report(problems=(Problem("query_failed", f"{ADDRESS} refused"),)),
    "queries[0].promql": query(promql=f'up{{instance="{ADDRESS}:9100"}}'),
    "queries[0].error": query(error=f"{ADDRESS} refused"),
    "queries[0].warnings[0]": query(warnings=(f"{ADDRESS} is slow",)),
    "queries[0].infos[0]": query(infos=(f"{ADDRESS} is new",)),
    "restated[0].reason": report(
        restated=(Restated("api", "availability", "correction", report().at, report().at, None, None, ADDRESS),)
    ),
}


@pytest.mark.parametrize("place", SNAPSHOTS)
def test_a_leak_is_found_in_each_text_of_a_report(place):
    found = leaks_in_values({"report": SNAPSHOTS[place]}, RULES)
    assert {leak.where for leak in found} == {f"report.{place}"}
    assert all(ADDRESS in leak.shown for leak in found)


def test_a_key_of_a_mapping_is_scanned():
    found = leaks_in_values({"report": service(capacity={ADDRESS: 0.5})}, RULES)
    assert [str(leak) for leak in found] == [
        f"report.services[0].capacity['{ADDRESS}'] holds a private host name: {ADDRESS}"
    ]


@pytest.mark.parametrize(
    "index",
    [
        replace(empty_index(), title=ADDRESS),
        replace(empty_index(), pins=(Pin("20261122T213000Z", f"outage of {ADDRESS}", report().at),)),
        replace(empty_index(), withdrawn=(Withdrawn("20261122T213000Z", f"it named {ADDRESS}", report().at),)),
    ],
)
def test_notes_and_reasons_of_the_archive_are_scanned(index):
    (found,) = leaks_in_values({"archive/index.json": index}, RULES)
    assert found.where.startswith("archive/index.json.")
    assert found.shown == ADDRESS


def test_a_text_that_is_in_many_places_is_reported_once():
    services = [dataclasses.replace(factories.healthy_service(), name=ADDRESS, slug=f"s{n}") for n in range(3)]
    assert len(leaks_in_values({"report": factories.snapshot(services)}, RULES)) == 1


def test_escapes_hide_nothing():
    (found,) = leaks_in_values({"report": query(promql=r'up{instance=~"10\\.0\\.0\\.5:9100"}')}, RULES)
    assert found.shown == "10.0.0.5:9100"


def test_a_nul_hides_nothing():
    (found,) = leaks_in_values({"report": query(error="node.\0internal refused")}, RULES)
    assert found.shown == ADDRESS


def test_allowed_addresses_pass_and_the_configurations_secrets_do_not():
    rules = PublicationRules(allow=frozenset({ADDRESS}), secrets={"prometheus.url": SecretStr("geheimnis")})
    assert leaks_in_values({"report": site(title=ADDRESS)}, rules) == []
    (found,) = leaks_in_values({"report": site(title="the geheimnis of Acme")}, rules)
    assert str(found) == "report.site.title holds the secret of prometheus.url"


def test_neighbours_are_scanned_apart():
    texts = ["Bearer", "abcdefgh12345678", "authorization:", "bearer", "https://a:b", "c@d.example"]
    assert leaks_in_values({"texts": texts}, RULES) == []


def test_the_two_parts_of_a_verdict_are_scanned_as_they_are_printed():
    secret = "abcdefgh12345678"
    parts = slo(now=dataclasses.replace(factories.slo().now, reason="Sent with Bearer"), reason=secret)
    assert [leak.shown for leak in leaks_in_values({"report": parts}, RULES)] != []
    assert leaks_in_values({"report": slo(reason=secret)}, RULES) == []


@pytest.mark.parametrize(
    "people",
    [
        People(owner="ask node.internal"),
        People(description="on node.internal"),
        People(runbook="https://node.internal/r"),
        People(links=(NamedLink("Board", "https://node.internal/d"),)),
        People(tags=("node.internal",)),
    ],
)
def test_a_private_host_among_people_is_a_leak_that_allow_lets_pass(people):
    found = {"report": service(people=people)}
    assert [leak.shown for leak in leaks_in_values(found, RULES)] == [ADDRESS]
    assert leaks_in_values(found, PublicationRules(allow=frozenset({ADDRESS}))) == []


@pytest.mark.parametrize("state", factories.STATES)
def test_reports_of_every_kind_are_clean(state):
    assert leaks_in_values({"report": factories.STATES[state]()}, RULES) == []


def test_templates_and_style_sheet_of_a_theme_are_scanned(tmp_path):
    (tmp_path / "panels").mkdir()
    (tmp_path / "theme.css").write_text(f"body {{ background: url(https://{ADDRESS}/x.png) }}")
    assert not has_templates(tmp_path)
    (tmp_path / "panels" / "bar.html").write_text(f"\n<p>{ADDRESS}</p>")
    assert has_templates(tmp_path)
    found = [str(leak) for leak in leaks_in_theme(tmp_path, RULES)]
    assert found == [
        f"{tmp_path}/panels/bar.html:2 holds a private host name: {ADDRESS}",
        f"{tmp_path}/theme.css:1 holds a private host name: {ADDRESS}",
    ]


def test_files_that_no_template_loads_are_not_scanned(tmp_path):
    for name in ("node_modules/tool/docs/index.html", "src/draft.css"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(ADDRESS)
    assert leaks_in_theme(tmp_path, RULES) == []


def test_templates_in_a_linked_folder_are_found(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bar.html").write_text(ADDRESS)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "panels").symlink_to(tmp_path / "elsewhere")
    assert has_templates(tmp_path / "theme")
    assert len(leaks_in_theme(tmp_path / "theme", RULES)) == 1


def test_a_leak_that_only_the_join_of_two_names_makes_is_found():
    service = factories.healthy_service()
    slo = dataclasses.replace(service.slos[0], name="c:d@host.example")
    service = dataclasses.replace(service, name="https:/", slos=(slo,))
    report = factories.snapshot([service])
    assert not [text for text in (service.name, slo.name) if leaks_in_text("", text, RULES)]
    found = leaks_in_values({"report": report}, RULES)
    assert {str(leak) for leak in found} == {"report holds credentials in an address: https://…"}


def test_the_reason_of_the_present_is_scanned_beside_the_reason_of_the_window():
    # Neither text is a secret by itself; the page prints them as one sentence.
    split = slo(now=Now(reason="authorization: Bearer"), reason="dGhpcy1pcy1hLXNlY3JldC10b2tlbi0xMjM0NTY3ODkw")
    assert leaks_in_values({"report": split}, RULES)


@pytest.mark.parametrize(
    "people",
    [People(team="https://a", owner="b:c@host.example"), People(tags=("Bearer", "Zq7d9Fk2Lm4Pw8Xs1Bn5Vt3"))],
    ids=["team and owner", "two tags"],
)
def test_a_leak_that_only_a_row_for_spreadsheets_joins_is_found(people):
    assert leaks_in_values({"report": service(people=people)}, RULES)
