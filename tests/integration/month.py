"""A month of the demo's model, and configurations to read it with."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from sresnap.config import loads
from sresnap.demo.backfill import write_openmetrics
from sresnap.demo.model import Scrapes, services
from sresnap.model.windows import DAY, parse_time
from tests.integration.prometheus_server import make_blocks

AT = parse_time("2026-03-15T12:34:00Z")
SCRAPES = Scrapes(interval_seconds=120, offset_seconds=77)
"""The last scrape of each hour is at :59:17, as with a scrape a minute. The month has half of the samples."""
RECENT = AT - 2 * DAY
BOUNDARY = re.compile('le="([^"]+)"')
READ = {"0.3", "1", "1.0", "+Inf"}
"""Boundaries of the objectives that tests read."""
FLEET = {service.name: service for service in services()}


@dataclass(frozen=True)
class Month:
    """A Prometheus that has scraped the model until AT."""

    url: str
    tsdb: Path


class OnlyRead(io.StringIO):
    """Leaves out the buckets that no objective reads. Their samples are a third of the month."""

    def writelines(self, lines):
        boundary = BOUNDARY.search(lines[0])
        if boundary is None or boundary[1] in READ:
            super().writelines(lines)


def blocks(folder, flavour, spans):
    """Make a folder with a TSDB of the model, `data`: a block for each span. All buckets are in the last two days."""
    data = folder / "data"
    data.mkdir(parents=True)
    for i, (start, end) in enumerate(spans):
        text = OnlyRead() if end <= RECENT else io.StringIO()
        write_openmetrics(text, start, end, SCRAPES, flavour=flavour)
        for block in make_blocks(text.getvalue(), folder / f"part{i}").iterdir():
            block.rename(data / block.name)


HTTP = """
provider: http
default_service: api
services:
  - {name: frontend, slo_target: 99.9, labels: {service: frontend}}
  - name: api
    labels: {service: api}
    slos:
      - {name: availability, objective: 99.5}
      - {name: latency, objective: 99, latency_threshold: 300ms}
  - {name: worker, slo_target: 99.0, labels: {service: worker}}
queries:
  saturation: 'demo_saturation_percent{{service="{service}"}}'
  cap_vps_cpu: 'demo_vps_cpu_percent'
  cap_vps_mem: 'demo_vps_memory_percent'
  cap_vps_disk: 'demo_vps_disk_percent'
  cap_container_cpu: 'demo_container_cpu_percent{{service="{service}"}}'
  cap_container_mem: 'demo_container_memory_percent{{service="{service}"}}'
"""

SMALL = """
provider: http
services:
  - {name: frontend, slo_target: 99.9, labels: {service: frontend}}
  - {name: api, slo_target: 99.5, labels: {service: api}}
queries:
  saturation: 'demo_saturation_percent{{service="{service}"}}'
"""
"""For tests of what a build does, which any report shows: a third of the queries and pages of HTTP."""

ONE = """
provider: http
services:
  - {name: api, slo_target: 99.5, labels: {service: api}}
"""
"""The smallest: for tests of what many builds leave behind."""

TRAEFIK = """
provider: traefik
default_service: api
services:
  - {name: frontend, slo_target: 99.9, labels: {service: frontend@docker, container: frontend}}
  - name: api
    labels: {service: api@docker, container: api}
    slos:
      - {name: availability, objective: 99.5}
      - {name: latency, objective: 99, latency_threshold: 300ms}
  - {name: worker, slo_target: 99.0, labels: {service: worker@docker, container: worker}}
"""


def configured(url, text=HTTP):
    """A configuration that queries a server."""
    return loads(text, "sresnap.yaml", {}, prometheus_url=url, cwd=Path.cwd())
