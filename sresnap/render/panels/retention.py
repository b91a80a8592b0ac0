"""How long reports are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.archive import Index


@dataclass(frozen=True, slots=True)
class Retention:
    """How long reports are kept."""

    rows: tuple[tuple[str, str], ...]
    legend: str


def retention(index: Index) -> Retention:
    """The tiers in use, and the limit on size."""
    words = {
        "every": "every report",
        "hourly": "the last of each hour",
        "daily": "the last of each day",
        "weekly": "the last of each week",
        "monthly": "the last of each month",
    }
    rows = [(words[tier], fmt.duration(getattr(index.keep, tier))) for tier in words if getattr(index.keep, tier)]
    most = index.keep.max_bytes
    limit = ""
    if most is not None:
        size = fmt.number(most / 1e6)
        limit = (
            f" All reports together take at most {size} MB; beyond that, every rule but the monthly one is shortened."
        )
    legend = (
        "Older reports shrink to a summary; their links keep working. Pinned reports are always kept."
        f"{limit} Age counts from the newest report; days, weeks and months are in {index.timezone}."
    )
    return Retention(tuple(rows), legend)
