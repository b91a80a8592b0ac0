"""Shared settings of stored files' classes: how pydantic reads and writes them, and the types of their keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from sresnap.model.windows import DAY_FORM, REPORT_ID

STORED = ConfigDict(strict=True, allow_inf_nan=False, ser_json_inf_nan="constants")
"""The `__pydantic_config__` of a class that is a whole file or a line of one. It holds for its parts, too.

A number is finite, and nothing is converted: `"3"` is not 3. The writer spells out NaN, so that the codec can refuse
it: pydantic's default, null, would hide it.
"""

ReportId = Annotated[str, Field(pattern=f"^{REPORT_ID}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=f"^{DAY_FORM}$")]
"""A UTC day."""
Count = Annotated[int, Field(ge=0, lt=2**53)]
"""JSON numbers above it are not exact in a browser."""
Seconds = Annotated[int, Field(ge=0, le=200 * 366 * 86_400)]
"""A span of time within the years that times may be of."""
Text = Annotated[str, Field(max_length=100_000)]
