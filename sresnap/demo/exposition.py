"""Describes the demo's metrics as families of series, with the names of either preset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sresnap.demo import model
from sresnap.demo.answers import le
from sresnap.demo.pattern import BOUNDS, CODES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.int64] | NDArray[np.float64]
    Ints = NDArray[np.int64]

Flavour = Literal["http", "traefik"]

_BOUND_TEXTS = (*map(le, BOUNDS), "+Inf")
_MIDDLES_MS = np.array((5, 18, 38, 75, 150, 250, 400, 750, 1750, 3750, 6000))
"""The assumed duration of a request in each bucket, for the histogram's sum."""
_MEMORY_BYTES = 16 * 1024**3
_DISK_BYTES = 320 * 1000**3


@dataclass(frozen=True, slots=True)
class Rows:
    """Series of a family that are computed together: one row of values each."""

    names: tuple[str, ...]
    """In the text format: `http_requests_total{service="api",code="200"}`."""
    values: Callable[[Ints], Values]
    """Times → values, shape (names, times)."""


@dataclass(frozen=True, slots=True)
class Family:
    """Series with one name and one help text."""

    name: str
    """Without the `_total` of a counter."""
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    rows: tuple[Rows, ...]


def families(fleet: tuple[model.DemoService, ...], flavour: Flavour = "http") -> tuple[Family, ...]:
    """Every family that a fleet exposes."""
    return _http(fleet) if flavour == "http" else _traefik(fleet)


def _http(fleet: tuple[model.DemoService, ...]) -> tuple[Family, ...]:
    def gauge(name: str, text: str, value: Callable[[model.DemoService, Ints], Values]) -> Family:
        return Family(name, "gauge", text, tuple(_one(name, {"service": s.name}, _bound(value, s)) for s in fleet))

    def host(name: str, text: str, value: Callable[[Ints], Values]) -> Family:
        return Family(name, "gauge", text, (_one(name, {}, value),))

    return (
        _requests("http_requests", fleet, lambda s: {"service": s.name}),
        _durations("http_request_duration_seconds", fleet, lambda s: {"service": s.name}),
        gauge("demo_saturation_percent", "How full the service is.", lambda s, t: s.saturation(t)),
        gauge("demo_container_cpu_percent", "CPU of the service's container.", lambda s, t: s.container_cpu(t)),
        gauge("demo_container_memory_percent", "Memory of the container.", lambda s, t: s.container_memory(t)),
        host("demo_vps_cpu_percent", "CPU of the host.", model.host_cpu),
        host("demo_vps_memory_percent", "Memory of the host.", model.host_memory),
        host("demo_vps_disk_percent", "Root disk of the host.", model.host_disk),
        # One job per service, as if each were scraped separately. The scrape job needs honor_labels.
        Family("up", "gauge", "Whether the service answers.", tuple(_one("up", {"job": s.name}, _ones) for s in fleet)),
    )


def _traefik(fleet: tuple[model.DemoService, ...]) -> tuple[Family, ...]:
    def labels(service: model.DemoService) -> dict[str, str]:
        return {"service": f"{service.name}@docker", "method": "GET", "protocol": "http"}

    def container(name: str, text: str, value: Callable[[model.DemoService, Ints], Values]) -> Family:
        return Family(name, "gauge", text, tuple(_one(name, {"name": s.name}, _bound(value, s)) for s in fleet))

    def up(service: model.DemoService) -> Rows:
        url = f"http://{service.name}:8000"
        return _one("traefik_service_server_up", {"service": f"{service.name}@docker", "url": url}, _ones)

    return (
        _requests("traefik_service_requests", fleet, labels),
        _durations("traefik_service_request_duration_seconds", fleet, labels),
        Family("traefik_service_server_up", "gauge", "Whether the server is up.", tuple(map(up, fleet))),
        container("dockerstats_cpu_usage_ratio", "CPU, percent.", lambda s, t: s.container_cpu(t)),
        container("dockerstats_memory_usage_ratio", "Memory, percent.", lambda s, t: s.container_memory(t)),
        *_node(),
    )


def _node() -> tuple[Family, ...]:
    """The host's metrics with node_exporter's names."""

    def size(name: str, total: int, labels: dict[str, str]) -> Family:
        return Family(name, "gauge", "Bytes.", (_one(name, labels, lambda t: np.full(len(t), total)),))

    def free(name: str, total: int, used: Callable[[Ints], Values], labels: dict[str, str]) -> Family:
        return Family(name, "gauge", "Bytes.", (_one(name, labels, lambda t: np.rint(total * (1 - used(t) / 100))),))

    cpu = (
        _one("node_cpu_seconds_total", {"cpu": "0", "mode": "idle"}, model.host_idle_seconds),
        _one("node_cpu_seconds_total", {"cpu": "0", "mode": "user"}, lambda t: t - model.host_idle_seconds(t)),
    )
    root = {"mountpoint": "/", "fstype": "ext4"}
    return (
        Family("node_cpu_seconds", "counter", "Seconds by mode.", cpu),
        size("node_memory_MemTotal_bytes", _MEMORY_BYTES, {}),
        free("node_memory_MemAvailable_bytes", _MEMORY_BYTES, model.host_memory, {}),
        size("node_filesystem_size_bytes", _DISK_BYTES, root),
        free("node_filesystem_avail_bytes", _DISK_BYTES, model.host_disk, root),
    )


def _requests(
    name: str, fleet: tuple[model.DemoService, ...], labels: Callable[[model.DemoService], dict[str, str]]
) -> Family:
    rows = tuple(
        Rows(tuple(_series(f"{name}_total", {**labels(s), "code": code}) for code in CODES), s.codes) for s in fleet
    )
    return Family(name, "counter", "Requests by code.", rows)


def _durations(
    name: str, fleet: tuple[model.DemoService, ...], labels: Callable[[model.DemoService], dict[str, str]]
) -> Family:
    def rows(service: model.DemoService) -> tuple[Rows, ...]:
        own = labels(service)
        buckets = tuple(_series(f"{name}_bucket", {**own, "le": bound}) for bound in _BOUND_TEXTS)
        return (
            Rows(buckets, service.buckets),
            _one(f"{name}_count", own, lambda t: service.buckets(t)[-1]),
            _one(f"{name}_sum", own, lambda t: _MIDDLES_MS @ np.diff(service.buckets(t), axis=0, prepend=0) / 1000),
        )

    return Family(name, "histogram", "Seconds until the answer.", tuple(row for s in fleet for row in rows(s)))


def _one(name: str, labels: dict[str, str], value: Callable[[Ints], Values]) -> Rows:
    return Rows((_series(name, labels),), lambda times: value(times)[None, :])


def _series(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inside}}}" if inside else name


def _bound(value: Callable[[model.DemoService, Ints], Values], service: model.DemoService) -> Callable[[Ints], Values]:
    return lambda times: value(service, times)


def _ones(times: Ints) -> Values:
    return np.ones(len(times), dtype=np.int64)
