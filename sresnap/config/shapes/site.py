"""The shapes of delivery metrics, the archive and publishing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from sresnap.config.fields import CloseAfter, PrivateHost, SiteUrl, Size, Text, Tier
from sresnap.config.shapes.base import Shape, list_tag

Units = Annotated[
    list[Literal["week", "month", "quarter", "year"]], Field(max_length=4, json_schema_extra={"uniqueItems": True})
]


class DoraShape(Shape):
    """The delivery metrics' sources."""

    repo: Text | None = None
    workflow_file: Text = "deploy.yml"
    github_token_env: Text = "SRE_GITHUB_TOKEN"  # noqa: S105 - the variable's name
    window_days: int = Field(28, ge=1)
    correlation_window_min: int = Field(60, ge=0)


class KeepShape(Shape):
    """How long each tier keeps reports. null switches a tier off; a tier that is not named keeps its default."""

    every: Tier | None = Field(None, description="Every report. Default 24h.")
    hourly: Tier | None = Field(None, description="The last report of each hour. Default 7d.")
    daily: Tier | None = Field(None, description="The last report of each day in `timezone`. Default 90d.")
    weekly: Tier | None = Field(None, description="The last report of each week. Default 1y.")
    monthly: Tier | None = Field(None, description="The last report of each month. Default 5y.")


class ArchiveShape(Shape):
    """How much of the archive is kept."""

    keep: KeepShape | None = None
    max_bytes: Size | None = Field(
        None,
        description="Size of all kept reports, 5MB or more; null for no bound. Default 150MB. To stay within it, all "
        "tiers except the monthly one are cut short.",
    )


class PeriodsShape(Shape):
    """Which periods are closed, and when."""

    units: Units = Field(
        ["week", "month", "quarter", "year"], description="Of `timezone`; weeks begin on Monday. [] closes none."
    )
    close_after: CloseAfter = Field(
        21_600.0, description="How long after its end a period is closed.", json_schema_extra={"default": "6h"}
    )


PeriodsValue = Annotated[
    Annotated[Units, Tag("(list)")] | Annotated[PeriodsShape, Tag("(mapping)")], Discriminator(list_tag)
]


class ReviewShape(Shape):
    """The review in words."""

    off: list[Text] | None = Field(None, description="Rules that say nothing; docs/reviews.md lists them.")
    texts: Text | None = Field(
        None, description="A YAML file with texts in place of the English ones, as in presets/review.yaml."
    )


class PublishShape(Shape):
    """Where the site is published, and what it must not show."""

    target: Text | None = None
    hide: list[Literal["promql", "labels", "source", "people"]] | None = Field(
        None,
        description="Pages and snapshots leave these out: the queries, the values of labels in them, the source's "
        "address and version, who looks after services.",
    )
    private: bool = Field(
        False,
        description="The target is in a private network: private addresses and host names may go there. Tokens and "
        "credentials never may.",
    )
    allow: list[PrivateHost] | None = Field(
        None,
        description="Private addresses and hosts that may be public, with a port or for any port: 10.0.0.5:9100, "
        "node.internal. Never tokens.",
    )
    base_url: SiteUrl | None = Field(
        None, description="The site's address. The page for missing addresses needs it to find its style sheet."
    )
