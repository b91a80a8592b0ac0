"""The shape of sresnap.yaml.

How one value relates to another (a service's labels to the queries, a provider to its file) is checked elsewhere,
so that a mistake of shape does not hide those.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from sresnap.config.fields import Accent, Folders, Name, Schedule, Step, Text, Timezone, Windows
from sresnap.config.shapes.base import Shape
from sresnap.config.shapes.fleet import CompositeShape, CorrectionShape, GroupShape, PolicyValue
from sresnap.config.shapes.parameters import ParameterValues
from sresnap.config.shapes.prometheus import NamedSourceShape, PrometheusShape
from sresnap.config.shapes.services import SIGNAL_KEYS, QueryValue, ServiceShape
from sresnap.config.shapes.site import ArchiveShape, DoraShape, PeriodsValue, PublishShape, ReviewShape
from sresnap.model.query import DEFAULT_SOURCE
from sresnap.model.status import Status

SOURCE_NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,39}$"
_SOURCE_NAMES: JsonDict = {"propertyNames": {"pattern": SOURCE_NAME, "not": {"const": DEFAULT_SOURCE}}}
_STATUSES: JsonDict = {"propertyNames": {"enum": [*sorted(Status)]}}


class FileShape(Shape):
    """sresnap.yaml."""

    title: Name | None = Field(None, description="SRE_TITLE wins.")
    timezone: Timezone | None = Field(None, description="IANA name; SRE_TIMEZONE wins. Default UTC.")
    prometheus: PrometheusShape | None = None
    sources: dict[str, NamedSourceShape] | None = Field(
        None,
        description="Further Prometheus servers by name. Services choose one with `source`.",
        json_schema_extra=_SOURCE_NAMES,
    )
    source: Text | None = Field(
        None, description="Of services that name none. Default: `prometheus`, the section of that name."
    )
    provider: Text = Field(
        "http", description="A preset of `sresnap presets list`, `custom` for none, or a path to a .yaml file."
    )
    preset_path: Folders | None = Field(
        None,
        description="A folder with presets of your own, NAME.yaml, or a list. Their names win over shipped ones.",
    )
    parameters: ParameterValues | None = None
    latency_unit: Literal["seconds", "milliseconds"] | None = Field(
        None, description="Unit of `latency_p99` where its query has no `unit`. Default: the preset's."
    )
    default_service: Text | None = Field(None, description="Shown in full on the fleet page. Default: the first one.")
    window: Windows | None = Field(
        None,
        description="The SLO window: Nd, month, quarter, week, or a list. SRE_WINDOW wins. Default 28d. Charts use the "
        "first rolling window.",
    )
    step: Step | None = Field(None, description="Step of the 6h charts; SRE_STEP wins. Default 5m.")
    schedule: Schedule = Field(
        300.0,
        description="How often the job runs; pages call a report late after 1.5 times this, stale after 3 times.",
        json_schema_extra={"default": "5m"},
    )
    accent: Accent | None = Field(None, description="Colour of the pages; SRE_ACCENT wins.")
    favicon: Text | None = Field(None, description="Icon: a file or an http(s) URL; SRE_FAVICON wins.")
    theme: Text | None = Field(None, description="A folder with templates and a theme.css; see docs/theming.md.")
    services: list[ServiceShape] = Field(default_factory=list, min_length=1)
    queries: dict[str, QueryValue] | None = Field(
        None,
        description="They win over the preset's, key by key; null switches a query off.",
        json_schema_extra=SIGNAL_KEYS,
    )
    composite: CompositeShape | None = None
    groups: list[GroupShape] | None = Field(None, description="Services with a common budget.")
    corrections: list[CorrectionShape] | None = Field(None, description="Maintenance that SLIs leave out.")
    policy: dict[str, PolicyValue] | None = Field(
        None, description="The team's action by status. Default: the SRE workbook's.", json_schema_extra=_STATUSES
    )
    dora: DoraShape | None = None
    archive: ArchiveShape | None = None
    periods: PeriodsValue | None = Field(
        None,
        description="Weeks, months, quarters and years that are closed once they are over. Default: all four, 6h after "
        "their end; [] closes none.",
    )
    review: ReviewShape | None = Field(
        None, description="What closed periods say in words: rules that are switched off, and a translation."
    )
    publish: PublishShape | None = None
