"""Who looks after a service, from its own words and its groups', and groups that are made by tags."""

from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.errors import ConfigError
from sresnap.model.people import NamedLink, People


def config(text):
    return loads(text, "sresnap.yaml", {"PROMETHEUS_URL": "http://prom.example"}, cwd=Path("/"))


def people(text):
    return {service.name: service.people for service in config(text).services}


def mistakes(text):
    with pytest.raises(ConfigError) as caught:
        config(text)
    return [(m.line, m.path, m.expected, m.found, m.suggestion) for m in caught.value.mistakes]


def service(more, name="api"):
    return f"services:\n  - {{name: {name}, slo_target: 99, {more}}}\n"


def test_a_service_says_who_looks_after_it():
    text = service(
        "owner: Ann, team: Shop, description: 'Sells.\n\n      Fast.', runbook: 'https://wiki.example/r', "
        "links: {Board: 'https://d.example/?a=1', Mail: 'mailto:shop@acme.example'}, tags: [web, tier=1, web]"
    )
    links = (NamedLink("Board", "https://d.example/?a=1"), NamedLink("Mail", "mailto:shop@acme.example"))
    expected = People("Ann", "Shop", "Sells.\nFast.", "https://wiki.example/r", links, ("web", "tier=1"))
    assert people(text) == {"api": expected}


def test_nothing_said_is_nothing_known():
    assert people("services:\n  - {name: api, slo_target: 99}\n") == {"api": None}


def test_a_number_is_a_name_too():
    assert people(service("team: 2024, owner: 7, description: 1.10, tags: [1]")) == {
        "api": People("7", "2024", "1.10", tags=("1",))
    }


FLEET = """
services:
  - {name: api, slo_target: 99, owner: Ann, links: {Board: "https://own.example"}, tags: [web, tier=1]}
  - {name: web, slo_target: 99, tags: [web, tier=2]}
  - {name: job, slo_target: 99}
groups:
  - name: front
    tags: [web]
    owner: Bob
    team: Front
    links: {Board: "https://group.example", Chat: "https://chat.example"}
  - {name: first, tags: [web, tier=1], weights: {api: 2}}
  - {name: named, services: [job, api], runbook: "https://wiki.example/r"}
"""


def test_what_a_group_says_is_for_services_that_do_not_say_it_themselves():
    board, chat = (NamedLink("Board", "https://group.example"), NamedLink("Chat", "https://chat.example"))
    own = NamedLink("Board", "https://own.example")
    runbook = "https://wiki.example/r"
    assert people(FLEET) == {
        "api": People("Ann", "Front", None, runbook, (own, chat), ("web", "tier=1")),
        "web": People("Bob", "Front", None, None, (board, chat), ("web", "tier=2")),
        "job": People(runbook=runbook),
    }


def test_a_group_of_tags_has_the_services_that_have_all_of_them():
    assert {group.name: group.services for group in config(FLEET).groups} == {
        "front": ("api", "web"),
        "first": ("api",),
        "named": ("job", "api"),
    }


def test_a_group_of_tags_gives_its_services_their_source():
    text = FLEET.replace("owner: Bob", "provider: traefik\n    labels: {zone: a, container: c}")
    found = {one.name: (one.provider, one.labels.get("zone")) for one in config(text).services}
    assert found == {"api": ("traefik", "a"), "web": ("traefik", "a"), "job": ("http", None)}


def test_two_groups_that_differ_are_a_mistake_unless_the_service_decides():
    groups = "groups:\n  - {name: a, services: [api], team: A}\n  - {name: b, services: [api], team: B}\n"
    text = f"services:\n  - {{name: api, slo_target: 99}}\n{groups}"
    wanted = (5, "groups[1].team", "one `team` for api", '"B", and another group\'s', "give api its own")
    assert mistakes(text) == [wanted]
    assert people(text.replace("99}", "99, team: C}"))["api"].team == "C"
    assert people(text.replace("team: B", "team: A"))["api"].team == "A"


ADDRESS = "an http(s) URL, or mailto: with an address, of at most 2000 characters"
LOGIN = ("an http(s) URL without a login", "an address with a login", "remove what is in front of the @")


@pytest.mark.parametrize(
    ("more", "path", "expected", "found", "hint"),
    [
        ("runbook: 'javascript:alert(1)'", "runbook", ADDRESS, '"javascript:alert(1)"', None),
        ("runbook: wiki/page", "runbook", ADDRESS, '"wiki/page"', None),
        ("runbook: 'data:text/html,x'", "runbook", ADDRESS, '"data:text/html,x"', None),
        ("runbook: 'https://a b.example'", "runbook", ADDRESS, '"https://a b.example"', None),
        ("runbook: 'mailto:a@b.example?cc=c@d.example'", "runbook", ADDRESS, None, None),
        (f"runbook: 'https://wiki.example/{'x' * 10_000}'", "runbook", ADDRESS, None, None),
        ("runbook: 'https://ann:secret@wiki.example'", "runbook", *LOGIN),
        ("links: {Board: 'HTTPS://token@wiki.example/x'}", "links.Board", *LOGIN),
        ("links: {'': 'https://wiki.example'}", "links", "a title for each link: text", '""', None),
        ("links: [x]", "links", "a mapping of keys to values", "a list", None),
        (r'team: "a\u202eb"', "team", "text without the control character U+202E", r'"a\u202eb"', None),
        (f"team: {'x' * 10_000}", "team", "a name of at most 200 characters", None, None),
        (r'owner: "a\nb"', "owner", "a name in one line, without tabs", None, None),
        (f"description: {'x' * 10_000}", "description", "text of at most 1000 characters", None, None),
        ("tags: [a b]", "tags[0]", "a word of at most 100 characters without blanks and commas, such as web or tier=1",
         '"a b"', None),
        ("tags: [{tier: 1}]", "tags[0]",
         "a word of at most 100 characters without blanks and commas, such as web or tier=1", "a mapping", None),
    ],
)  # fmt: skip
def test_a_hostile_value_is_a_mistake(more, path, expected, found, hint):
    ((line, where, *said),) = mistakes(service(more))
    assert (line, where, said[0], said[2]) == (2, f"services[0].{path}", expected, hint)
    assert found is None or said[1] == found
    assert len(said[1]) < 100
    assert "secret" not in said[1]


def test_more_links_than_a_page_shows_are_a_mistake():
    links = ", ".join(f"l{n}: 'https://x.example/{n}'" for n in range(21))
    ((_, path, expected, found, _),) = mistakes(service(f"links: {{{links}}}"))
    assert (path, expected, found) == ("services[0].links", "at most 20", "21")


@pytest.mark.parametrize(
    ("group", "path", "expected", "found", "hint"),
    [
        ("tags: [wbe]", "groups[0].tags", "tags that a service has", "wbe", 'did you mean "web"?'),
        ("tags: [web, job]", "groups[0].tags", "tags that a service has", "web, job", None),
        ("tags: [web], services: [api]", "groups[0]", "either `services` or `tags`", "both", None),
        ("method: pooled", "groups[0]", "either `services` or `tags`", "neither", None),
        ("tags: [web], weights: {two: 2}", "groups[0].weights.two", "a service of this group", '"two"', None),
    ],
)
def test_a_group_needs_services(group, path, expected, found, hint):
    services = "services:\n  - {name: api, slo_target: 99, tags: [web]}\n  - {name: two, slo_target: 99, tags: [job]}\n"
    assert mistakes(f"{services}groups:\n  - {{name: g, {group}}}\n") == [(5, path, expected, found, hint)]


def test_one_team_in_two_spellings_is_a_mistake():
    text = "services:\n  - {name: a, slo_target: 99, team: Shop}\n  - {name: b, slo_target: 99, team: shop}\n"
    hint = 'write "Shop" here too, or rename one'
    assert mistakes(text) == [(3, "services[1].team", "a team with a folder of its own", '"shop" beside "Shop"', hint)]
