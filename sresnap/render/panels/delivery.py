"""DORA's measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """DORA's measures, and why they have no numbers."""

    names: tuple[str, ...]
    absent: str


DELIVERY = Delivery(
    ("Deployment frequency", "Lead time for changes", "Change failure rate", "Time to restore"),
    "Not configured: this report asks for no deployments and no incidents, so it says nothing about them.",
)
"""Its numbers come with a later version; unmeasured is neither zero nor low."""
