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
    """The tiers that are on, and the bound."""
    words = {
        "every": "every report",
        "hourly": "the last of each hour",
        "daily": "the last of each day",
        "weekly": "the last of each week",
        "monthly": "the last of each month",
    }
    rows = [(words[tier], fmt.duration(getattr(index.keep, tier))) for tier in words if getattr(index.keep, tier)]
    most = index.keep.max_bytes
    bound = ""
    if most is not None:
        size = fmt.number(most / 1e6)
        bound = (
            f" All together take at most {size} MB; beyond that, all retention but the monthly one are shortened alike."
        )
    legend = (
        "What no rule keeps is thinned out: its headline numbers stay in the archive, and its address goes on "
        f"answering. Pinned reports are kept whatever their age.{bound} Ages are reckoned from the newest reports; "
        f"days, weeks and months are those of {index.timezone}."
    )
    return Retention(tuple(rows), legend)
