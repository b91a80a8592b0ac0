"""Who looks after a service, and where a reader finds more about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link with its text."""

    title: str
    url: str
    """http, https or mailto."""


@dataclass(frozen=True, slots=True)
class People:
    """Who looks after a service, as the configuration says."""

    owner: str | None = None
    team: str | None = None
    description: str | None = None
    """What the service is."""
    runbook: str | None = None
    """Address of what to do when it fails."""
    links: tuple[NamedLink, ...] = ()
    tags: tuple[str, ...] = ()
    """Free words, such as `web` or `tier=1`."""
