"""The configuration and the environment, as `sresnap check` reads them."""

from __future__ import annotations

import copy
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.fuzz import mutations
from tests.fuzz.program import contents, program
from tests.fuzz.subject import Subject, what_changed

CONFIGURATION = """
title: Acme
timezone: Europe/Berlin
accent: "#3b82f6"
favicon: icon.svg
prometheus: {url: "https://prom.example:9090", timeout: 30s, concurrency: 8, headers: {X-Scope-OrgID: acme},
  basic_auth: {username: me, password_file: secret}, ca_file: secret}
provider: http
default_service: api
window: [28d, month]
schedule: 5m
services:
  - {name: api, slo_target: 99.5, labels: {service: api, container: api}, weight: 2}
  - name: web
    labels: {service: web, container: web}
    slos:
      - {name: availability, objective: 99.9}
      - {name: latency, objective: 99, latency_threshold: 300ms}
      - {name: minutes, objective: 99.5, kind: timeslices, slice: {length: 1m, target: 95}}
queries:
  saturation: 'max(my_cpu_ratio{{container="{container}"}}) * 100'
  latency_p99: null
corrections:
  - {reason: Maintenance, start: 2026-01-04T02:00, duration: 2h, rrule: "FREQ=WEEKLY;BYDAY=SU"}
policy: {EXHAUSTED: {text: Freeze, link: "https://wiki.example/policy"}}
archive: {keep: {every: 24h, hourly: 7d, daily: 90d, monthly: 5y}, max_bytes: 600MB}
publish: {target: "file:www", base_url: "https://status.example", hide: [promql]}
"""


class Configuration(Subject):
    """`sresnap check`: the file, by its values and by its bytes."""

    name, share = "configuration", 25

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (folder / "secret").write_text("hunter2")
        self._data = yaml.safe_load(CONFIGURATION)

    def fault(self, random: Random) -> str | None:
        if random.random() < 0.2:
            content = mutations.raw(CONFIGURATION.encode(), random)
        else:
            kept = [key for key in self._data if key == "services" or random.random() < 0.4]
            changed = mutations.document(copy.deepcopy({key: self._data[key] for key in kept}), random)
            content = mutations.as_json(_plain(changed))
        (self.folder / "sresnap.yaml").write_bytes(content)
        before = contents(self.folder)
        ended = program("check", cwd=self.folder)
        return ended.fault() or what_changed(before, self.folder)


class Environment(Subject):
    """`sresnap check` with variables of any bytes."""

    name, share = "environment", 10
    _NAMES = ("PROMETHEUS_URL", "SRE_TITLE", "SRE_TIMEZONE", "SRE_WINDOW", "SRE_STEP", "SRE_FAVICON", "SRE_ACCENT",
              "SRE_CONFIG_FILE", "TOKEN", "MPLBACKEND", "NO_COLOR", "COLUMNS", "TZ", "LC_ALL")  # fmt: skip

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        text = "services: [{name: api, slo_target: 99}]\nprovider: http\nprometheus: {bearer_token_env: TOKEN}\n"
        (folder / "sresnap.yaml").write_text(text)

    def fault(self, random: Random) -> str | None:
        odd = [item for item in mutations.ODD if isinstance(item, str) and "\0" not in item]
        value = random.choice([*odd, random.randbytes(9).replace(b"\0", b"").decode("utf-8", "surrogateescape")])
        value = (
            value.replace("\ue000", "").replace("\ud800", "\udc80").replace("\udfff", "\udcff")
        )  # as Python reads other bytes
        return program("check", cwd=self.folder, env={"TOKEN": "x", random.choice(self._NAMES): value}).fault()


def _plain(value: Any) -> Any:
    """Dates as the texts that YAML read them from."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
