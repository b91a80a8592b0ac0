"""The demo's configuration, as a user would write it."""

from __future__ import annotations

from sresnap.demo import model
from sresnap.demo.model import DemoService
from sresnap.demo.profiles import PROFILES

_HEAD = """\
# The demo's configuration: made-up services on the shipped preset `http`.
title: sresnap demo
prometheus:
  url: {url}
provider: http
default_service: {default}
window: 28d
schedule: 1m
services:
"""

_QUERIES = """\
queries:
  # What the preset cannot know: the demo exports percentages.
  saturation:
    by: service
    promql: 'max by (service) (demo_saturation_percent{{service=~"{service}"}})'
  cap_container_cpu:
    by: service
    promql: 'max by (service) (demo_container_cpu_percent{{service=~"{service}"}})'
  cap_container_mem:
    by: service
    promql: 'max by (service) (demo_container_memory_percent{{service=~"{service}"}})'
  cap_vps_cpu: 'max(demo_vps_cpu_percent)'
  cap_vps_mem: 'max(demo_vps_memory_percent)'
  cap_vps_disk: 'max(demo_vps_disk_percent)'
"""


def demo_config(services: int = 3, url: str = "http://127.0.0.1:9090") -> str:
    """The text of the demo's sresnap.yaml."""
    members = model.services(services)
    default = "api" if services > 1 else members[0].name
    return _HEAD.format(url=url, default=default) + "".join(map(_service, members)) + _QUERIES


_API_SLOS = """\
    slos:
      - {{name: availability, objective: {target}}}
      - {{name: latency, objective: 99, latency_threshold: 300ms}}
"""
_TEAMS = ("Storefront", "Platform", "Platform", "Storefront", "Storefront", "Platform", "Data", "Platform")
"""By profile."""
_PEOPLE = {
    "frontend": """\
    owner: Maya Ortiz
    description: The pages of the shop.
    runbook: https://sre.google/workbook/incident-response/
    tags: [web, tier=1]
""",
    "api": """\
    owner: Jonas Weber
    description: What the pages and the partners ask for products and orders.
    runbook: https://sre.google/workbook/incident-response/
    links: {Mail: "mailto:platform@shop.example"}
    tags: [tier=1]
""",
    "worker": """\
    owner: Jonas Weber
    tags: [background, tier=2]
""",
}
"""Of the demo's three services. Further services of larger fleets have only a team."""


def _service(service: DemoService) -> str:
    name, target = service.name, service.profile.slo_target
    team = _TEAMS[PROFILES.index(service.profile)]
    if name not in _PEOPLE:
        return f"  - {{name: {name}, slo_target: {target}, labels: {{service: {name}}}, team: {team}}}\n"
    slos = _API_SLOS.format(target=target) if name == "api" else f"    slo_target: {target}\n"
    return f"  - name: {name}\n    labels: {{service: {name}}}\n{slos}    team: {team}\n{_PEOPLE[name]}"
