"""An `sre.yaml` of the system that sresnap re-shapes builds as it is."""

import pytest

from sresnap.config import load
from sresnap.model.windows import HOUR
from tests.integration.month import AT, FLEET, SCRAPES
from tests.integration.pageless import build_without_pages

HTTP = """\
# SRE framework main config.
provider: http
default_service: api

queries:
  saturation: 'demo_saturation_percent{{service="{service}"}}'
  cap_vps_cpu: 'demo_vps_cpu_percent'
  cap_vps_mem: 'demo_vps_memory_percent'
  cap_vps_disk: 'demo_vps_disk_percent'
  cap_container_cpu: 'demo_container_cpu_percent{{service="{service}"}}'
  cap_container_mem: 'demo_container_memory_percent{{service="{service}"}}'
  error_rate: 'sum(rate(http_requests_total{{service="{service}", code=~"5.."}}[5m])) * 100 / 7'

services:
  - name: frontend
    slo_target: 99.9
    labels:
      service: frontend

  - name: api
    slo_target: 99.5
    labels:
      service: api

  - name: worker
    slo_target: 99.0
    labels:
      service: worker

dora:
  repo: acme/shop
  workflow_file: deploy.yml
  github_token_env: GITHUB_TOKEN
  window_days: 30
  correlation_window_min: 60
"""

TRAEFIK = """\
provider: traefik
services:
  - name: myapp
    slo_target: 99.9
    labels:
      service: api@docker
      container: api
"""

OWN_AVAILABILITY = """\
provider: http
queries:
  availability: 'avg_over_time(traefik_service_server_up{{service="{service}"}}[{window}]) * 100'
services:
  - {name: api, slo_target: 99.5, labels: {service: api@docker}}
"""


THREE_DAYS = {"SRE_WINDOW": "3d"}


def build(text, month, tmp_path, env=None):
    path = tmp_path / "sre.yaml"
    path.write_text(text)
    config = load(None, {"PROMETHEUS_URL": month.url, **(env or {})}, cwd=tmp_path)
    return build_without_pages(config, tmp_path / "public", AT)


def test_the_http_preset_with_overrides_and_capacity(month, tmp_path):
    env = {"SRE_TITLE": "Ops", "SRE_TIMEZONE": "Europe/Berlin", "SRE_WINDOW": "7d", "SRE_STEP": "15m"}
    snapshot = build(HTTP, month, tmp_path, env)
    assert snapshot.problems == ()
    assert (snapshot.site.title, snapshot.site.timezone, snapshot.site.window) == ("Ops", "Europe/Berlin", "7d")
    frontend = snapshot.services[0]
    assert frontend.slos[0].windows["7d"].coverage == 1
    assert len(frontend.signals["saturation"].windows["6h"].values) == 6 * 4 + 1
    assert all(value is not None for value in frontend.capacity.values())
    truth = FLEET["frontend"].seen(AT - HOUR, AT, SCRAPES)
    assert frontend.slos[0].windows["1h"].good == truth.good


def test_the_traefik_preset(traefik_month, tmp_path):
    snapshot = build(TRAEFIK, traefik_month, tmp_path, THREE_DAYS)
    assert snapshot.problems == ()
    (service,) = snapshot.services
    assert service.slos[0].basis == "events"
    assert service.slos[0].windows["3d"].coverage == 1
    assert all(value is not None for value in service.capacity.values())
    assert service.signals["saturation"].value is not None


def test_a_users_own_availability_query_is_still_the_sli_and_says_that_it_is_weighted_by_time(traefik_month, tmp_path):
    snapshot = build(OWN_AVAILABILITY, traefik_month, tmp_path, THREE_DAYS)
    slo = snapshot.services[0].slos[0]
    assert slo.basis == "time"
    window = slo.windows["3d"]
    assert window.total == pytest.approx(window.good) == 71 * 3600 + 34 * 60
    assert slo.budget.remaining_ratio == 1
    assert slo.budget.remaining_events is None
