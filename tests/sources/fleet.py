"""All sources at once, scraped by a real Prometheus, under load; and the `sresnap.yaml` of their services."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from sresnap.model.windows import MINUTE, ceil
from tests.integration.prometheus_server import prometheus
from tests.sources import applications, by_time, proxies
from tests.sources.load import Backend, Sent, backend
from tests.sources.programs import Room
from tests.sources.source import Service, Source

INTERVAL = 1
"""Seconds between scrapes."""
SCRAPED = 6
"""Seconds after which each target was scraped, Celery's too."""
_ALL = {
    "traefik": proxies.traefik,
    "caddy": proxies.caddy,
    "haproxy": proxies.haproxy,
    "client": applications.client,
    "django": applications.django,
    "flask": applications.flask,
    "fastapi": applications.fastapi,
    "otel-http": applications.otel_http,
    "otel-http-old": applications.otel_http_old,
    "celery": applications.celery,
    "nginx": by_time.nginx,
    "redis": by_time.redis,
    "postgres": by_time.postgres,
    "node": by_time.node,
    "blackbox": by_time.blackbox,
}
STARTS = {name: start for name, start in _ALL.items() if name in os.environ.get("SOURCES", " ".join(_ALL)).split()}
"""All, or those that SOURCES names: `make sources SOURCES="caddy celery"`."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sources after their load."""

    url: str
    """Prometheus."""
    at: int
    """The moment of the report: a whole minute, after the last scrape that matters."""
    first: float
    """When Prometheus was ready; the first scrapes are at most an interval away."""
    down: tuple[float, float, float, float]
    """When everything judged by time began to go down, was down, began to come back, and was back."""
    sources: dict[str, Source]
    sent: dict[str, Sent]
    """By service."""
    config: str
    """`sresnap.yaml`."""


@contextlib.contextmanager
def loaded(folder: Path) -> Iterator[Loaded]:
    """Start everything, put load on it, and take down once what is judged by time."""
    with contextlib.ExitStack() as stops:
        behind = stops.enter_context(backend())
        sources = _started(folder, behind, stops)
        scrapes = {"global": {"scrape_interval": f"{INTERVAL}s"}, "scrape_configs": _jobs(sources)}
        url = stops.enter_context(prometheus(folder / "tsdb", config=yaml.safe_dump(scrapes)))
        first = time.time()
        _wait_for_targets(url)
        # The first event of each kind makes its series. It is scraped before the load, so that its birth is seen.
        sent = _send(sources, lambda service: service.kinds)
        time.sleep(SCRAPED)
        outages = [source.outage for source in sources.values() if source.outage]
        down = [time.time()]
        for outage in outages:
            outage.down()
        down.append(time.time())
        load = _send(sources, lambda service: service.load)
        down.append(time.time())
        for outage in outages:
            outage.up()
        down.append(time.time())
        time.sleep(SCRAPED)
        at = ceil(int(time.time()) + 1, MINUTE)
        time.sleep(at + INTERVAL - time.time())
        counted = {name: load[name] + one for name, one in sent.items()}
        yield Loaded(url, at, first, (down[0], down[1], down[2], down[3]), sources, counted, _config(url, sources))


def _started(folder: Path, behind: Backend, stops: contextlib.ExitStack) -> dict[str, Source]:
    room = Room(folder, behind, stops)
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(STARTS, pool.map(lambda start: start(room), STARTS.values()), strict=True))


def _jobs(sources: dict[str, Source]) -> list[object]:
    return [job for source in sources.values() for job in source.jobs]


def _send(sources: dict[str, Source], kinds: object) -> dict[str, Sent]:
    services = [service for source in sources.values() for service in source.services]
    return {
        service.name: service.send(list(kinds(service)), service.threshold or 1)  # type: ignore[operator]
        for service in services
        if service.send
    }


def _wait_for_targets(url: str) -> None:
    give_up = time.monotonic() + 30
    while True:
        targets = httpx.get(f"{url}/api/v1/targets").json()["data"]["activeTargets"]
        if targets and all(target["health"] == "up" for target in targets):
            break
        bad = [(target["scrapePool"], target["lastError"]) for target in targets if target["health"] != "up"]
        assert time.monotonic() < give_up, bad
        time.sleep(0.2)
    time.sleep(2 * INTERVAL)


def _config(url: str, sources: dict[str, Source]) -> str:
    services = [_entry(service) for source in sources.values() for service in source.services]
    return yaml.safe_dump({"prometheus": {"url": url}, "services": services}, sort_keys=False)


def _entry(service: Service) -> dict[str, object]:
    slos: list[dict[str, object]] = [{"name": "availability", "objective": 99}]
    if service.threshold:
        slos.append({"name": "latency", "objective": 90, "latency_threshold": f"{service.threshold * 1000:.0f}ms"})
    return {**service.settings, "slos": slos}
