"""The shapes of queries, objectives and services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic.config import JsonDict

from sresnap.config.expected import ExpectedError
from sresnap.config.fields import Labels, Latency, Name, Percent, Selectors, Slice, Text, Weight, Windows
from sresnap.config.shapes.base import Shape, tag
from sresnap.config.shapes.parameters import ParameterValues
from sresnap.config.shapes.people import PeopleShape, Tags
from sresnap.model.signals import SIGNALS, SLI_KEYS


class QueryShape(Shape):
    """A query with options."""

    by: Labels = Field((), description="Label by which one query serves all services, or a list of labels.")
    promql: Text | None = None
    form: Text | None = Field(None, description="A form of the preset, e.g. `counted`.")
    selector: Selectors | None = Field(
        None, description="Fills the form's {selector}. Of a list, each metric is counted on its own and added up."
    )
    period: Slice | None = Field(
        None, description="Fills {period} and {period_seconds} of the form `summed`: what each sample sums up."
    )
    unit: Literal["seconds", "milliseconds"] | None = Field(
        None, description="Of `latency_good` and `latency_p99`: the unit that the source has latencies in."
    )
    siblings: Selectors | None = Field(
        None,
        description="Series that a target exposes from its start, beside the series of `selector`. They "
        "show when the target restarted. Default: `selector`.",
    )

    @model_validator(mode="after")
    def _promql_or_form(self) -> QueryShape:
        formed = self.form is not None and self.selector is not None
        if (self.promql is not None) == formed or (self.form is None) != (self.selector is None):
            raise ExpectedError("either `promql`, or `form` and `selector`")
        if self.siblings is not None and not formed:
            raise ExpectedError("`siblings` with `form` and `selector`")
        if self.period is not None and not formed:
            raise ExpectedError("`period` with `form` and `selector`")
        return self


QueryValue = (
    Annotated[Annotated[Text, Tag("(text)")] | Annotated[QueryShape, Tag("(mapping)")], Discriminator(tag)] | None
)


class FormShape(Shape):
    """A form of queries: PromQL with {selector}, {by} and {replicas}."""

    promql: Text
    rules: Text | None = Field(
        None, description="The form for recording rules and slices, where no raw samples can be read."
    )
    once: Text | None = Field(
        None, description="The form where series that differ only in {replicas} are copies of one counter."
    )
    least: Text | None = Field(None, description="A lower bound, for builds that may read no more samples.")
    most: Text | None = Field(None, description="An upper bound, for the same builds.")
    adds_up: bool = Field(
        True, description="Whether the values of several selectors may be added up; a percentage may not."
    )


FormValue = Annotated[Annotated[Text, Tag("(text)")] | Annotated[FormShape, Tag("(mapping)")], Discriminator(tag)]


class SliceShape(Shape):
    """The time slice of a timeslices objective."""

    length: Slice = Field(300.0, description="Divides 5m.", json_schema_extra={"default": "5m"})
    target: Percent | None = Field(
        None, description="A slice with this percentage of good events is good. Default: the objective."
    )


SIGNAL_KEYS: JsonDict = {"propertyNames": {"enum": [*sorted(SIGNALS)]}}
_OWN: JsonDict = {"propertyNames": {"enum": [*SLI_KEYS]}}


class SloShape(Shape):
    """One objective."""

    name: Name
    objective: Percent = Field(description="Percent of good events, slices or time.")
    window: Windows | None = Field(
        None, description="Nd, month, quarter, week, or a list of them. Default: the top-level window."
    )
    kind: Literal["occurrences", "timeslices", "time"] | None = Field(
        None, description="Default: occurrences where there are events, otherwise time (the query `availability`)."
    )
    slice: SliceShape | None = Field(None, description="For kind timeslices.")
    latency_threshold: Latency | None = Field(
        None,
        description="A faster request is good. The threshold must be a bucket's boundary, and needs `latency_good`.",
    )
    queries: dict[str, QueryValue] | None = Field(
        None, description="For this objective only; they win over all others.", json_schema_extra=_OWN
    )


class SourceShape(Shape):
    """Where the numbers of some services come from, over what the file says."""

    source: Text | None = Field(
        None, description="The Prometheus to ask: a name under `sources`, or `prometheus` for that section."
    )
    provider: Text | None = Field(
        None,
        description="As at the top of the file, whose `parameters` and `queries` then do not apply.",
    )
    parameters: ParameterValues | None = None
    queries: dict[str, QueryValue] | None = Field(
        None, description="Over the file's and the preset's; null switches a query off.", json_schema_extra=SIGNAL_KEYS
    )


class ServiceShape(SourceShape, PeopleShape):
    """A service to measure."""

    name: Name
    labels: dict[str, str] | None = Field(
        None, description="Fill the placeholders of the queries; `service` is the name unless given."
    )
    slo_target: Percent | None = Field(None, description="Percent: one availability objective. Or use `slos`.")
    slos: Annotated[list[SloShape], Field(min_length=1)] | None = Field(None, description="Any number of objectives.")
    weight: Weight = Field(1.0, description="In composites.")
    tags: Tags | None = Field(None, description="Free words, such as `web` or `tier=1`; groups may be made by them.")
