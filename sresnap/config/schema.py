"""The shape of sresnap.yaml and of a preset, for validation and for the published JSON Schema.

What one value has to do with another (a service's labels with the queries, a provider with its file) is not checked
here: a mistake of shape must not hide those.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic.config import JsonDict

from sresnap.config.fields import (
    Accent,
    ExpectedError,
    Label,
    Latency,
    Link,
    Moment,
    Patience,
    Percent,
    PrivateHost,
    Schedule,
    SiteUrl,
    Size,
    Slice,
    Span,
    Step,
    Text,
    Tier,
    Timezone,
    Weight,
    Windows,
)
from sresnap.model.signals import SIGNALS
from sresnap.model.status import Status


class _Shape(BaseModel):
    # An error's text must not repeat a secret that stands in the wrong place.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class SecretShape(_Shape):
    """Where a secret is read from."""

    env: Text | None = Field(None, description="Name of the environment variable that holds it.")
    file: Text | None = Field(None, description="File that holds it.")

    @model_validator(mode="after")
    def _one_place(self) -> SecretShape:
        if (self.env is None) == (self.file is None):
            raise ExpectedError("either env or file")
        return self


class BasicAuthShape(_Shape):
    """HTTP basic authentication."""

    username: Text
    password_env: Text | None = Field(None, description="Environment variable that holds the password.")
    password_file: Text | None = Field(None, description="File that holds the password.")

    @model_validator(mode="after")
    def _one_place(self) -> BasicAuthShape:
        if (self.password_env is None) == (self.password_file is None):
            raise ExpectedError("either password_env or password_file")
        return self


def _tag(value: Any) -> str:
    return "(mapping)" if isinstance(value, dict | BaseModel) else "(text)"


HeaderShape = Annotated[Annotated[Text, Tag("(text)")] | Annotated[SecretShape, Tag("(mapping)")], Discriminator(_tag)]


class PrometheusShape(_Shape):
    """How Prometheus is reached."""

    url: Text | None = Field(None, description="Base URL; PROMETHEUS_URL wins. Default http://localhost:9090.")
    bearer_token_env: Text | None = Field(None, description="Environment variable that holds the bearer token.")
    bearer_token_file: Text | None = Field(None, description="File that holds the bearer token.")
    basic_auth: BasicAuthShape | None = None
    headers: dict[str, HeaderShape] | None = Field(None, description="Sent with every request, e.g. X-Scope-OrgID.")
    ca_file: Text | None = Field(None, description="Certificates to trust, PEM.")
    cert_file: Text | None = Field(None, description="Client certificate, PEM.")
    key_file: Text | None = Field(None, description="The client certificate's key, PEM.")
    insecure_skip_verify: bool = Field(default=False, description="Do not check the server's certificate.")
    timeout: Patience = Field(30.0, description="For one request.", json_schema_extra={"default": "30s"})
    deadline: Patience = Field(300.0, description="For all querying of a build.", json_schema_extra={"default": "5m"})
    concurrency: int = Field(8, ge=1, le=64, description="Most requests at the same time.")
    dialect: Literal["promql", "metricsql"] = Field(
        "promql", description="metricsql switches the syntax check of queries off."
    )


class QueryShape(_Shape):
    """A query with options."""

    by: Label | None = Field(None, description="Label by which one query serves all services.")
    promql: Text | None = None
    form: Text | None = Field(None, description="A form of the preset, e.g. `counted`.")
    selector: Text | None = Field(None, description="What fills the form's {selector}.")
    siblings: Text | None = Field(
        None,
        description="What fills the form's {siblings}: series that a target exposes from its start, beside those of "
        "`selector` that it may expose later. `selector` itself when not given.",
    )

    @model_validator(mode="after")
    def _promql_or_form(self) -> QueryShape:
        formed = self.form is not None and self.selector is not None
        if (self.promql is not None) == formed or (self.form is None) != (self.selector is None):
            raise ExpectedError("either `promql`, or `form` and `selector`")
        if self.siblings is not None and not formed:
            raise ExpectedError("`siblings` with `form` and `selector`")
        return self


QueryValue = (
    Annotated[Annotated[Text, Tag("(text)")] | Annotated[QueryShape, Tag("(mapping)")], Discriminator(_tag)] | None
)


class SliceShape(_Shape):
    """A slice of time of a timeslices objective."""

    length: Slice = Field(300.0, description="Divides 5m.", json_schema_extra={"default": "5m"})
    target: Percent | None = Field(
        None, description="Percent of good events from which on a slice is good. Default: the objective."
    )


_OWN: JsonDict = {"propertyNames": {"enum": ["total", "good", "bad", "latency_good", "availability"]}}


class SloShape(_Shape):
    """One objective."""

    name: Text
    objective: Percent = Field(description="Percent of good events, slices or time.")
    window: Windows | None = Field(
        None, description="Nd, month, quarter, week, or a list of them. Default: the top-level window."
    )
    kind: Literal["occurrences", "timeslices", "time"] | None = Field(
        None, description="occurrences where there are events, else time (the query `availability`)."
    )
    slice: SliceShape | None = Field(None, description="Of kind timeslices.")
    latency_threshold: Latency | None = Field(
        None, description="A request under it is good; the boundary of a bucket. Needs `latency_good`."
    )
    queries: dict[str, QueryValue] | None = Field(
        None, description="Of this objective alone, over all others.", json_schema_extra=_OWN
    )


class ServiceShape(_Shape):
    """What is measured."""

    name: Text
    labels: dict[str, str] | None = Field(
        None, description="Fill the placeholders of the queries; `service` is the name unless given."
    )
    slo_target: Percent | None = Field(None, description="Percent: one availability objective. Or use `slos`.")
    slos: Annotated[list[SloShape], Field(min_length=1)] | None = Field(None, description="Any number of objectives.")
    weight: Weight = Field(1.0, description="In composites.")


class DoraShape(_Shape):
    """The delivery metrics' sources."""

    repo: Text | None = None
    workflow_file: Text = "deploy.yml"
    github_token_env: Text = "SRE_GITHUB_TOKEN"  # noqa: S105 - the variable's name
    window_days: int = Field(28, ge=1)
    correlation_window_min: int = Field(60, ge=0)


class KeepShape(_Shape):
    """How long reports are kept, in tiers; null switches one off, one that is not named keeps its default."""

    every: Tier | None = Field(None, description="Every report, for so long. Default 24h.")
    hourly: Tier | None = Field(None, description="The last one of each hour. Default 7d.")
    daily: Tier | None = Field(None, description="Of each day in `timezone`. Default 90d.")
    weekly: Tier | None = Field(None, description="Of each week. Default 1y.")
    monthly: Tier | None = Field(None, description="Of each month. Default 5y.")


class ArchiveShape(_Shape):
    """What of the archive is kept."""

    keep: KeepShape | None = None
    max_bytes: Size | None = Field(
        None,
        description="Of all kept reports, 5MB or more; null for no bound. Default 150MB. Beyond it all tiers but the "
        "monthly one are cut short.",
    )


class PublishShape(_Shape):
    """Where the site goes, and what of it is nobody else's business."""

    target: Text | None = None
    hide: list[Literal["promql", "labels", "source"]] | None = Field(
        None,
        description="What pages and snapshots leave out: the queries, the values of labels in them, the source's "
        "address and version.",
    )
    private: bool = Field(
        False,
        description="The target is in a network of one's own: private addresses and host names may be in what is sent, "
        "tokens and credentials never.",
    )
    allow: list[PrivateHost] | None = Field(
        None,
        description="Private addresses and hosts that may be public all the same, each as it stands, with its port or "
        "for any: 10.0.0.5:9100, node.internal. Never tokens.",
    )
    base_url: SiteUrl | None = Field(
        None, description="The site's address; the page for what is not there needs it to find its style sheet."
    )


class GroupShape(_Shape):
    """Services that are judged together."""

    name: Text
    services: Annotated[list[Text], Field(min_length=1)]
    weights: dict[str, Weight] | None = Field(None, description="By service, over its own weight.")
    method: Literal["budget", "pooled"] = "budget"


class CompositeShape(_Shape):
    """How the fleet's number is made."""

    method: Literal["budget", "pooled"] = Field(
        "budget", description="budget: weighted mean of the consumed budgets. pooled: all events together."
    )


class CorrectionShape(_Shape):
    """A stretch of time that is left out of SLIs; both numbers are shown."""

    reason: Text
    start: Moment
    end: Moment | None = Field(None, description="Or `duration`.")
    duration: Span | None = Field(None, description="Or `end`.")
    rrule: Text | None = Field(None, description="RFC 5545 recurrence, such as FREQ=WEEKLY;BYDAY=SU.")
    services: Annotated[list[Text], Field(min_length=1)] | None = Field(None, description="Default: all.")


class PolicyShape(_Shape):
    """What the team does at a status."""

    text: Text
    link: Link | None = None


PolicyValue = Annotated[Annotated[Text, Tag("(text)")] | Annotated[PolicyShape, Tag("(mapping)")], Discriminator(_tag)]
_STATUSES: JsonDict = {"propertyNames": {"enum": [*sorted(Status)]}}


_KEYS: JsonDict = {"propertyNames": {"enum": [*sorted(SIGNALS)]}}


class FileShape(_Shape):
    """sresnap.yaml."""

    title: Text | None = Field(None, description="SRE_TITLE wins.")
    timezone: Timezone | None = Field(None, description="IANA name; SRE_TIMEZONE wins. Default UTC.")
    prometheus: PrometheusShape | None = None
    provider: Text = Field(
        "http", description="A preset (http, traefik, recorded), `custom` for none, or a path to a .yaml file."
    )
    latency_unit: Literal["seconds", "milliseconds"] | None = Field(
        None, description="What `latency_p99` answers in, if not what the preset says."
    )
    default_service: Text | None = Field(None, description="Shown in full on the fleet page. Default: the first one.")
    window: Windows | None = Field(
        None,
        description="The SLO window: Nd, month, quarter, week, or a list. SRE_WINDOW wins. Default 28d. The first "
        "rolling one is also that of the charts.",
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
        None, description="Over the preset, per key; null switches one off.", json_schema_extra=_KEYS
    )
    composite: CompositeShape | None = None
    groups: list[GroupShape] | None = Field(None, description="Services that are judged together.")
    corrections: list[CorrectionShape] | None = Field(None, description="Maintenance that is left out of SLIs.")
    policy: dict[str, PolicyValue] | None = Field(
        None, description="By status, over the workbook's.", json_schema_extra=_STATUSES
    )
    dora: DoraShape | None = None
    archive: ArchiveShape | None = None
    publish: PublishShape | None = None


class PresetShape(_Shape):
    """A provider preset."""

    name: Text | None = None
    latency_unit: Literal["seconds", "milliseconds"] = "seconds"
    forms: dict[str, Text] | None = None
    queries: dict[str, QueryValue] | None = Field(None, json_schema_extra=_KEYS)
