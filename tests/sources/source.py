"""What a source is: scrape jobs, services of `sresnap.yaml`, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.sources.load import KINDS, LOAD, Sent, send

Job = Mapping[str, object]
"""A scrape config of Prometheus."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a source, and how load is put on it."""

    settings: Mapping[str, object]
    """Its part of `sresnap.yaml`, without objectives."""
    threshold: float | None = 0.25
    """Seconds; None where latency cannot be judged."""
    send: Callable[[list[str], float], Sent] | None = None
    """Sends requests of these kinds; None where nothing is sent."""
    kinds: tuple[str, ...] = KINDS
    load: tuple[str, ...] = tuple(LOAD)
    failed_are_good: bool = True
    """Whether the histogram holds failed events, too."""

    @property
    def name(self) -> str:
        """Its name in the report."""
        return str(self.settings["name"])


@dataclass(frozen=True, slots=True)
class Source:
    """A source that runs."""

    jobs: tuple[Job, ...]
    services: tuple[Service, ...]
    outage: Outage | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A service that is judged by time, and how it goes down and comes back."""

    down: Callable[[], None]
    up: Callable[[], None]
    signals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Golden signals and capacity that must be there, with the least and the most that they may be."""


def job(name: str, port: int, **more: object) -> Job:
    """A scrape job of one target on this machine."""
    return {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}], **more}


def http(settings: Mapping[str, object], port: int, threshold: float | None = 0.25) -> Service:
    """A service that gets the whole load over HTTP."""
    return Service(settings, threshold, sends_to(port))


def sends_to(port: int) -> Callable[[list[str], float], Sent]:
    """Sends requests to a port."""
    return lambda paths, threshold: send(f"127.0.0.1:{port}", paths, threshold)
