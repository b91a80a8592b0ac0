"""The file that detection writes, read back as a report reads it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.config.source import read
from sresnap.discovery.config_text import Entry, Head, config_text, scalar, service_lines
from sresnap.discovery.insert import NoPlaceError, with_services
from sresnap.discovery.naming import named
from sresnap.discovery.objectives import Proposal
from sresnap.discovery.panels import off
from sresnap.printable import has_unprintable
from tests.unit.discovery.sources import chosen

ODD = ['a"b', "a: b", "null", "1e3", "- x", "#1", "a\\b", "{x}", "ä ö", "yes", "0x1f", "'", "a#b", "%", "@x", "`"]
FILE = """# Mine.
services:
  # The first one.
  - name: api   # keep
    slo_target: 99.5

    labels: {service: api}
  # At the end.

title:   Ours     # odd spaces
provider: http
"""


def entries(*choices, latency=None):
    found = named([service for choice in choices for service in choice.services])
    return [
        Entry(one, off(one.chosen), Proposal(99.9, "99.97 % was good in 7 days"), latency, ("a note",)) for one in found
    ]


def test_what_is_written_is_what_was_found():
    choices = [
        chosen("traefik", {"service": "shop@docker"}, {"service": "cart@docker"}),
        chosen("ingress-nginx", {"exported_namespace": "a", "ingress": "web", "codes": "status"}),
        chosen("celery", {"name": "mail.send", "codes": ""}),
    ]
    latency = Proposal(99, "99.6 % was faster", "300ms")
    text = config_text(Head("http://prometheus:9090"), entries(*choices, latency=latency))
    config = loads(text, "sresnap.yaml", {}, cwd=Path())
    assert {one.name: (one.provider, one.labels) for one in config.services} == {
        "shop": ("traefik", {"service": "shop@docker"}),
        "cart": ("traefik", {"service": "cart@docker"}),
        "web": ("ingress-nginx", {"service": "web", "exported_namespace": "a", "ingress": "web"}),
        "mail.send": ("celery", {"service": "mail.send", "name": "mail.send"}),
    }
    assert {slo.objective for one in config.services for slo in one.slos} == {0.999, 0.99}
    assert all("saturation" not in one.queries for one in config.services)
    assert config.prometheus.url == "http://prometheus:9090"


def test_settings_that_most_services_have_stand_once():
    text = config_text(Head("http://p:9090"), entries(chosen("traefik", {"service": "a@d"}, {"service": "b@d"})))
    assert text.count("provider: traefik") == 1


def test_a_service_that_is_counted_elsewhere_is_a_comment():
    one, other = entries(chosen("traefik", {"service": "shop@docker"}), chosen("http", {"service": "shop"}))
    text = config_text(
        Head("http://p:9090"), [one, replace(other, named=replace(other.named, counted_by=one.named.name))]
    )
    assert [one.name for one in loads(text, "f", {}, cwd=Path()).services] == ["shop"]
    assert "\n  # - name: shop-http\n" in text
    uncommented = "\n".join(
        line.replace("  # ", "  ", 1) if line.startswith("  # ") else line for line in text.splitlines()
    )
    assert [one.name for one in loads(uncommented, "f", {}, cwd=Path()).services] == ["shop", "shop-http"]


@pytest.mark.parametrize("text", ODD)
def test_a_text_is_read_back_as_it_was(text):
    assert read("f", f"a: {{{scalar(text)}: {scalar(text)}}}").data == {"a": {text: text}}
    (line, *_) = service_lines(entries(chosen("http", {"service": text})), "")
    assert line.startswith("- name: ")


def test_added_services_change_nothing_else():
    added = service_lines(entries(chosen("traefik", {"service": "shop@docker"})), "")
    after = with_services(FILE, added)
    place = after.index("  - name: shop\n")
    end = after.index("  # At the end.")
    assert after[:place] + after[end:] == FILE
    config = loads(after, "f", {}, cwd=Path())
    assert [(one.name, one.provider) for one in config.services] == [("api", "http"), ("shop", "traefik")]


@pytest.mark.parametrize(
    "text",
    [
        "services:\n- name: api\n  slo_target: 99\n",
        "services:\n- name: api\n  slo_target: 99",
        "provider: http\nservices:\n    - {name: api, slo_target: 99}\n",
        "services:\r\n  - name: api\r\n    slo_target: 99\r\ntitle: x\r\n",
        "services:\n  - name: api\n    slos:\n      - {name: a, objective: 99}\n# end\n",
        "---\nservices:\n  - &a\n    name: api\n    slo_target: 99\n",
    ],
)
def test_services_are_added_to_files_of_many_forms(text):
    after = with_services(text, service_lines(entries(chosen("http", {"service": "web"})), ""))
    assert [one.name for one in loads(after, "f", {}, cwd=Path()).services] == ["api", "web"]
    assert after.count("\n") == after.count("\r\n") or "\r" not in text


@pytest.mark.parametrize(
    "text",
    ["services: [{name: api, slo_target: 99}]\n", "title: x\n", "services: {}\n", "services: []\n", "{services: []}"],
)
def test_a_file_without_lines_of_services_has_no_place(text):
    with pytest.raises(NoPlaceError):
        with_services(text, ["- name: web"])


def test_control_characters_of_a_label_reach_no_line_of_the_file():
    """YAML takes none, not even in a comment or in quotes."""
    found = [
        replace(one, notes=("counted by we\x01ird\x85\x7f",)) for one in entries(chosen("traefik", {"service": "shop"}))
    ]
    text = config_text(Head("http://p:9090", remarks=("left out: \x7f\x85",)), found)
    assert [service.name for service in loads(text, "sresnap.yaml", {}, cwd=Path()).services] == ["shop"]
    assert not has_unprintable(text.replace("\n", ""))
    assert scalar("a\x85") == '"a\\u0085"'


def test_a_pinned_label_with_control_characters_costs_its_series_only():
    odd = {"destination_service_namespace": "a", "destination_service_name": "stock", "codes": "response_code"}
    found = chosen("istio", {**odd, "reporter": "we\x01ird\x85\x7f"}, {**odd, "reporter": "source"})
    assert [dict(one.parameters)["reporter"] for one in found.services] == ["source"]
