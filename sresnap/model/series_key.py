"""The names of series, in the history and in a snapshot's `signal`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_TEXT = re.compile(r"([^#@~]+)(?:#([^#@~]+))?(?:@([^#@~]+))?(?:~(\d+)-(\d+))?")


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """The name of a series. Its text is `role#scope@threshold~first-last`, without the parts that do not apply.

    `total`, `latency_good@0.3`, `bad#checkout.latency`, `slices_good#latency_good.5m.0.99@0.3`, `total~1800-3600`.
    """

    role: str
    """What the series is to an SLI (`total`, `good`, `bad`, …), or the key of a signal: `latency_p99`."""
    scope: str | None = None
    """Distinguishes series of the same role: the objective with a query of its own, or the slices that are counted."""
    threshold: str | None = None
    """Of a latency, in seconds, as Prometheus writes a bucket's bound."""
    part: tuple[int, int] | None = None
    """First and last second within each hour, for a series that counts only that part of the hour."""

    @classmethod
    def parse(cls, text: str) -> SeriesKey:
        """The key of a text.

        Raises:
            ValueError: the text is not the name of a series.
        """
        return _parse(text)

    def __str__(self) -> str:
        text = self.role
        if self.scope is not None:
            text += f"#{self.scope}"
        if self.threshold is not None:
            text += f"@{self.threshold}"
        if self.part is not None:
            text += "~{}-{}".format(*self.part)
        return text

    @property
    def whole(self) -> SeriesKey:
        """The series of whole hours that this one is a part of; itself when it is not a part."""
        return self if self.part is None else replace(self, part=None)

    def of_part(self, part: tuple[int, int] | None) -> SeriesKey:
        """The series of the same name for a part of each hour."""
        return replace(self, part=part)

    def in_slices(self, role: str, length: str, target: float) -> SeriesKey:
        """The series of slices, of a length such as `5m`, that are counted from this one's events."""
        names = (self.role, self.scope, length, repr(target))
        return SeriesKey(role, ".".join(name for name in names if name), self.threshold)

    @property
    def events_role(self) -> str:
        """The role of the events that a series of slices is counted from; of any other series its own."""
        return (self.scope or "").partition(".")[0] if self.role.startswith("slices_") else self.role


def is_of_bad(key: SeriesKey) -> bool:
    """Whether a series counts bad events, or the slices that are good because they have few of them."""
    return key.role == "bad" or (key.role == "slices_good" and key.events_role == "bad")


@lru_cache(maxsize=4096)
def _parse(text: str) -> SeriesKey:
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not the name of a series")
    role, scope, threshold, first, last = found.groups()
    return SeriesKey(role, scope, threshold, None if first is None else (int(first), int(last)))
