"""How long reports are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.archive import Index
from sresnap.model.windows import DAY


@dataclass(frozen=True, slots=True)
class Retention:
    """How long reports are kept."""

    rows: tuple[tuple[str, str], ...]
    legend: str


_YEAR = 365 * DAY
_TIERS = {
    "every": "Every report",
    "hourly": "The last of each hour",
    "daily": "The last of each day",
    "weekly": "The last of each week",
    "monthly": "The last of each month",
}


def retention(index: Index) -> Retention:
    """The tiers in use, and the limit on size."""
    rows = [(words, _age(getattr(index.keep, tier))) for tier, words in _TIERS.items() if getattr(index.keep, tier)]
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


def _age(seconds: int) -> str:
    """`5 years`; `90 d`."""
    years, rest = divmod(seconds, _YEAR)
    return fmt.count(years, "year") if years and not rest else fmt.duration(seconds)
