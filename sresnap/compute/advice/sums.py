"""Sums of any run of hours, at once and without rounding.

A difference of two cumulative sums in floats is off in its last digits, and a window that spends exactly its budget
would be met or missed by chance. So hours are added up as whole numbers: the count itself, and its fraction in units of
2⁻⁴⁰, which is exact to 5 × 10⁻¹³ events an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sresnap.model.hours import Floats, HourlyCounts

Ints: TypeAlias = NDArray[np.int64]

_FRACTION = 2.0**40
_MOST = 2.0**62
"""Cumulative sums up to here fit into whole numbers; larger ones, such as bytes of a large fleet, stay floats."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The cumulative sums of values; unknown ones add nothing."""

    whole: Ints | Floats
    fraction: Ints

    @classmethod
    def of(cls, values: Floats) -> Sums:
        """The sums of one value an hour, NaN where it is unknown."""
        known = np.nan_to_num(values)
        if not np.abs(known).sum() < _MOST:
            return cls(np.concatenate([[0.0], np.cumsum(known)]), np.zeros(len(known) + 1, np.int64))
        whole = np.floor(known)
        parts = np.rint((known - whole) * _FRACTION).astype(np.int64)
        return cls(up_to(whole.astype(np.int64)), up_to(parts))

    def between(self, starts: Ints, ends: Ints) -> Floats:
        """The sums from each start to its end, not included.

        >>> Sums.of(np.array([1.0, 0.5, np.nan, 2.25])).between(np.array([0, 1]), np.array([2, 4])).tolist()
        [1.5, 2.75]
        """
        whole = (self.whole[ends] - self.whole[starts]).astype(np.float64)
        found: Floats = whole + (self.fraction[ends] - self.fraction[starts]) / _FRACTION
        return found


def up_to(values: Ints) -> Ints:
    """The sums of no value, of the first one, of the first two and so on."""
    found: Ints = np.concatenate([[0], np.cumsum(values)])
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of many runs of hours."""

    good: Floats
    total: Floats
    known: Ints
    """How many of the hours are known."""
    bad: Floats
    bad_ratio: Floats
    """Bad events of all; 0 without traffic."""

    @classmethod
    def of(cls, good: Floats, total: Floats, known: Ints) -> Counts:
        """The counts, with what follows from them worked out once."""
        bad = total - good
        with np.errstate(invalid="ignore", divide="ignore"):
            return cls(good, total, known, bad, np.where(total > 0, bad / total, 0.0))


@dataclass(frozen=True, slots=True)
class CountSums:
    """The sums of an SLO's hours."""

    good: Sums
    total: Sums
    known: Ints

    @classmethod
    def of(cls, hours: HourlyCounts) -> CountSums:
        """The sums of hours, NaN where they are not known."""
        return cls(Sums.of(hours.good), Sums.of(hours.total), up_to(hours.known.astype(np.int64)))

    def between(self, starts: Ints, ends: Ints) -> Counts:
        """The counts from each start to its end, not included."""
        return Counts.of(
            self.good.between(starts, ends), self.total.between(starts, ends), self.known[ends] - self.known[starts]
        )
