"""Shared settings of stored files' classes: how pydantic reads and writes them, and the types of their keys."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field

from sresnap.model.windows import DAY_FORM, REPORT_ID

_SHOWN = 60
STORED = ConfigDict(strict=True, allow_inf_nan=False, ser_json_inf_nan="constants", str_max_length=1_000_000)
"""The `__pydantic_config__` of a class that is a whole file or a line of one. It holds for its parts, too.

A number is finite, a text is bounded, and nothing is converted: `"3"` is not 3. The writer spells out NaN, so that the
codec can refuse it: pydantic's default, null, would hide it.
"""

ReportId = Annotated[str, Field(pattern=f"^{REPORT_ID}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=f"^{DAY_FORM}$")]
"""A UTC day."""
Count = Annotated[int, Field(ge=0, lt=2**53)]
"""JSON numbers above it are not exact in a browser."""
Seconds = Annotated[int, Field(ge=0, le=200 * 366 * 86_400)]
"""A span of time within the years that times may be of."""
Span = Annotated[int, Field(ge=1, le=200 * 366 * 86_400)]
"""The same, of something that repeats."""
Real = Annotated[float, Field(ge=-1e100, le=1e100)]
"""A number whose sums and products stay numbers, also times a year's hours."""
Text = Annotated[str, Field(max_length=100_000)]
WindowName = Annotated[str, Field(pattern=r"^(([0-9]{1,9}(ms|[smhdwy])){1,7}|week|month|quarter)$")]
"""A duration such as `28d`, or a calendar's unit."""

_LONGEST_ZONE = 100
"""Letters. Names have up to three parts of up to 14: https://data.iana.org/time-zones/theory.html#naming"""


@lru_cache(maxsize=64)
def known_zone(name: str) -> str:
    """A name that this system knows: `Europe` is a folder of names, and names can be of any length and depth.

    Raises:
        ValueError: it does not.
    """
    if len(name) > _LONGEST_ZONE:  # Python imports the package tzdata.zoneinfo.a.b.c for a/b/c: too deep a name ends it
        raise ValueError(f"this system does not know {name[:_SHOWN]!r}")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"this system does not know {name[:_SHOWN]!r}") from error
    return name


TimeZone = Annotated[str, AfterValidator(known_zone)]
"""An IANA name."""
