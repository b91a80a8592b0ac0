"""The shape of a preset's file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sresnap.config.fields import Label, Latency, Text
from sresnap.config.shapes.base import Shape
from sresnap.config.shapes.parameters import ParameterShape, ParameterValues
from sresnap.config.shapes.services import SIGNAL_KEYS, FormValue, QueryValue


class PresetTestShape(Shape):
    """Series, and what the queries of a preset answer on them after two hours of samples a minute."""

    about: Text = Field(description="What the series are, in one sentence.")
    parameters: ParameterValues | None = None
    labels: dict[str, str] = Field(default_factory=dict, description="Of the service; `service` is `api` unless given.")
    threshold: Latency = Field(0.3, description="Fills {threshold}.", json_schema_extra={"default": "300ms"})
    series: Annotated[dict[str, Text], Field(min_length=1)] = Field(
        description="Samples by series, as promtool reads them: `0+54x120` grows by 54 a minute for two hours."
    )
    expect: Annotated[dict[str, float | None], Field(min_length=1)] = Field(
        description="By query: its answer over an hour, or over five minutes where it has {rate}; null for none. "
        "Latencies are in seconds.",
        json_schema_extra=SIGNAL_KEYS,
    )


class TrapShape(Shape):
    """Something about a source that leads to a wrong or a missing number, and the series that show it."""

    text: Text = Field(description="What it is and what to do, for `check --online`.")
    present: Text = Field(description="A selector. The trap is there only where it finds series.")
    absent: Text | None = Field(None, description="A selector. The trap is there only where it finds none.")
    several: Label | None = Field(
        None,
        description="A label. The trap is there only where the series of `present` have more than one value of it.",
    )
    parameter: Text | None = Field(
        None, description="The parameter that minds it. Nothing is said to those who set it."
    )
    queries: list[str] = Field(
        default_factory=list, description="The queries that it is about; all unless given.", examples=[["latency_good"]]
    )


class PresetShape(Shape):
    """A provider preset."""

    name: Text | None = None
    about: Text | None = Field(None, description="What it measures, in one sentence.")
    source: Text | None = Field(None, description="Where its metrics are described.")
    latency_unit: Literal["seconds", "milliseconds"] = "seconds"
    forms: dict[str, FormValue] | None = None
    queries: dict[str, QueryValue] | None = Field(None, json_schema_extra=SIGNAL_KEYS)
    traps: list[TrapShape] | None = Field(None, description="For `sresnap check --online`.")
    tests: list[PresetTestShape] | None = Field(None, description="For `sresnap presets test`.")


class WholePresetShape(PresetShape):
    """A preset's file as it is written, before its parameters are filled in."""

    parameters: dict[str, ParameterShape] | None = Field(
        None, description="What fits the preset to metrics of other names; its texts have them as {name}."
    )
