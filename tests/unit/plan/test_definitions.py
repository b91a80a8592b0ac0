"""What a definition in the history is made of does not change with the program.

A definition that changed would ask for 28 days of hours again, and would leave what Prometheus no longer has unknown.
"""

import hashlib
import json
from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.windows import parse_time
from sresnap.plan import plan

AT = parse_time("2025-11-24T16:00:00Z")
LATENCY = "      - {name: latency, objective: 99, latency_threshold: 300ms}\n"
FILE = f"""
provider: PROVIDER
window: 28d
services:
  - name: api
    labels: {{container: api-1}}
    slos:
      - {{name: availability, objective: 99.9}}
{LATENCY}      - {{name: slices, objective: 99, kind: timeslices}}
  - {{name: web, labels: {{service: web@docker, container: web}}, slo_target: 99.5}}
"""


def planned(text):
    return plan(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), History(), AT)


@pytest.mark.parametrize(
    ("provider", "queries", "digest"),
    [("http", 44, "d4b5b150a1073a57"), ("traefik", 58, "1136d7225865a86b"), ("recorded", 52, "ebf684dae8466e09")],
)
def test_the_definitions_and_the_number_of_queries_of_a_shipped_preset_stay(provider, queries, digest):
    text = FILE.replace("PROVIDER", provider)
    found = planned(text.replace(LATENCY, "") if provider == "recorded" else text)
    definitions = {f"{service} {key}": definition for (service, key), definition in found.definitions.items()}
    whole = hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()
    assert (len(found.queries), whole[:16]) == (queries, digest), definitions


def test_definitions_are_these_to_the_letter():
    definitions = planned(FILE.replace("PROVIDER", "http")).definitions
    by_name = {f"{service} {key}": definition for (service, key), definition in definitions.items()}
    assert by_name["api total"] == "f6bb6a745183"
    assert by_name["web total"] == "e9bf10d978ec"
    assert by_name["api bad"] == "6ff236f537b4"
    assert by_name["api latency_p99"] == "cf7e08269b4d"


TWO_SOURCES = """
services:
  - {name: api, slo_target: 99}
  - {name: web, slo_target: 99}
  - {name: shop, slo_target: 99, provider: traefik, labels: {container: shop}}
  - {name: blog, slo_target: 99, provider: traefik, labels: {container: blog}}
"""


def test_queries_grow_with_the_sources_and_not_with_the_services():
    one = planned("services: [{name: api, slo_target: 99}]")
    two = planned("services: [{name: api, slo_target: 99}, {name: web, slo_target: 99}]")
    other = planned("provider: traefik\nservices: [{name: shop, slo_target: 99, labels: {container: shop}}]")
    assert len(two.queries) == len(one.queries)
    assert len(planned(TWO_SOURCES).queries) == len(one.queries) + len(other.queries)
    names = [tuple(m.service for m in q.members) for q in planned(TWO_SOURCES).queries if str(q.series_key) == "total"]
    assert set(names) == {("api", "web"), ("shop", "blog")}


def test_equal_settings_of_several_services_share_queries_wherever_they_are_written():
    own = "slo_target: 99, parameters: {code: s}"
    text = f"services: [{{name: api, {own}}}, {{name: web, {own}}}]"
    assert len(planned(text).queries) == len(planned("services: [{name: api, slo_target: 99}]").queries)


def test_the_definitions_of_other_services_stay_when_one_gets_a_source_of_its_own():
    alone = planned("services: [{name: api, slo_target: 99}]").definitions
    mixed = planned(TWO_SOURCES).definitions
    assert {key: mixed[key] for key in alone} == alone
