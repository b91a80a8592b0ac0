"""The shapes of delivery metrics, the archive and publishing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sresnap.config.fields import PrivateHost, SiteUrl, Size, Text, Tier
from sresnap.config.shapes.base import Shape


class DoraShape(Shape):
    """The delivery metrics' sources."""

    repo: Text | None = None
    workflow_file: Text = "deploy.yml"
    github_token_env: Text = "SRE_GITHUB_TOKEN"  # noqa: S105 - the variable's name
    window_days: int = Field(28, ge=1)
    correlation_window_min: int = Field(60, ge=0)


class KeepShape(Shape):
    """How long reports are kept, in tiers; null switches one off, one that is not named keeps its default."""

    every: Tier | None = Field(None, description="Every report, for so long. Default 24h.")
    hourly: Tier | None = Field(None, description="The last one of each hour. Default 7d.")
    daily: Tier | None = Field(None, description="Of each day in `timezone`. Default 90d.")
    weekly: Tier | None = Field(None, description="Of each week. Default 1y.")
    monthly: Tier | None = Field(None, description="Of each month. Default 5y.")


class ArchiveShape(Shape):
    """What of the archive is kept."""

    keep: KeepShape | None = None
    max_bytes: Size | None = Field(
        None,
        description="Of all kept reports, 5MB or more; null for no bound. Default 150MB. Beyond it all tiers but the "
        "monthly one are cut short.",
    )


class PublishShape(Shape):
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
